// To first order, buses that take ΔP + jΔQ more leave what is left over in the power equations
// (`PowerEquations`) unchanged when the voltages move by the relative steps u = a + jb with
//
//     J·(a, b) = (ΔP, ΔQ),
//
// J being the derivatives at the solution: the last matrix of Newton's method. Of v ← v·(1 + u) all else
// follows by the chain rule: Δ|v| = |v|·a, and with a current I linear in the voltages
// Δ|I| = Re(I*·ΔI)/|I|, Δ(r·|I|²) = 2r·Re(I*·ΔI).

import Glibc
public import Grid
import Lanes
import LinearAlgebra

/// How voltages, currents and losses answer to powers at one bus, near a solved state. One a worker.
public final class Linearisation {
    /// Derivatives, of constant powers: one value a bus or branch, zero where there is no path to a source.
    public struct Response: Hashable, Sendable {
        /// |V|, as a fraction of nominal, per W.
        public fileprivate(set) var voltage: [Double]
        /// The current at the end of the branch that carries more, A per W; zero where there is none, as it
        /// has no derivative there.
        public fileprivate(set) var current: [Double]
        /// `OperatingPoint.losses`, W per W.
        public fileprivate(set) var losses: Double
        /// `OperatingPoint.sourceReactive`, var per W.
        public fileprivate(set) var sourceReactive: Double
    }

    private struct Line {
        let index: Int
        /// Positions.
        let from: Int
        let to: Int
        let port: TwoPort
        let resistance: Double
        /// A in 1 p.u. at each end.
        let baseFrom: Double
        let baseTo: Double
        /// Whether the source of the connection stands there.
        let beginsAtSource: Bool
        let endsAtSource: Bool
    }

    private let network: PerUnitNetwork
    private let live: LiveNetwork
    private let equations: PowerEquations
    private let lines: [Line]
    private let step: UnsafeMutableBufferPointer<Double>

    /// `holding`: buses whose |V| a regulator holds whatever is injected.
    public init(network: Network, holding: [Int] = []) {
        let perUnit = PerUnitNetwork(network)
        let live = LiveNetwork(perUnit)
        self.network = perUnit
        self.live = live
        equations = PowerEquations(live, of: perUnit)
        for bus in holding {
            guard let position = live.positions[bus] else { continue }
            equations.nodes[Int(equations.places[position])].balancesReactive = 0
        }
        lines = live.branches.map { index in
            let branch = perUnit.branches[index]
            return Line(
                index: index, from: live.positions[branch.from]!, to: live.positions[branch.to]!,
                port: TwoPort(branch), resistance: branch.resistance,
                baseFrom: perUnit.baseCurrent(at: branch.from),
                baseTo: perUnit.baseCurrent(at: branch.to),
                beginsAtSource: live.roots.contains(live.positions[branch.from]!),
                endsAtSource: live.roots.contains(live.positions[branch.to]!))
        }
        step = .filled(2 * live.buses.count, with: 0)
    }

    deinit { step.deallocate() }

    /// No response yet, of this network's size.
    public var blank: Response {
        Response(
            voltage: Array(repeating: 0, count: live.positions.count),
            current: Array(repeating: 0, count: network.branches.count), losses: 0,
            sourceReactive: 0)
    }

    /// Linearises at a solution. False where there is none, or the equations are singular there.
    public func move(to point: OperatingPoint) -> Bool {
        guard point.status.isSolved else { return false }
        return move { bus in
            let size = point.voltage[bus].value / network.nominalVoltage[bus]
            return Complex(size * cos(point.angle[bus]), size * sin(point.angle[bus]))
        }
    }

    /// The same, at one step of a series.
    public func move(to voltages: VoltageSeries, at step: Int) -> Bool {
        guard voltages.status[step].isSolved else { return false }
        return move { Complex(voltages.real[$0, step], voltages.imaginary[$0, step]) }
    }

    private func move(_ voltage: (Int) -> Complex) -> Bool {
        for (position, bus) in live.buses.enumerated() {
            equations.nodes[Int(equations.places[position])].voltage = voltage(bus)
        }
        _ = equations.evaluate()
        return equations.factor()
    }

    /// What flows from the buses of the sources into the network, W and var; after a `move` that succeeded.
    public var inflow: (active: Double, reactive: Double) {
        let sum = live.roots.reduce(Complex.zero) { $0 + equations.nodes[Int(equations.places[$1])].power }
        return (sum.real * network.basePower, sum.imaginary * network.basePower)
    }

    /// What changes per watt given at `bus`, with `reactive` var beside each; after a `move` that succeeded.
    public func respond(
        atBus bus: Int, active: Double = 1, reactive: Double = 0, into response: inout Response
    ) {
        guard let position = live.positions[bus] else {
            response = blank
            return
        }
        step.update(repeating: 0)
        let place = Int(equations.places[position])
        step[2 * place] = active * equations.nodes[place].balancesActive
        step[2 * place + 1] = reactive * equations.nodes[place].balancesReactive
        equations.solve(step)
        let unit = 1 / network.basePower
        for (position, bus) in live.buses.enumerated() {
            let place = Int(equations.places[position])
            response.voltage[bus] = unit * equations.nodes[place].voltage.magnitude * step[2 * place]
        }
        response.losses = 0
        // What is given at a source goes nowhere else.
        response.sourceReactive = live.roots.contains(position) ? -reactive : 0
        for line in lines { respond(line, unit, &response) }
    }

    private func respond(_ line: Line, _ unit: Double, _ response: inout Response) {
        let (port, near, end) = (line.port, moving(line.from), moving(line.to))
        let flow = port.currents(near.voltage, end.voltage)
        let moves = port.currents(near.moves, end.moves)
        let (into, intoMoves) = (flow.from, moves.from)
        let resistive = (flow.series.conjugate * moves.series).real * line.resistance
        let square = flow.behind.conjugate * moves.behind + end.voltage.conjugate * end.moves
        let shunted = square.real * port.halfShunt.real
        response.losses += 2 * (resistive + shunted)
        // The voltage of a source stays: what flows changes with the current alone.
        if line.beginsAtSource { response.sourceReactive += (near.voltage * intoMoves.conjugate).imaginary }
        if line.endsAtSource { response.sourceReactive += (end.voltage * moves.to.conjugate).imaginary }
        let carriesMoreInto = into.magnitude * line.baseFrom >= flow.to.magnitude * line.baseTo
        let (current, change) = carriesMoreInto ? (into, intoMoves) : (flow.to, moves.to)
        let size = current.magnitude
        response.current[line.index] =
            size > 0
            ? unit * (carriesMoreInto ? line.baseFrom : line.baseTo) * (current.conjugate * change).real
                / size
            : 0
    }

    /// The voltage at a position, and its change by the step.
    private func moving(_ position: Int) -> (voltage: Complex, moves: Complex) {
        let place = Int(equations.places[position])
        let voltage = equations.nodes[place].voltage
        return (voltage, voltage * Complex(step[2 * place], step[2 * place + 1]))
    }
}
