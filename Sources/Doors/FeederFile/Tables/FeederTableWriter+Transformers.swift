import Grid
import LinearAlgebra

// Transformers and regulators, as rows.
extension FeederTableWriter {
    mutating func write(transformer index: Int) {
        let transformer = feeder.transformers[index]
        let element = "transformer \(transformer.name)"
        guard transformer.windings.count == 2 else {
            return refuse(element, "has \(transformer.windings.count) windings, those of the tables two")
        }
        guard transformer.isClosed else {
            return refuse(element, "is open, which those of the tables cannot be")
        }
        guard transformer.ironLoss == 0, transformer.magnetizing == 0 else {
            return refuse(element, "has iron loss or magnetisation, which the tables do not have")
        }
        let controls = feeder.tapControls.filter { $0.transformer == index }
        if controls.isEmpty {
            writeBank(transformer, element)
        } else {
            writeRegulator(transformer, controls, "regulator \(transformer.name)")
        }
    }

    private mutating func writeBank(_ transformer: Feeder.Transformer, _ element: String) {
        let (first, second) = (transformer.windings[0], transformer.windings[1])
        guard let group = Self.group(first.pairs, second.pairs) else {
            return refuse(element, "is none of YNyn0, Dyn1, Dyn11, Dd0, Yd1 and Yd11 between three phases")
        }
        for winding in [first, second] {
            let bus = feeder.buses[winding.bus]
            let isDelta = Self.parts(winding.pairs)?.isDelta ?? false
            let nominal = isDelta ? bus.nominalVoltage.value : bus.nominalPhaseVoltage
            guard abs(winding.voltage.value * winding.tap / nominal - 1) < 1e-6 else {
                return refuse(
                    element,
                    "its voltage at bus \(bus.name) is not the nominal one, and the tables know no other ratio"
                )
            }
        }
        add(
            [
                branch(transformer.name), name(first.bus), name(second.bus), group,
                "\(feeder.buses[second.bus].nominalVoltage.value / 1000)",
                "\(transformer.rating.value / 1000)",
                "\((first.resistance + second.resistance) * 100)", "\(transformer.reactances[0] * 100)",
            ], to: "transformer")
    }

    /// The vector group of two windings; nil where they are in none of those of the tables.
    private static func group(_ first: [Feeder.Pair], _ second: [Feeder.Pair]) -> String? {
        // An open star point is a conductor of its own.
        let isOpenStar =
            first.count == 3 && first.map(\.plus) == [1, 2, 3] && Set(first.map(\.minus)).count == 1
            && first[0].minus > 3
        switch (first, second) {
        case (Feeder.Pair.wye, Feeder.Pair.wye): return "YNyn0"
        case (Feeder.Pair.deltaBackwards, Feeder.Pair.wye): return "Dyn1"
        case (Feeder.Pair.delta, Feeder.Pair.wye): return "Dyn11"
        case (Feeder.Pair.delta, Feeder.Pair.delta): return "Dd0"
        case (_, Feeder.Pair.delta) where isOpenStar: return "Yd1"
        case (_, Feeder.Pair.deltaBackwards) where isOpenStar: return "Yd11"
        default: return nil
        }
    }

    /// A regulator has no impedance: that of the transformer is a line before it.
    private mutating func writeRegulator(
        _ transformer: Feeder.Transformer, _ controls: [Feeder.TapControl], _ element: String
    ) {
        let (first, second) = (transformer.windings[0], transformer.windings[1])
        let conductors = second.pairs.map(\.plus)
        let isStar = first.pairs == second.pairs && Self.parts(second.pairs).map { !$0.isDelta } ?? false
        guard isStar, let phases = Self.phases(conductors) else {
            return refuse(element, "is not connected between phases and earth on both sides")
        }
        guard abs(first.voltage / second.voltage - 1) < 1e-9, first.tap == 1,
            abs(second.tapStep - 0.00625) < 1e-12, second.tapSteps == 32
        else { return refuse(element, "does not have 32 steps of 5/8 % on its second winding") }
        guard controls.count == 1, let control = controls.first, control.winding == 1, control.measured == 1,
            control.reverse == nil, control.limit == nil, control.voltage.bus == second.bus,
            control.voltage.pairs.count == 1, let part = Self.parts(control.voltage.pairs)?.parts.first
        else {
            return refuse(
                element, "its control has a reverse mode, a limit, or measures elsewhere than one phase of it"
            )
        }
        var from = name(first.bus)
        let resistance = first.resistance + second.resistance
        if resistance != 0 || transformer.reactances[0] != 0 {
            let inner = inner("\(transformer.name)-inner")
            let phaseRating = transformer.rating.value / Double(conductors.count)
            let base = second.voltage.value * second.voltage.value / phaseRating
            let own = Complex(resistance * base, transformer.reactances[0] * base)
            let impedance = ConductorMatrix(order: conductors.count) { $0 == $1 ? own : .zero }
            line(
                branch("\(transformer.name)-impedance"), from, inner, conductors, impedance,
                .zero(conductors.count), isClosed: true)
            from = inner
        }
        let tap = Int(((second.tap - 1) / second.tapStep).rounded())
        if control.mostSteps != 1 || control.tapDelay != 0 {
            warn("\(element) moves one position at a time, and the delay of later moves is left out")
        }
        add(
            [
                branch(transformer.name), from, name(second.bus), phases, ["a", "b", "c"][part],
                "\(control.setting.level)", "\(control.setting.bandwidth)", "\(control.potentialRatio)",
                "\(control.currentRating)", "\(control.setting.resistance)", "\(control.setting.reactance)",
                "\(tap)", "\(control.delay)",
            ], to: "regulator")
    }
}
