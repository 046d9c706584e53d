import Foundation
import Grid
import LinearAlgebra
import TextFile

extension DSSBuilder {
    /// A capacitor: between phases and earth or between phases, or in series between two buses.
    mutating func addCapacitor(_ object: DSSObject) {
        var fields = DSSFields(object, files: script.files)
        defer { mistakes += fields.mistakes }
        var draft = DSSCapacitor()
        for field in fields.all { draft.read(field, &fields) }
        guard let place = place(draft.shunt, &fields) else { return }
        let powers = draft.kilovars
        let volts = Self.voltage(
            draft.shunt.kilovolts, phases: draft.shunt.phases, isDelta: draft.shunt.isDelta)
        var steps: [Complex] = []
        for step in 0..<draft.steps {
            // F, of one phase.
            let farads =
                draft.microfarads.map { $0[min(step, $0.count - 1)] * 1e-6 }
                ?? powers[step] * 1000 / Double(draft.shunt.phases) / (volts.value * volts.value * angular)
            guard farads > 0 else {
                steps.append(.zero)
                continue
            }
            let series = Complex(
                draft.resistance.isEmpty ? 0 : draft.resistance[min(step, draft.resistance.count - 1)],
                draft.reactance.isEmpty ? 0 : draft.reactance[min(step, draft.reactance.count - 1)])
            steps.append(Complex(1, 0) / (series + Complex(0, -1 / (angular * farads))))
        }
        let states = (0..<draft.steps).map { $0 < draft.states.count ? draft.states[$0] : true }
        guard case .shunt(let bus, let pairs) = place else {
            let total = zip(steps, states).reduce(Complex.zero) { $1.1 ? $0 + $1.0 : $0 }
            addSeries(place, total == .zero ? nil : Complex(1, 0) / total, draft.shunt.phases, object)
            return
        }
        let isEven = steps.allSatisfy { ($0 - steps[0]).magnitude <= 1e-9 * steps[0].magnitude }
        // Steps close in order; where the file's states are in another order, or differ in size, each step is
        // a shunt of its own.
        let closed = states.firstIndex(of: false) ?? draft.steps
        if isEven, !states[closed...].contains(true) {
            shunts[object.name.lowercased()] = feeder.shunts.count
            let whole = steps[0] * Double(draft.steps)
            feeder.shunts.append(
                Feeder.Shunt(
                    name: object.name, bus: bus, pairs: pairs, admittance: pairs.map { _ in whole },
                    steps: draft.steps, closed: closed))
            return
        }
        for (index, step) in steps.enumerated() where states[index] && step != .zero {
            feeder.shunts.append(
                Feeder.Shunt(
                    name: "\(object.name) step \(index + 1)", bus: bus, pairs: pairs,
                    admittance: pairs.map { _ in step }))
        }
    }

    /// A reactor: to earth, between phases, or in series between two buses.
    mutating func addReactor(_ object: DSSObject) {
        var fields = DSSFields(object, files: script.files)
        defer { mistakes += fields.mistakes }
        var draft = DSSReactor()
        for field in fields.all { draft.read(field, &fields, frequency) }
        guard let place = place(draft.shunt, &fields) else { return }
        let phases = draft.shunt.phases
        if draft.isReactanceMissing {
            warnings.append(
                script.message(
                    "\(object.title): X is not given and stays at OpenDSS's \(draft.reactance) Ω",
                    object.place,
                    .warning))
        }
        if case .shunt(let bus, let pairs) = place {
            guard let impedance = draft.impedance else {
                return fields.refuse("to earth or between phases, a reactor has one impedance")
            }
            guard impedance != .zero else { return fields.refuse("its impedance is zero") }
            shunts[object.name.lowercased()] = feeder.shunts.count
            feeder.shunts.append(
                Feeder.Shunt(
                    name: object.name, bus: bus, pairs: pairs,
                    admittance: pairs.map { _ in Complex(1, 0) / impedance }))
            return
        }
        if let matrix = draft.matrix(phases) { return addSeries(place, matrix, object) }
        addSeries(place, draft.impedance, phases, object)
    }

    private mutating func addSeries(
        _ place: DSSPlacement, _ impedance: Complex?, _ phases: Int, _ object: DSSObject
    ) {
        guard let impedance else { return }
        addSeries(place, ConductorMatrix(order: phases) { $0 == $1 ? impedance : .zero }, object)
    }

    private mutating func addSeries(_ place: DSSPlacement, _ impedance: ConductorMatrix, _ object: DSSObject)
    {
        guard case .series(let from, let to) = place else { return }
        lines["\(object.kind.name).\(object.name)".lowercased()] = feeder.lines.count
        feeder.lines.append(Feeder.Line(name: object.name, from: from, to: to, impedance: impedance))
    }

    /// Where such an element stands; nil, with a mistake, where it names no bus.
    private mutating func place(_ shunt: DSSShunt, _ fields: inout DSSFields) -> DSSPlacement? {
        let phases = shunt.phases
        guard let first = shunt.from else {
            fields.refuse("Bus1 is missing")
            return nil
        }
        let count = shunt.isDelta ? Self.conductors(phases: phases, isDelta: true) : phases
        guard
            let from = fields.terminal(first.word.value, first, phases: phases, conductors: count)
        else { return nil }
        if shunt.isDelta {
            return .shunt(
                bus(from.bus), Self.pairs(from.nodes, phases: phases, isDelta: true))
        }
        guard let second = shunt.to else {
            return .shunt(bus(from.bus), from.nodes.map { Feeder.Pair($0) })
        }
        guard
            let to = fields.terminal(second.word.value, second, phases: phases, conductors: phases)
        else { return nil }
        if to.nodes.allSatisfy({ $0 == 0 }) {
            return .shunt(bus(from.bus), from.nodes.map { Feeder.Pair($0) })
        }
        let (one, two) = (bus(from.bus), bus(to.bus))
        if one == two { return .shunt(one, zip(from.nodes, to.nodes).map { Feeder.Pair($0, $1) }) }
        return .series(
            Feeder.End(bus: one, conductors: from.nodes), Feeder.End(bus: two, conductors: to.nodes))
    }
}

/// Where a capacitor or reactor stands.
enum DSSPlacement {
    /// At one bus.
    case shunt(Int, [Feeder.Pair])
    /// Between two.
    case series(Feeder.End, Feeder.End)
}
