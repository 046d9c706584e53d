// Which single outage (N−1) violates a limit. The AC power flow of the network as it is gives the
// flows before, and the linear model how every outage changes them, in one pass. That is some per cent off,
// and knows no voltages. So those outages that load a branch most are solved anew by AC power flow, or all of
// them, each on a network of its own: the branch open, or the generator gone and what it gave shared by
// participation. An element of several branches goes out with all of them.

import DCPowerFlow
public import Grid
import Lanes
import Monitoring
import PowerFlow

/// N-1 contingency analysis: the effect of every single outage of a branch, of an element of several branches
/// or of a generator.
///
/// ```swift
/// let networkCase = try CaseFile.load(path: path).networkCase
/// let report = ContingencyAnalysis().study(networkCase)
/// if let worst = report?.contingencies.first { print(worst.outage, worst.severity) }
/// ```
public struct ContingencyAnalysis: Hashable, Sendable {
    /// Which outages are solved by AC power flow.
    public enum Verification: String, Hashable, Sendable, CaseIterable {
        /// None: the linear model alone.
        case none
        /// Those with the highest loadings by the linear model.
        case screened
        /// All.
        case all
    }

    /// Results of all outages.
    public struct Result: Hashable, Sendable {
        /// The network as it is.
        public let base: Contingency
        /// The worst first.
        public let contingencies: [Contingency]
    }

    /// Which outages are solved by AC power flow.
    public let verification: Verification
    /// How many outages `screened` verifies.
    public let verified: Int
    /// Tolerance of the AC power flows, fraction of the network's base power.
    public let tolerance: Double

    /// Creates the settings; `verified` must not be negative, `tolerance` must be positive.
    public init(verification: Verification = .screened, verified: Int = 20, tolerance: Double = 1e-8) {
        precondition(verified >= 0 && tolerance > 0)
        self.verification = verification
        self.verified = verified
        self.tolerance = tolerance
    }

    /// The outage of each closed and energised branch or unit, and of each connected and energised generator
    /// that does not stand at a source; parts that are no element of the file are left out. The same at any
    /// number of workers. Nil where the linear model of the network has no single solution, or a number of it
    /// is not finite.
    public func study(_ networkCase: NetworkCase, workers: Int = 1) -> Result? {
        guard let screen = DCPowerFlowSolver(network: networkCase.network) else { return nil }
        let injections = networkCase.injections
        let verifier = Verifier(networkCase, screen, tolerance: tolerance)
        let origin = networkCase.origin
        let parts = (origin?.units ?? []).reduce(into: origin?.innerBranches ?? []) {
            $0.formUnion($1.branches)
        }
        let branches = screen.screenBranchOutages(injections, from: verifier.before, workers: workers)
            .filter { !parts.contains($0.index) }
        let units = UnitScreening(networkCase, screen, injections, from: verifier.before).outages(
            workers: workers)
        let generators = screen.screenGeneratorOutages(
            networkCase.generators, injections, from: verifier.before, workers: workers
        ).filter { !(origin?.innerGenerators.contains($0.index) ?? false) }
        let lost = (branches + units + generators).map(\.lost.value)
        var contingencies =
            branches.map { Contingency(.branch($0.index), $0) }
            + units.map { Contingency(.unit($0.index), $0) }
            + generators.map { Contingency(.generator($0.index), $0) }
        // Where no branch has a limit, those first that carried most.
        let order = contingencies.indices.sorted {
            let (a, b) = (urgency(contingencies[$0]), urgency(contingencies[$1]))
            return a != b ? a > b : lost[$0] > lost[$1]
        }
        let chosen = order.prefix(limit(of: order.count)).map { contingencies[$0] }
        for (index, found) in zip(order, verifier.verify(chosen, workers: workers)) {
            contingencies[index] = found
        }
        return Result(
            base: verifier.base, contingencies: contingencies.sorted { $0.isWorse(than: $1) })
    }

    private func limit(of count: Int) -> Int {
        switch verification {
        case .none: 0
        case .screened: verified
        case .all: count
        }
    }

    private func urgency(_ contingency: Contingency) -> Double {
        contingency.status.isSolved ? contingency.loading ?? 0 : .infinity
    }
}

/// Solves outages of one case by AC power flow, from the voltages before them. Workers only read it.
private final class Verifier: @unchecked Sendable {
    private let networkCase: NetworkCase
    private let screen: DCPowerFlowSolver
    private let injections: Injections
    private let tolerance: Double
    let before: OperatingPoint

    init(_ networkCase: NetworkCase, _ screen: DCPowerFlowSolver, tolerance: Double) {
        self.networkCase = networkCase
        self.screen = screen
        self.tolerance = tolerance
        injections = networkCase.injections
        let network = networkCase.network
        var point = OperatingPoint(
            buses: network.buses.count, branches: network.branches.count, regulators: network.regulators.count
        )
        PowerFlowSolver(network: network, tolerance: tolerance).solve(injections, into: &point)
        before = point
    }

    var base: Contingency {
        Contingency(.none, before, on: networkCase.network, unserved: before.unserved)
    }

    /// In the order of `screened`.
    func verify(_ screened: [Contingency], workers: Int) -> [Contingency] {
        let found = UnsafeMutableBufferPointer<Contingency>.allocate(capacity: screened.count)
        _ = found.initialize(from: screened)
        defer { found.deinitialize().deallocate() }
        let places = Places(found: found)
        concurrently(screened.count, workers: workers) { _, index in
            places.found[index] = self.verify(screened[index])
        }
        return Array(found)
    }

    /// Each worker writes places of its own.
    private struct Places: @unchecked Sendable {
        let found: UnsafeMutableBufferPointer<Contingency>
    }

    private func verify(_ screened: Contingency) -> Contingency {
        let network: Network
        var injections = injections
        switch screened.outage {
        case .none: return base
        case .branch(let index): network = networkCase.network.opening([index])
        case .unit(let index):
            network = networkCase.network.opening(networkCase.origin!.units[index].branches)
        case .generator(let index):
            network = networkCase.losing(index)
            injections = screen.injections(injections, without: index, of: networkCase.generators)
        }
        var point = before
        point.regulatorReactive = Array(repeating: .zero, count: network.regulators.count)
        PowerFlowSolver(network: network, tolerance: tolerance).solve(
            injections, into: &point, warmStart: true)
        if case .unit(let index) = screened.outage {
            point.leaveOut(networkCase.origin!.units[index].innerBus)
        }
        return Contingency(screened.outage, point, on: network, unserved: screened.unserved)
    }
}

extension Contingency {
    fileprivate init(_ outage: Outage, _ screened: ScreenedOutage) {
        self.init(
            outage: outage, isVerified: false, status: screened.status, loading: screened.loading,
            mostLoaded: screened.mostLoaded, overloads: screened.overloads, unserved: screened.unserved,
            violations: [])
    }

    fileprivate init(_ outage: Outage, _ point: OperatingPoint, on network: Network, unserved: Power) {
        let live =
            point.status.isSolved ? network.branches.indices.filter { network.isLive($0, at: point) } : []
        let loadings = live.compactMap { branch in
            network.loading(of: branch, at: point).map { (branch: branch, loading: $0.value) }
        }
        let worst = loadings.max { ($0.loading, $1.branch) < ($1.loading, $0.branch) }
        let violations = network.violations(at: point)
        self.init(
            outage: outage, isVerified: true, status: point.status, loading: worst?.loading,
            mostLoaded: worst?.branch, overloads: violations.count { $0.kind == .overload },
            unserved: unserved, violations: violations)
    }
}

extension Network {
    /// The network without some branches.
    func opening(_ indices: [Int]) -> Network {
        var network = self
        for index in indices { network.branches[index].isClosed = false }
        return network
    }
}

extension Network {
    /// Whether a branch is closed and energised.
    func isLive(_ branch: Int, at point: OperatingPoint) -> Bool {
        branches[branch].isClosed && point.voltage[branches[branch].from] > .zero
    }
}

extension OperatingPoint {
    /// Makes nothing of a bus that goes out of service with the branches that meet there.
    mutating func leaveOut(_ innerBus: Int) {
        let isWhole = voltage.indices.allSatisfy { $0 == innerBus || voltage[$0] > .zero }
        if status == .islanded, isWhole { status = .converged }
    }
}

extension NetworkCase {
    /// The network when a generator is gone, with the regulators that the others uphold.
    fileprivate func losing(_ index: Int) -> Network {
        var remaining = generators
        remaining[index].isConnected = false
        return NetworkCase(
            name: name, buses: network.buses, branches: network.branches, sources: network.sources,
            loads: loads, generators: remaining, basePower: network.basePower, hasWeights: true
        ).network
    }
}
