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
    private(set) var demand: DemandSeries
    private var record: FeederRecord
    /// First step of the record.
    private var offset = 0
    /// Slot and value without load, by unknown.
    let slots: [Int]
    let unknowns: [Int?]
    let series: FeederLosses
    /// Lost in series impedances, W, by lane.
    private(set) var seriesLosses = Lanes.zero
    /// What the currents of each line are made of, by conductor.
    let currentTerms: (from: [[FeederSystem.CurrentTerm?]], to: [[FeederSystem.CurrentTerm?]])
    /// The control that moves a winding's tap, by transformer and winding.
    let tapControls: [[Int?]]

    init(_ plan: PortPlan, _ kit: FeederKit, _ demand: DemandSeries) {
        self.plan = plan
        self.kit = kit
        self.demand = demand
        solver = PortSolver(plan.pattern)
        nodes = plan.system.feeder.nodes
        slots = (0..<plan.system.order).map { plan.pattern.slot(ofUnknown: $0) }
        unknowns = nodes.map { plan.system.index($0.bus, $0.conductor) }
        record = FeederRecord(steps: 0, slots: 0, first: [])
        let system = plan.system
        func terms(_ index: Int, atFrom: Bool) -> [FeederSystem.CurrentTerm?] {
            system.feeder.lines[index].from.conductors.indices.map {
                system.terms(of: .line(index, atFrom: atFrom, places: [$0])).first
            }
        }
        let lines = system.feeder.lines.indices
        currentTerms = (lines.map { terms($0, atFrom: true) }, lines.map { terms($0, atFrom: false) })
        var controls = system.feeder.transformers.map { [Int?](repeating: nil, count: $0.windings.count) }
        for (index, control) in system.feeder.tapControls.enumerated().reversed() {
            controls[control.transformer][control.winding] = index
        }
        tapControls = controls
        series = FeederLosses(plan, slots)
    }

    /// Finds every unknown of the only step of a record, in which loads and inverters followed `demand`.
    func load(_ record: FeederRecord, _ demand: DemandSeries) {
        self.demand = demand
        load(0..<1, of: record, from: 0)
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
        seriesLosses = series.series(cells)
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
