import Grid
import LinearAlgebra

/// Newton's method for any network with all that may stand in its way: limits, shared remainders, poor starts
/// and injections that no voltages fit. One a worker.
final class MeshedSolver {
    /// Where a search begins.
    private enum Start {
        /// At the sources' voltages and the angles of a linear power flow.
        case turned
        /// At the sources' voltages.
        case flat
        /// At nominal voltage, at one angle.
        case level
        case unloaded
    }

    /// From which a voltage is not looked at twice, p.u.
    static let leastVoltage = 0.3

    let equations: PowerEquations
    private let live: LiveNetwork
    private let newton: NewtonRaphson
    private let regulation: Regulation
    private let sharing: SharedRemainder?
    private let tolerance: Double
    private let starts: [Start]
    /// By position.
    private let flatStart: [Complex]
    private let levelStart: [Complex]
    /// By place, of the network alone.
    private lazy var unloaded = unloadedVoltages()
    private lazy var continuation = Continuation(
        equations, newton: newton, regulation: regulation, sharing: sharing, tolerance: tolerance)

    /// `flatStart`: by position.
    init(
        _ live: LiveNetwork, of network: PerUnitNetwork, _ settings: PowerFlowSolver.Settings,
        flatStart: [Complex]
    ) {
        self.live = live
        self.flatStart = flatStart
        starts = live.isForest ? [.flat, .turned, .level, .unloaded] : [.turned, .flat, .level, .unloaded]
        let first = flatStart[live.roots[0]]
        levelStart = flatStart.indices.map {
            live.parents[$0] < 0 ? flatStart[$0] : first * (1 / first.magnitude)
        }
        tolerance = settings.tolerance
        equations = PowerEquations(live, of: network)
        regulation = Regulation(
            equations, live, of: network, keepsLimits: settings.keepsReactiveLimits, tolerance: tolerance)
        sharing = settings.sharesRemainder ? SharedRemainder(equations, live, of: network) : nil
        newton = NewtonRaphson(equations, sharing: sharing, tolerance: tolerance)
    }

    private func unloadedVoltages() -> [Complex]? {
        let (voltages, states) = (equations.nodes.map(\.voltage), regulation.states)
        begin(regulation.allHolding) { flatStart[$0] }
        let unloaded = equations.unloadedVoltages()
        regulation.states = states
        for k in voltages.indices { equations.nodes[k].voltage = voltages[k] }
        return unloaded
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
    func solve(from start: UnsafeMutableBufferPointer<Complex>) -> Search {
        ask(for: 1)
        begin(regulation.allHolding) { start[$0] }
        return settle()
    }

    /// Searches at a `loading` from one start after the other. What is found at voltages too low to be
    /// trusted does not count.
    func search(loading: Double) -> Search {
        var search = Search.stuck
        for start in starts {
            search = self.search(loading: loading, from: start, regulation.allHolding)
            if search != .found, regulation.states != regulation.allHolding {
                // Voltages held against each other were a poor start for those that let go.
                search = self.search(loading: loading, from: start, regulation.states)
            }
            if search == .found {
                if isPlausible { return .found }
                search = .stuck
            }
        }
        return search
    }

    private func search(loading: Double, from start: Start, _ states: [Regulation.State]) -> Search {
        ask(for: loading)
        begin(states) { start == .level ? levelStart[$0] : flatStart[$0] }
        if start == .turned { newton.turnAngles() }
        if start == .unloaded, let unloaded {
            for k in unloaded.indices where equations.nodes[k].balancesReactive != 0 {
                equations.nodes[k].voltage = unloaded[k]
            }
        }
        return settle()
    }

    private func ask(for loading: Double) {
        equations.loading = loading
        sharing?.reset()
    }

    /// At voltages by position.
    private func begin(_ states: [Regulation.State], at voltage: (Int) -> Complex) {
        for position in live.buses.indices {
            equations.nodes[Int(equations.places[position])].voltage = voltage(position)
        }
        regulation.states = states
    }

    private func settle() -> Search {
        var search: Search
        repeat { search = newton.solve() } while search == .found && regulation.review()
        return search
    }

    /// The position of a place.
    func position(of place: Int) -> Int { Int(equations.jacobian.pattern.nodes[place]) }

    /// Searches along the curve of solutions to a `loading`, from the first of some smaller ones that is
    /// solved; no load is the last, as regulators often cannot take all that lines then charge.
    func follow(to loading: Double) -> Continuation.End {
        for part in [1, 0.5, 0.25, 0] where part < loading {
            guard search(loading: part) == .found, regulation.isExplained else { continue }
            let end = continuation.follow(to: loading)
            if case .lost = end { continue }
            return end
        }
        return .lost
    }

    /// Whether no voltage is so low, by nominal and by what it is without load, that another branch of the
    /// curve is to be feared, or a bus without load at no voltage at all.
    var isPlausible: Bool {
        let least = Self.leastVoltage * Self.leastVoltage
        let nodes = equations.nodes
        return nodes.indices.allSatisfy {
            let square = nodes[$0].voltage.squared
            if square >= least { return true }
            guard let unloaded else { return false }
            return square >= least * unloaded[$0].squared
        }
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
