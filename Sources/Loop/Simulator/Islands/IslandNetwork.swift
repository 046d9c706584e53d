import Grid
import PowerFlow

/// Power flow of a network that is parted by events: one source for each part that is alive. The solver is
/// made once for each topology and kept as long as it lasts.
struct IslandNetwork {
    /// What a solver is made for.
    struct Topology: Hashable {
        var isClosed: [Bool]
        var sources: [Network.Source]
    }

    private let network: Network
    private let tolerance: Double
    private var kept: (topology: Topology, solver: PowerFlowSolver)?

    init(_ network: Network, tolerance: Double) {
        self.network = network
        self.tolerance = tolerance
    }

    /// Solves for `injections`. Without a source nothing has voltage.
    mutating func solve(_ injections: Injections, _ topology: Topology, into point: inout OperatingPoint) {
        guard !topology.sources.isEmpty else {
            point = OperatingPoint(buses: network.buses.count, branches: network.branches.count)
            point.status = .islanded
            return
        }
        if kept?.topology != topology {
            var parted = network
            for branch in parted.branches.indices {
                parted.branches[branch].isClosed = topology.isClosed[branch]
            }
            parted.sources = topology.sources
            kept = (topology, PowerFlowSolver(network: parted, tolerance: tolerance))
        }
        kept!.solver.solve(injections, into: &point)
    }

    /// Solves for other injections, in the topology of before.
    func solveAgain(_ injections: Injections, into point: inout OperatingPoint) {
        kept?.solver.solve(injections, into: &point)
    }

    /// What the source at `bus` gives beside `injections`: what leaves the bus less what is injected there.
    func sourcePower(
        at bus: Int, _ point: OperatingPoint, _ injections: Injections
    ) -> (active: Power, reactive: ReactivePower) {
        let voltage = point.voltage[bus].value
        var active = Power(network.buses[bus].shuntConductance * voltage * voltage) - injections.active[bus]
        var reactive =
            ReactivePower(-network.buses[bus].shuntSusceptance * voltage * voltage) - injections.reactive[bus]
        for (index, branch) in network.branches.enumerated() {
            if branch.from == bus {
                active += point.powerFrom[index]
                reactive += point.reactiveFrom[index]
            }
            if branch.to == bus {
                active += point.powerTo[index]
                reactive += point.reactiveTo[index]
            }
        }
        return (active, reactive)
    }
}
