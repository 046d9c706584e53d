import DCPowerFlow
import Grid
import Lanes

/// The linear screening of elements of several branches, such as three-winding transformers. They are few, so
/// that each gets a linear model of its own, and the changes of the flows are added to those before.
struct UnitScreening: Sendable {
    private let networkCase: NetworkCase
    private let injections: Injections
    /// The linear solution before.
    private let linear: OperatingPoint
    /// By branch, W and var: what is carried before.
    private let active: [Double]
    private let reactive: [Double]

    /// `before` counts where it is a solution, otherwise the linear model's.
    init(
        _ networkCase: NetworkCase, _ screen: DCPowerFlowSolver, _ injections: Injections,
        from before: OperatingPoint
    ) {
        self.networkCase = networkCase
        self.injections = injections
        let network = networkCase.network
        var linear = OperatingPoint(
            buses: network.buses.count, branches: network.branches.count, regulators: network.regulators.count
        )
        screen.solve(injections, into: &linear)
        let base = before.status.isSolved ? before : linear
        active = zip(base.powerFrom, base.powerTo).map { ($0 - $1).value / 2 }
        reactive = zip(base.reactiveFrom, base.reactiveTo).map { max($0.value.magnitude, $1.value.magnitude) }
        self.linear = linear
    }

    /// Of each unit that has a closed and energised branch.
    func outages(workers: Int) -> [ScreenedOutage] {
        let network = networkCase.network
        let units = networkCase.origin?.units ?? []
        let live = units.indices.filter { unit in
            units[unit].branches.contains {
                network.isLive($0, at: linear)
            }
        }
        let found = live.map { unit in
            let lost = units[unit].branches.map { active[$0].magnitude }.max() ?? 0
            return ScreenedOutage(index: unit, lost: Power(lost), status: .diverged)
        }
        let places = Places(found)
        concurrently(live.count, workers: workers) { _, place in
            screen(units[live[place]], into: &places.found[place])
        }
        return places.take()
    }

    private func screen(_ unit: NetworkCase.Origin.Unit, into outage: inout ScreenedOutage) {
        let network = networkCase.network.opening(unit.branches)
        guard let solver = DCPowerFlowSolver(network: network) else { return }
        var point = linear
        solver.solve(injections, into: &point)
        guard point.status.isSolved else { return }
        point.leaveOut(unit.innerBus)
        outage.status = point.status
        outage.unserved = max(.zero, point.unserved - linear.unserved)
        for (index, branch) in network.branches.enumerated() where network.isLive(index, at: point) {
            guard let limit = network.thermalLimit(of: branch) else { continue }
            let flow = active[index] + (point.powerFrom[index] - linear.powerFrom[index]).value
            let square = flow * flow + reactive[index] * reactive[index]
            let loading = square.squareRoot() / limit.value
            if loading > 1 { outage.overloads += 1 }
            if loading > outage.loading ?? -1 { (outage.loading, outage.mostLoaded) = (loading, index) }
        }
    }

    /// Each worker writes places of its own.
    private final class Places: @unchecked Sendable {
        let found: UnsafeMutableBufferPointer<ScreenedOutage>

        init(_ outages: [ScreenedOutage]) {
            found = .allocate(capacity: outages.count)
            _ = found.initialize(from: outages)
        }

        func take() -> [ScreenedOutage] { Array(found) }

        deinit { found.deinitialize().deallocate() }
    }
}
