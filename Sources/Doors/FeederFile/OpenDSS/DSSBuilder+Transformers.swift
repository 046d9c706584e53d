import Grid
import LinearAlgebra
import TextFile

/// A transformer of the feeder, as its controls need to know it.
struct DSSTransformer {
    /// Index in the feeder.
    let index: Int
    /// Number of phases.
    let phases: Int
}

extension DSSBuilder {
    /// A transformer, with the impedances of its neutrals.
    mutating func addTransformer(_ object: DSSObject) {
        var fields = DSSFields(object, files: script.files)
        defer { mistakes += fields.mistakes }
        var draft = DSSTransformerDraft()
        for field in fields.all where !draft.read(field, &fields) && field.key == "xfmrcode" {
            guard let code = script.circuit.object("xfmrcode", field.word.value) else {
                fields.refuse(unknown("XfmrCode", field.word.value), field)
                continue
            }
            var inner = DSSFields(code, files: script.files)
            for field in inner.all { _ = draft.read(field, &inner) }
            codeMistakes.formUnion(inner.mistakes)
        }
        if !object.switchings.isEmpty { fields.refuse("an open transformer is not read; disable it") }
        var windings: [Feeder.Transformer.Winding] = []
        for (number, winding) in draft.windings.enumerated() {
            guard let made = self.winding(winding, number, draft, &fields) else { continue }
            windings.append(made)
        }
        guard windings.count == draft.windings.count else { return }
        transformers[object.name.lowercased()] = DSSTransformer(
            index: feeder.transformers.count, phases: draft.phases)
        feeder.transformers.append(
            Feeder.Transformer(
                name: object.name, windings: windings,
                rating: ApparentPower(draft.windings[0].power * 1000),
                reactances: draft.reactances.map { $0 / 100 }, ironLoss: draft.noLoadLoss / 100,
                magnetizing: draft.magnetizing / 100, tie: draft.tie * 1e-6,
                limit: draft.limit.map { ApparentPower($0 * 1000) }))
    }

    private mutating func winding(
        _ winding: DSSWinding, _ number: Int, _ draft: DSSTransformerDraft, _ fields: inout DSSFields
    ) -> Feeder.Transformer.Winding? {
        let phases = draft.phases
        guard let field = winding.bus, let text = winding.busText else {
            if fields.mistakes.isEmpty { fields.refuse("the bus of winding \(number + 1) is missing") }
            return nil
        }
        guard winding.lowest < winding.highest else {
            fields.refuse("of winding \(number + 1), MinTap is not below MaxTap")
            return nil
        }
        // Every winding has one conductor more than phases: the neutral of a wye, unused in a delta of three
        // phases, the third corner of an open delta.
        guard let terminal = fields.terminal(text, field, phases: phases, conductors: phases + 1) else {
            return nil
        }
        let bus = self.bus(terminal.bus)
        let nodes = terminal.nodes
        let pairs = (0..<phases).map { phase in
            let other = winding.isDelta && phases > 1 ? next(phase, draft) : phases
            return Feeder.Pair(nodes[phase], nodes[other])
        }
        let isStar = !winding.isDelta && phases > 1
        let volts = winding.kilovolts * 1000 * (isStar && phases <= 3 ? 1 / 3.0.squareRoot() : 1)
        let isPhaseToEarth = phases == 1 && !(nodes[0] > 0 && nodes[1] > 0)
        stated[bus] = stated[bus] ?? winding.kilovolts * 1000 * (isPhaseToEarth ? 3.0.squareRoot() : 1)
        if !winding.isDelta, nodes[phases] > 0, winding.neutralResistance >= 0 {
            let impedance = Complex(winding.neutralResistance, winding.neutralReactance)
            // An impedance of zero is OpenDSS's millionth of an ohm.
            let admittance = Complex(1, 0) / (impedance == .zero ? Complex(1e-6, 0) : impedance)
            feeder.shunts.append(
                Feeder.Shunt(
                    name: "\(fields.object.name) neutral \(number + 1)", bus: bus,
                    pairs: [Feeder.Pair(nodes[phases])], admittance: [admittance]))
        }
        return Feeder.Transformer.Winding(
            bus: bus, pairs: pairs, voltage: Voltage(volts), resistance: winding.resistance / 100,
            tap: winding.tap, tapRange: winding.lowest...winding.highest, tapSteps: winding.steps)
    }

    /// The conductor to which a delta winding's phase reaches: the next where both sides are alike; otherwise
    /// the direction says which side leads.
    private func next(_ phase: Int, _ draft: DSSTransformerDraft) -> Int {
        let (one, two) = (draft.windings[0], draft.windings[1])
        var isForward = true
        if one.isDelta != two.isDelta {
            let high = one.kilovolts >= two.kilovolts ? one : two
            isForward = high.isDelta == draft.isLeading
        }
        let phases = draft.phases
        guard phases > 2 else { return isForward ? phase + 1 : (phase == 0 ? 2 : phase - 1) }
        return isForward ? (phase + 1) % phases : (phase + phases - 1) % phases
    }
}
