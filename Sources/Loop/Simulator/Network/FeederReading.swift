import Glibc
import Grid
import LinearAlgebra
import UnbalancedPowerFlow

/// What is read from the solved states of a feeder: the operating point of the balanced network in its place,
/// and what three phases have beside it.
struct FeederReading {
    /// A voltage that is a result: of nodes, with its nominal value, V.
    private struct Phase {
        let plus: Int
        let minus: Int?
        let nominal: Double
    }

    /// The phases of a bus, a before b before c, and the neutral.
    private struct Bus {
        let phases: [Int]
        let neutral: Int?
    }

    /// The nodes of a conductor of a line; nil for earth.
    private struct Conductor {
        let from: Int?
        let to: Int?
    }

    /// A coil of a transformer.
    private struct Coil {
        let winding: Int
        let phase: Int
        let plus: Int?
        let minus: Int?
    }

    private let own: ScenarioFeeder
    private let phases: [Phase]
    private let buses: [Bus]
    private let lines: [[Conductor]]
    /// Coils of each transformer, by branch: those of the first winding and of those at the branch's end.
    private let coils: [[Coil]]
    /// Largest currents in A: of each line, and of each winding, by conductor or pair.
    private(set) var lineCurrents: [[Double]]
    private(set) var windingCurrents: [[[Double]]]
    private(set) var step: FeederStep

    init(_ own: ScenarioFeeder) {
        self.own = own
        let feeder = own.feeder
        let nodes = Dictionary(uniqueKeysWithValues: feeder.nodes.enumerated().map { ($1, $0) })
        func node(_ bus: Int, _ conductor: Int) -> Int? {
            nodes[Feeder.Node(bus: bus, conductor: conductor)]
        }
        lines = feeder.lines.map { line in
            zip(line.from.conductors, line.to.conductors).map {
                Conductor(from: node(line.from.bus, $0), to: node(line.to.bus, $1))
            }
        }
        coils = own.equivalent.elements.map { element in
            guard case .transformer(let index, let k) = element else { return [] }
            let windings = feeder.transformers[index].windings
            return windings.indices.filter { $0 == 0 || windings[$0].bus == windings[k].bus }.flatMap { w in
                windings[w].pairs.enumerated().map { phase, pair in
                    Coil(
                        winding: w, phase: phase, plus: node(windings[w].bus, pair.plus),
                        minus: node(windings[w].bus, pair.minus))
                }
            }
        }
        phases = own.phases.map { phase in
            let bus = feeder.buses[phase.bus]
            return Phase(
                plus: node(phase.bus, phase.pair.plus)!, minus: node(phase.bus, phase.pair.minus),
                nominal: phase.pair.joinsPhases ? bus.nominalVoltage.value : bus.nominalPhaseVoltage)
        }
        buses = feeder.buses.indices.map { bus in
            Bus(phases: (1...3).compactMap { node(bus, $0) }, neutral: node(bus, own.neutrals[bus]))
        }
        lineCurrents = feeder.lines.map { $0.from.conductors.map { _ in 0 } }
        windingCurrents = feeder.transformers.map { $0.windings.map { $0.pairs.map { _ in 0 } } }
        step = FeederStep(
            voltage: own.phases.map { _ in 0 }, unbalance: own.threePhaseBuses.map { _ in 0 },
            neutralCurrent: own.neutralLines.map { _ in 0 }, positions: own.controlNames.map { _ in 0 })
    }

    /// Reads the only step of `states`.
    mutating func read(_ states: FeederStates, into point: inout OperatingPoint) {
        let status = states.status(0)
        if !status.isSolved {
            point = OperatingPoint(
                buses: own.feeder.buses.count, branches: own.equivalent.elements.count)
        }
        point.status = status
        point.iterations = states.iterations(0)
        readControls(states)
        readVoltages(states, &point)
        guard status.isSolved else {
            for index in step.neutralCurrent.indices { step.neutralCurrent[index] = 0 }
            return
        }
        for (branch, element) in own.equivalent.elements.enumerated() {
            switch element {
            case .line(let line): read(line, states, branch, &point)
            case .transformer(let index, _): read(transformer: index, states, branch, &point)
            }
        }
        for (place, line) in own.neutralLines.enumerated() {
            step.neutralCurrent[place] = zip(own.feeder.lines[line].from.conductors, lineCurrents[line])
                .reduce(0) { $1.0 > 3 ? max($0, $1.1) : $0 }
        }
        let given = states.power(source: 0, 0)
        (point.sourcePower, point.sourceReactive) = (Power(given.real), ReactivePower(given.imaginary))
        point.losses = Power(states.losses(0))
    }

    private mutating func readControls(_ states: FeederStates) {
        let taps = own.feeder.tapControls.count
        for index in 0..<taps { step.positions[index] = states.position(index, 0) }
        for index in own.feeder.shuntControls.indices {
            step.positions[taps + index] = states.closed(index, 0)
        }
    }

    private mutating func readVoltages(_ states: FeederStates, _ point: inout OperatingPoint) {
        for (index, phase) in phases.enumerated() {
            let minus = phase.minus.map { states.voltage($0, 0) } ?? .zero
            step.voltage[index] = (states.voltage(phase.plus, 0) - minus).magnitude / phase.nominal
        }
        let root = 3.0.squareRoot()
        for (index, bus) in buses.enumerated() where bus.phases.count < 3 && !bus.phases.isEmpty {
            let neutral = bus.neutral.map { states.voltage($0, 0) } ?? .zero
            let sum = bus.phases.reduce(0) { $0 + (states.voltage($1, 0) - neutral).magnitude }
            point.voltage[index] = Voltage(sum / Double(bus.phases.count) * root)
            point.angle[index] = states.voltage(bus.phases[0], 0).phase
        }
        // What phases have in common, such as the neutral's voltage, is in neither of the two sequences.
        let (a, b) = (Complex(-0.5, root / 2), Complex(-0.5, -root / 2))
        for (place, bus) in own.threePhaseBuses.enumerated() {
            let nodes = buses[bus].phases
            let (va, vb, vc) = (
                states.voltage(nodes[0], 0), states.voltage(nodes[1], 0), states.voltage(nodes[2], 0)
            )
            let positive = va + a * vb + b * vc
            let negative = (va + b * vb + a * vc).magnitude
            point.voltage[bus] = Voltage(positive.magnitude / root)
            point.angle[bus] = positive.phase
            step.unbalance[place] = positive.magnitude > 0 ? negative / positive.magnitude : 0
        }
    }

    private mutating func read(
        _ index: Int, _ states: FeederStates, _ branch: Int, _ point: inout OperatingPoint
    ) {
        var (from, to) = (Complex.zero, Complex.zero)
        var largest = 0.0
        for place in lines[index].indices {
            let conductor = lines[index][place]
            let near = states.current(line: index, place: place, atFrom: true, 0)
            let far = states.current(line: index, place: place, atFrom: false, 0)
            if let node = conductor.from { from = from + states.voltage(node, 0) * near.conjugate }
            if let node = conductor.to { to = to + states.voltage(node, 0) * far.conjugate }
            let amperes = max(near.squared, far.squared).squareRoot()
            lineCurrents[index][place] = amperes
            largest = max(largest, amperes)
        }
        point.set(branch, from, to, largest)
    }

    private mutating func read(
        transformer index: Int, _ states: FeederStates, _ branch: Int, _ point: inout OperatingPoint
    ) {
        var (from, to) = (Complex.zero, Complex.zero)
        var largest = 0.0
        for coil in coils[branch] {
            let current = states.current(transformer: index, winding: coil.winding, phase: coil.phase, 0)
            let plus = coil.plus.map { states.voltage($0, 0) } ?? .zero
            let minus = coil.minus.map { states.voltage($0, 0) } ?? .zero
            let power = (plus - minus) * current.conjugate
            if coil.winding == 0 { from = from + power } else { to = to + power }
            windingCurrents[index][coil.winding][coil.phase] = current.magnitude
            largest = max(largest, current.magnitude)
        }
        point.set(branch, from, to, largest)
    }
}

extension OperatingPoint {
    fileprivate mutating func set(_ branch: Int, _ from: Complex, _ to: Complex, _ amperes: Double) {
        powerFrom[branch] = Power(from.real)
        reactiveFrom[branch] = ReactivePower(from.imaginary)
        powerTo[branch] = Power(to.real)
        reactiveTo[branch] = ReactivePower(to.imaginary)
        current[branch] = Current(amperes)
    }
}

extension Complex {
    /// Rad, −π…π.
    fileprivate var phase: Double { atan2(imaginary, real) }
}
