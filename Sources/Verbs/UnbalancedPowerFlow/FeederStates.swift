public import Grid
import Lanes
public import LinearAlgebra

/// Solved states of up to eight consecutive steps of a feeder, as a series hands them out. Valid only while
/// it does so.
public final class FeederStates {
    /// The steps.
    public private(set) var steps: Range<Int> = 0..<0
    /// The nodes, in the order of `Feeder.nodes`.
    public let nodes: [Feeder.Node]

    let plan: PortPlan
    let kit: FeederKit
    let solver: PortSolver
    private var record: FeederRecord
    /// First step of the record.
    private var offset = 0
    /// Slot and value without load, by unknown.
    let slots: [Int]
    private let unknowns: [Int?]

    init(_ plan: PortPlan, _ kit: FeederKit) {
        self.plan = plan
        self.kit = kit
        solver = PortSolver(plan.pattern)
        nodes = plan.system.feeder.nodes
        slots = (0..<plan.system.order).map { plan.pattern.slot(ofUnknown: $0) }
        unknowns = nodes.map { plan.system.index($0.bus, $0.conductor) }
        record = FeederRecord(steps: 0, slots: 0, first: [])
    }

    /// Finds every unknown of some steps of a record, which begins at `offset`.
    func load(_ steps: Range<Int>, of record: FeederRecord, from offset: Int) {
        (self.steps, self.record, self.offset) = (steps, record, offset)
        let cells = solver.cells
        for (lane, step) in steps.enumerated() {
            let at = record.values.baseAddress! + 2 * (step - offset) * record.slots
            for slot in 0..<record.slots {
                cells[slot].real[lane] = at[2 * slot] - plan.base[slot].real
                cells[slot].imaginary[lane] = at[2 * slot + 1] - plan.base[slot].imaginary
            }
        }
        solver.expand()
    }

    /// How a step ended. Where it has no solution all values but taps and steps are zero.
    public func status(_ step: Int) -> OperatingPoint.Status {
        let status = record.status[step - offset]
        return status == .converged && plan.system.nodes.count < nodes.count ? .islanded : status
    }

    /// Iterations of a step, those between moves of controls included.
    public func iterations(_ step: Int) -> Int { record.iterations[step - offset] }

    /// Whether there are values.
    func isSolved(_ step: Int) -> Bool { record.status[step - offset] == .converged }

    /// An unknown, p.u.
    func value(_ unknown: Int, _ step: Int) -> Complex {
        guard isSolved(step) else { return .zero }
        let (cell, lane) = (solver.cells[slots[unknown]], step - steps.lowerBound)
        return Complex(cell.real[lane], cell.imaginary[lane]) + plan.solution[unknown]
    }

    /// The voltage of a node against earth, V.
    public func voltage(_ node: Int, _ step: Int) -> Complex {
        guard let unknown = unknowns[node] else { return .zero }
        return value(unknown, step) * plan.system.scale[unknown]
    }

    /// |V| of a node against earth as a fraction of the bus's nominal phase voltage.
    public func magnitude(_ node: Int, _ step: Int) -> Double {
        unknowns[node].map { value($0, step).magnitude } ?? 0
    }

    /// Writes real and imaginary part of every node's voltage, V, to an array that has room for all steps of
    /// the series: step after step, node after node.
    public func copy(to voltages: inout [Double]) {
        let (first, width) = (2 * steps.lowerBound * nodes.count, 2 * nodes.count)
        let isSolved = steps.map { self.isSolved($0) }
        voltages.withUnsafeMutableBufferPointer { voltages in
            for (node, unknown) in unknowns.enumerated() {
                guard let unknown else { continue }
                let (cell, base) = (solver.cells[slots[unknown]], plan.solution[unknown])
                let scale = plan.system.scale[unknown]
                var at = first + 2 * node
                for lane in 0..<steps.count {
                    voltages[at] = isSolved[lane] ? (cell.real[lane] + base.real) * scale : 0
                    voltages[at + 1] = isSolved[lane] ? (cell.imaginary[lane] + base.imaginary) * scale : 0
                    at += width
                }
            }
        }
    }

    /// Steps of a tap control from the middle of its range.
    public func position(_ control: Int, _ step: Int) -> Int {
        let own = plan.system.feeder.tapControls[control]
        let winding = plan.system.feeder.transformers[own.transformer].windings[own.winding]
        let middle = (winding.tapRange.lowerBound + winding.tapRange.upperBound) / 2
        return Int(((tap(control, step) - middle) / winding.tapStep).rounded())
    }

    /// Tap of the winding of a tap control.
    public func tap(_ control: Int, _ step: Int) -> Double {
        let own = plan.system.feeder.tapControls[control]
        let winding = plan.system.feeder.transformers[own.transformer].windings[own.winding]
        guard let relay = kit.relays[control] as? TapRelay else { return winding.tap }
        return relay.tap(record.state(control, step - offset))
    }

    /// Closed steps of the shunt of a shunt control.
    public func closed(_ control: Int, _ step: Int) -> Int {
        Int(record.state(plan.system.feeder.tapControls.count + control, step - offset).position)
    }
}

// What flows.
extension FeederStates {
    /// Into a conductor of a line at one end, A.
    public func current(line index: Int, place: Int, atFrom: Bool, _ step: Int) -> Complex {
        let term = plan.system.terms(of: .line(index, atFrom: atFrom, places: [place])).first
        return term.map { current($0, step) } ?? .zero
    }

    private func current(_ term: FeederSystem.CurrentTerm, _ step: Int) -> Complex {
        let volts = term.volts
        let series = term.currents.reduce(Complex.zero) { $0 + value($1.unknown, step) * $1.factor }
        let sum = term.charging.reduce(series) { $0 + value($1.node, step) * $1.susceptance }
        return sum * (FeederSystem.basePower / volts)
    }

    /// Into a winding of a transformer at `plus`, A.
    public func current(transformer index: Int, winding: Int, phase: Int, _ step: Int) -> Complex {
        let transformer = plan.system.feeder.transformers[index]
        guard let first = plan.system.transformerRows[index] else { return .zero }
        let others = transformer.windings.count - 1
        let turns = 1 / (transformer.windings[winding].voltage.value * tap(index, winding, step))
        let rows = (0..<others).filter { winding == 0 || $0 == winding - 1 }
        let sum = rows.reduce(Complex.zero) { $0 + value(first + phase * others + $1, step) }
        var current = sum * ((winding == 0 ? turns : -turns) * FeederSystem.basePower)
        if winding == 1, transformer.core != .zero {
            let power = transformer.rating.value / Double(transformer.windings[0].pairs.count)
            current +=
                transformer.core * coreVoltage(index, phase, step) * (power * turns)
        }
        return current
    }

    /// Across the second winding, as a fraction of its rated voltage times its tap.
    private func coreVoltage(_ index: Int, _ phase: Int, _ step: Int) -> Complex {
        let winding = plan.system.feeder.transformers[index].windings[1]
        guard let place = plan.system.place(winding.bus, winding.pairs[phase]) else { return .zero }
        let v = difference(place, step)
        return v * (1 / (winding.voltage.value * tap(index, 1, step)))
    }

    /// V.
    private func difference(_ place: FeederSystem.Place, _ step: Int) -> Complex {
        let plus = place.plus.map { value($0, step) * plan.system.scale[$0] } ?? .zero
        let minus = place.minus.map { value($0, step) * plan.system.scale[$0] } ?? .zero
        return plus - minus
    }

    private func tap(_ transformer: Int, _ winding: Int, _ step: Int) -> Double {
        let control = plan.system.feeder.tapControls.firstIndex {
            $0.transformer == transformer && $0.winding == winding
        }
        return control.map { tap($0, step) }
            ?? plan.system.feeder.transformers[transformer].windings[winding].tap
    }

    /// What a source gives, VA.
    public func power(source index: Int, _ step: Int) -> Complex {
        powers(source: index, step).reduce(.zero, +)
    }

    /// What each pair of a source gives, VA.
    func powers(source index: Int, _ step: Int) -> [Complex] {
        let source = plan.system.feeder.sources[index]
        guard let first = plan.system.sourceRows[index] else { return source.pairs.map { _ in .zero } }
        let amperes = FeederSystem.basePower / plan.system.feeder.buses[source.bus].nominalPhaseVoltage
        return source.pairs.enumerated().map { k, pair in
            guard let place = plan.system.place(source.bus, pair) else { return .zero }
            return -(difference(place, step) * (value(first + k, step) * amperes).conjugate)
        }
    }

    /// Lost in a line, W.
    public func loss(line index: Int, _ step: Int) -> Double {
        let line = plan.system.feeder.lines[index]
        let base = plan.system.feeder.buses[line.from.bus].nominalPhaseVoltage
        let rows = plan.system.lineRows[index]
        let currents = rows.map { $0.map { value($0, step) * (FeederSystem.basePower / base) } ?? .zero }
        var sum = line.impedance.dissipation(of: currents)
        guard !line.admittance.isZero else { return sum }
        for end in [line.from, line.to] {
            let voltages = end.conductors.map { conductor in
                plan.system.index(end.bus, conductor).map { value($0, step) * plan.system.scale[$0] } ?? .zero
            }
            sum += 0.5 * line.admittance.dissipation(of: voltages)
        }
        return sum
    }

    /// Lost in a transformer, W.
    public func loss(transformer index: Int, _ step: Int) -> Double {
        let transformer = plan.system.feeder.transformers[index]
        guard let first = plan.system.transformerRows[index] else { return 0 }
        let (others, phases) = (transformer.windings.count - 1, transformer.windings[0].pairs.indices)
        let power = transformer.rating.value / Double(phases.count)
        return phases.reduce(0) { sum, phase in
            let currents = (0..<others).map {
                value(first + phase * others + $0, step) * (FeederSystem.basePower / power)
            }
            let z = ConductorMatrix(order: others) { transformer.impedance($0, $1) }
            let iron = transformer.ironLoss == 0 ? 0 : coreVoltage(index, phase, step).squared
            return sum + power * (z.dissipation(of: currents) + transformer.ironLoss * iron)
        }
    }

    /// Taken by the resistance of a shunt, W.
    public func loss(shunt index: Int, _ step: Int) -> Double {
        let shunt = plan.system.feeder.shunts[index]
        guard shunt.admittance.contains(where: { $0.real != 0 }) else { return 0 }
        let control = plan.system.feeder.shuntControls.firstIndex { $0.shunt == index }
        let closed = Double(control.map { self.closed($0, step) } ?? shunt.closed) / Double(shunt.steps)
        return zip(shunt.pairs, shunt.admittance).reduce(0) { sum, part in
            guard let place = plan.system.place(shunt.bus, part.0) else { return sum }
            return sum + part.1.real * closed * difference(place, step).squared
        }
    }

    /// Lost in lines, transformers and shunts, W.
    public func losses(_ step: Int) -> Double {
        let feeder = plan.system.feeder
        return feeder.lines.indices.reduce(0) { $0 + loss(line: $1, step) }
            + feeder.transformers.indices.reduce(0) { $0 + loss(transformer: $1, step) }
            + feeder.shunts.indices.reduce(0) { $0 + loss(shunt: $1, step) }
    }
}

extension ConductorMatrix {
    /// Re(xᴴ·M·x).
    fileprivate func dissipation(of x: [Complex]) -> Double {
        var sum = 0.0
        for i in 0..<order {
            for j in 0..<order { sum += (x[i].conjugate * (self[i, j] * x[j])).real }
        }
        return sum
    }
}
