import Grid
import LinearAlgebra

/// Newton's method for any network with all that may stand in its way: limits, shared remainders, poor starts
/// and injections that no voltages fit. One a worker.
final class MeshedSolver {
    let equations: PowerEquations
    private let live: LiveNetwork
    private let newton: NewtonRaphson
    private let regulation: Regulation
    private let sharing: SharedRemainder?
    private let tolerance: Double
    private lazy var continuation = Continuation(
        equations, newton: newton, regulation: regulation, sharing: sharing, tolerance: tolerance)

    init(_ live: LiveNetwork, of network: PerUnitNetwork, _ settings: PowerFlowSolver.Settings) {
        self.live = live
        tolerance = settings.tolerance
        equations = PowerEquations(live, of: network)
        regulation = Regulation(
            equations, live, of: network, heedsLimits: settings.heedsReactiveLimits, tolerance: tolerance)
        sharing = settings.sharesRemainder ? SharedRemainder(equations, live, of: network) : nil
        newton = NewtonRaphson(equations, sharing: sharing, tolerance: tolerance)
    }

    var iterations: Int { newton.iterations }

    func specify(_ power: SpecifiedPower) {
        newton.iterations = 0
        for position in live.buses.indices {
            equations.nodes[Int(equations.places[position])].constant = power.constant[position]
        }
        equations.currents = ordered(power.currents)
        equations.impedances = ordered(power.impedances)
    }

    private func ordered(_ values: [Complex]) -> [Complex] {
        var ordered = values
        for (position, value) in values.enumerated() { ordered[Int(equations.places[position])] = value }
        return ordered
    }

    /// Searches from `start`, by position.
    func solve(from start: UnsafeMutableBufferPointer<Complex>, turningAngles: Bool) -> Search {
        begin(at: start)
        if turningAngles { newton.turnAngles() }
        return settle()
    }

    private func begin(at start: UnsafeMutableBufferPointer<Complex>) {
        for position in live.buses.indices {
            equations.nodes[Int(equations.places[position])].voltage = start[position]
        }
        equations.loading = 1
        sharing?.reset()
        regulation.reset()
    }

    private func settle() -> Search {
        var search: Search
        repeat { search = newton.solve() } while search == .found && regulation.review()
        return search
    }

    /// The position of a place.
    func position(of place: Int) -> Int { Int(equations.jacobian.pattern.nodes[place]) }

    /// Searches along the curve of solutions from no load to `loading`.
    func follow(from start: UnsafeMutableBufferPointer<Complex>, to loading: Double) -> Continuation.End {
        begin(at: start)
        return continuation.follow(to: loading)
    }

    /// What a bus gives beyond its injection, less what it should.
    func mismatch(at position: Int, _ surplus: Complex) -> Complex {
        let node = equations.nodes[Int(equations.places[position])]
        let left = surplus - node.support
        return Complex(
            sharing == nil ? left.real * node.balancesActive : left.real,
            left.imaginary * node.balancesReactive)
    }

    func write(_ voltage: UnsafeMutableBufferPointer<Complex>) {
        for position in live.buses.indices {
            voltage[position] = equations.nodes[Int(equations.places[position])].voltage
        }
    }
}
