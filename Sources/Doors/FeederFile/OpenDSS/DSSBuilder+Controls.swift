import Foundation
import Grid
import TextFile

extension DSSBuilder {
    /// A control that moves the tap of a transformer.
    mutating func addRegControl(_ object: DSSObject) {
        var fields = DSSFields(object, files: script.files)
        defer { mistakes += fields.mistakes }
        var draft = DSSRegControl()
        for field in fields.all { draft.read(field, &fields) }
        guard let name = draft.transformer else { return fields.refuse("Transformer is missing") }
        guard let known = transformers[name.word.value.lowercased()] else {
            // A control of a transformer that takes no part has nothing to do.
            if script.circuit.object("transformer", name.word.value) == nil {
                fields.refuse(unknown("Transformer", name.word.value), name)
            }
            return
        }
        let transformer = feeder.transformers[known.index]
        let winding = draft.winding - 1
        let moved = (draft.tapWinding ?? draft.winding) - 1
        guard transformer.windings.indices.contains(winding), transformer.windings.indices.contains(moved)
        else {
            return fields.refuse("\(transformer.name) has windings 1 to \(transformer.windings.count)")
        }
        if let tap = draft.tap {
            let range = transformer.windings[moved].tapRange
            let middle = (range.lowerBound + range.upperBound) / 2
            feeder.transformers[known.index].windings[moved].tap =
                middle + Double(tap) * transformer.windings[moved].tapStep
        }
        guard hasControls, draft.mostSteps > 0 else { return }
        guard let point = voltage(draft, transformer.windings[winding], known.phases, &fields) else { return }
        feeder.tapControls.append(
            Feeder.TapControl(
                name: object.name, transformer: known.index, winding: moved, measured: winding,
                voltage: point,
                currentPhase: draft.phase.map { $0 - 1 } ?? 0, potentialRatio: draft.potentialRatio,
                currentRating: draft.currentRating, setting: draft.forward, reverse: draft.reverse,
                delay: draft.delay, tapDelay: draft.tapDelay, mostSteps: draft.mostSteps,
                limit: draft.limit > 0 ? draft.limit : nil))
    }

    /// What the relay of a regulator measures.
    private mutating func voltage(
        _ draft: DSSRegControl, _ winding: Feeder.Transformer.Winding, _ phases: Int,
        _ fields: inout DSSFields
    ) -> Feeder.VoltagePoint? {
        let phase = draft.phase.map { $0 - 1 } ?? 0
        guard phase < phases else {
            fields.refuse("PTPhase is above the number of phases, \(phases)")
            return nil
        }
        guard let field = draft.bus else {
            let pairs = draft.choice == nil ? [winding.pairs[phase]] : winding.pairs
            return Feeder.VoltagePoint(bus: winding.bus, pairs: pairs, choice: draft.choice ?? .mean)
        }
        guard
            let terminal = fields.terminal(field.word.value, field, phases: phases, conductors: phases)
        else { return nil }
        guard let bus = knownBus(terminal.bus) else {
            fields.refuse("no element is connected to the bus \(quoted(terminal.bus))", field)
            return nil
        }
        let isDelta = winding.pairs.count > 1 && winding.pairs[0].minus == winding.pairs[1].plus
        let pairs = terminal.nodes.indices.map { index in
            Feeder.Pair(
                terminal.nodes[index], isDelta ? terminal.nodes[(index + 1) % terminal.nodes.count] : 0)
        }
        return Feeder.VoltagePoint(
            bus: bus, pairs: draft.choice == nil ? [pairs[phase]] : pairs, choice: draft.choice ?? .mean)
    }

    /// A control that switches a capacitor.
    mutating func addCapControl(_ object: DSSObject) {
        var fields = DSSFields(object, files: script.files)
        defer { mistakes += fields.mistakes }
        var draft = DSSCapControl()
        for field in fields.all { draft.read(field, &fields) }
        guard let name = draft.capacitor else { return fields.refuse("Capacitor is missing") }
        guard let shunt = shunts[name.word.value.lowercased()] else {
            guard let other = script.circuit.object("capacitor", name.word.value) else {
                return fields.refuse(unknown("Capacitor", name.word.value), name)
            }
            if isEnabled(other) {
                fields.refuse(
                    "\(other.title) is in series, or its steps differ; only equal steps are switched", name)
            }
            return
        }
        guard hasControls else { return }
        guard let kind = kind(draft, &fields) else { return }
        feeder.shuntControls.append(
            Feeder.ShuntControl(
                name: object.name, shunt: shunt, kind: kind.kind, override: kind.override, delay: draft.delay,
                delayOff: draft.delayOff, deadTime: draft.deadTime))
    }

    private mutating func kind(
        _ draft: DSSCapControl, _ fields: inout DSSFields
    ) -> (kind: Feeder.ShuntControl.Kind, override: Feeder.ShuntControl.Override?)? {
        guard let field = draft.element else {
            fields.refuse("Element is missing")
            return nil
        }
        guard let place = monitored(field, draft.terminal, &fields) else { return nil }
        let phases = draft.currentPhase.map { [$0 - 1] } ?? Array(place.pairs.indices)
        let voltagePhase = draft.voltagePhase ?? 1
        guard voltagePhase <= place.pairs.count, phases.allSatisfy({ $0 < place.pairs.count }) else {
            fields.refuse("CTPhase and PTPhase must be phases of the monitored element")
            return nil
        }
        let isAverage = draft.averagesVoltage
        let point = Feeder.VoltagePoint(
            bus: place.bus, pairs: isAverage ? place.pairs : [place.pairs[voltagePhase - 1]])
        let override =
            draft.isOverridden
            ? Feeder.ShuntControl.Override(
                voltage: point, ratio: draft.potentialRatio, least: draft.least, most: draft.most) : nil
        switch draft.kind {
        case .voltage:
            return (.voltage(point, ratio: draft.potentialRatio, on: draft.on, off: draft.off), override)
        case .time: return (.time(on: draft.on * 3600, off: draft.off * 3600), override)
        case .current:
            guard let current = place.current(draft.currentPhase == nil ? [0] : phases) else { break }
            return (.current(current, ratio: draft.currentRatio, on: draft.on, off: draft.off), override)
        case .reactive:
            guard let current = place.current(phases) else { break }
            return (
                .reactive(
                    current, on: ReactivePower(kilovars: draft.on), off: ReactivePower(kilovars: draft.off)),
                override
            )
        case .powerFactor:
            guard let current = place.current(phases) else { break }
            return (.powerFactor(current, on: draft.on, off: draft.off), override)
        }
        fields.refuse(
            "\(quoted(field.word.value)) has no current that is read; name a Line or Transformer", field)
        return nil
    }

    /// Bus and pairs of a terminal that a control watches, and the current into it.
    private mutating func monitored(
        _ field: DSSFields.Field, _ terminal: Int, _ fields: inout DSSFields
    ) -> DSSMonitored? {
        let parts = field.word.value.lowercased().split(separator: ".", maxSplits: 1).map(String.init)
        guard parts.count == 2 else {
            fields.refuse("\(quoted(field.word.value)) is not CLASS.NAME", field)
            return nil
        }
        let line = parts[0] == "line" ? lines[parts[1]] : lines[parts.joined(separator: ".")]
        if let line, terminal <= 2 {
            let end = terminal == 1 ? feeder.lines[line].from : feeder.lines[line].to
            return DSSMonitored(bus: end.bus, pairs: end.conductors.map { Feeder.Pair($0) }) {
                .line(line, atFrom: terminal == 1, places: $0)
            }
        }
        if parts[0] == "transformer", let known = transformers[parts[1]],
            terminal <= feeder.transformers[known.index].windings.count
        {
            let winding = feeder.transformers[known.index].windings[terminal - 1]
            return DSSMonitored(bus: winding.bus, pairs: winding.pairs) {
                .winding(transformer: known.index, winding: terminal - 1, phases: $0)
            }
        }
        if ["capacitor", "reactor"].contains(parts[0]), let shunt = shunts[parts[1]], terminal == 1 {
            return DSSMonitored(bus: feeder.shunts[shunt].bus, pairs: feeder.shunts[shunt].pairs) { _ in nil }
        }
        fields.refuse(
            "\(quoted(field.word.value)) has no terminal \(terminal) that is read; a control watches a Line, "
                + "Transformer or Capacitor", field)
        return nil
    }

    /// The state that a switch control leaves a line in.
    mutating func addSwtControl(_ object: DSSObject) {
        var fields = DSSFields(object, files: script.files)
        defer { mistakes += fields.mistakes }
        var (element, terminal): (DSSFields.Field?, Int) = (nil, 1)
        var isOpen = false
        for field in fields.all {
            switch field.key {
            case "switchedobj": element = field
            case "switchedterm": fields.read(field, &terminal, in: 1...2)
            case "action", "state", "normal":
                let choices: KeyValuePairs = ["open": true, "close": false, "closed": false, "trip": true]
                isOpen = fields.choice(field, choices) ?? false
            default: break
            }
        }
        guard let element else { return fields.refuse("SwitchedObj is missing") }
        let parts = element.word.value.lowercased().split(separator: ".", maxSplits: 1).map(String.init)
        guard parts.count == 2, parts[0] == "line", let line = lines[parts[1]] else {
            if isOpen { fields.refuse("\(quoted(element.word.value)) is not a line that is read", element) }
            return
        }
        guard isOpen else { return }
        open(line, DSSObject.Switching(terminal: terminal, conductor: 0, isClosed: false), &fields)
    }
}

/// A terminal that a control watches.
struct DSSMonitored {
    let bus: Int
    let pairs: [Feeder.Pair]
    /// The current into it on some phases; nil where it is not read.
    let current: ([Int]) -> Feeder.CurrentPoint?
}
