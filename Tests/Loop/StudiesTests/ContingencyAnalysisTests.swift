import Grid
import Monitoring
import Studies
import Testing

@Suite struct ContingencyAnalysisTests {
    /// Buses of 10 kV within 0.9…1.1, the source at 0; p.u. on 1 MW, so that 1 p.u. is 100 Ω.
    private func networkCase(
        buses: Int, _ lines: [(from: Int, to: Int, reactance: Double, rating: Double?)],
        loads: [Int: Double] = [:], generators: [NetworkCase.Generator] = []
    ) -> NetworkCase {
        NetworkCase(
            name: "",
            buses: (0..<buses).map {
                Bus(name: "\($0)", nominalVoltage: Voltage(10_000), limits: 0.9...1.1)
            },
            branches: lines.map {
                Branch(
                    name: "\($0.from)-\($0.to)", from: $0.from, to: $0.to, resistance: .zero,
                    reactance: Impedance($0.reactance * 100), rating: $0.rating.map { ApparentPower($0) })
            }, sources: [.init(bus: 0, voltage: 1)],
            loads: loads.sorted { $0.key < $1.key }.map {
                NetworkCase.Load(name: "", bus: $0.key, active: Power($0.value), reactive: .zero)
            }, generators: generators, basePower: Power(1e6))
    }

    private func report(
        _ networkCase: NetworkCase, _ verification: ContingencyAnalysis.Verification = .all, verified: Int = 0
    ) throws -> ContingencyAnalysis.Result {
        try #require(
            ContingencyAnalysis(verification: verification, verified: verified).study(networkCase))
    }

    /// Two wires of x = 0.1 p.u. to 1 p.u. of load; over one alone the load, of unity power factor, has
    /// |v|² = (1 + √(1 − 4x²))/2 and the sending end gives 1 + j·x/|v|².
    @Test func theRemainingWireIsOverloaded() throws {
        let twin = networkCase(buses: 2, [(0, 1, 0.1, 0.8e6), (0, 1, 0.1, 1.2e6)], loads: [1: 1e6])
        let report = try report(twin)
        #expect(report.base.severity == .secure && report.base.isVerified && report.base.outage == .none)
        let squared = (1 + (1 - 4 * 0.01).squareRoot()) / 2
        let apparent = (1 + 0.01 / (squared * squared)).squareRoot()
        #expect(report.contingencies.map(\.outage) == [.branch(1), .branch(0)])
        let (worse, better) = (report.contingencies[0], report.contingencies[1])
        #expect(worse.severity == .overload && worse.overloads == 1 && worse.mostLoaded == 0)
        #expect((worse.loading! - apparent / 0.8).magnitude < 1e-7)
        #expect(worse.violations == [.init(kind: .overload, place: 0, value: worse.loading!, limit: 1)])
        #expect(better.severity == .secure && (better.loading! - apparent / 1.2).magnitude < 1e-7)
    }

    /// Of the reactive power it knows what flowed before: half of 1 p.u. over x = 0.1 at each wire.
    @Test func linearScreeningAloneKnowsTheActiveFlows() throws {
        let twin = networkCase(buses: 2, [(0, 1, 0.1, 0.8e6), (0, 1, 0.1, 1.2e6)], loads: [1: 1e6])
        let report = try report(twin, .none)
        #expect(report.contingencies.map(\.outage) == [.branch(1), .branch(0)])
        #expect(report.contingencies.allSatisfy { !$0.isVerified && $0.violations.isEmpty })
        let reactive = 0.1 * 0.25 / ((1 + (1 - 4 * 0.0025).squareRoot()) / 2)
        let apparent = (1 + reactive * reactive).squareRoot()
        #expect((report.contingencies[0].loading! - apparent / 0.8).magnitude < 1e-7)
    }

    @Test func ampacityBindsBesideTheRating() throws {
        let bus = Bus(name: "", nominalVoltage: Voltage(10_000), limits: 0.9...1.1)
        let wire = { (ampacity: Double) in
            Branch(
                name: "", from: 0, to: 1, resistance: .zero, reactance: Impedance(1),
                ampacity: Current(ampacity), rating: ApparentPower(1e9))
        }
        let twin = NetworkCase(
            name: "", buses: [bus, bus], branches: [wire(100), wire(50)],
            sources: [.init(bus: 0, voltage: 1)],
            loads: [.init(name: "", bus: 1, active: Power(1e6), reactive: .zero)], generators: [],
            basePower: Power(1e6))
        let amperes = 1e6 / (3.0.squareRoot() * 10_000)
        let report = try report(twin)
        #expect(report.contingencies[0].outage == .branch(0) && report.contingencies[0].overloads == 1)
        #expect((report.contingencies[0].loading! - amperes / 50).magnitude < 1e-3)
        #expect((report.contingencies[1].loading! - amperes / 100).magnitude < 1e-3)
    }

    /// A line of reactance x carries at most 1/2x p.u. at unity power factor: two of 0.4 bear 1.5, one not.
    @Test func whatHasNoSolutionIsWorst() throws {
        let stretched = networkCase(
            buses: 3, [(0, 1, 0.4, nil), (0, 1, 0.4, nil), (1, 2, 0.01, nil)],
            loads: [1: 1.4e6, 2: 0.1e6])
        let report = try report(stretched)
        #expect(report.base.status == .converged)
        #expect(report.contingencies.map(\.severity) == [.unsolved, .unsolved, .unserved])
        #expect(report.contingencies[0].loading == nil && report.contingencies[0].violations.isEmpty)
        #expect(report.contingencies[2].outage == .branch(2))
        #expect((report.contingencies[2].unserved.value - 0.1e6).magnitude < 1e-6)
    }

    /// A ring in which the far bus sags when it is fed the long way round.
    @Test func lowVoltageIsToldWithItsBus() throws {
        let ring = networkCase(
            buses: 3, [(0, 1, 0.05, nil), (1, 2, 0.4, nil), (0, 2, 0.1, nil)], loads: [2: 1e6])
        let report = try report(ring)
        let worst = report.contingencies[0]
        #expect(worst.outage == .branch(2) && worst.severity == .voltage && worst.status == .converged)
        let squared = (1 + (1 - 4 * 0.45 * 0.45).squareRoot()) / 2
        #expect(worst.worstVoltage?.kind == .undervoltage && worst.worstVoltage?.place == 2)
        #expect((worst.worstVoltage!.value - squared.squareRoot()).magnitude < 1e-7)
        #expect(report.contingencies.dropFirst().allSatisfy { $0.severity == .secure })
    }

    @Test func onlyTheMostLoadedAreVerified() throws {
        let lines = (1...6).map { (0, $0, 0.1, 1e6 as Double?) } + (1...6).map { (0, $0, 0.1, nil) }
        let star = networkCase(
            buses: 7, lines, loads: Dictionary(uniqueKeysWithValues: (1...6).map { ($0, 1e5 * Double($0)) }))
        let report = try report(star, .screened, verified: 3)
        let verified = report.contingencies.filter(\.isVerified)
        #expect(Set(verified.map(\.outage)) == [.branch(9), .branch(10), .branch(11)])
        #expect(report.contingencies.count == 12)
        #expect(ContingencyAnalysis(verified: 3).study(star, workers: 2) == report)
        for (worse, better) in zip(report.contingencies, report.contingencies.dropFirst()) {
            #expect(!better.isWorse(than: worse))
        }
    }

    @Test func withoutLimitsThoseThatCarryMostAreVerified() throws {
        let twins = [1, 2, 3].flatMap { [(0, $0, 0.1, nil as Double?), (0, $0, 0.1, nil)] }
        let star = networkCase(buses: 4, twins, loads: [1: 1e5, 2: 3e5, 3: 2e5])
        let report = try report(star, .screened, verified: 3)
        let verified = Set(report.contingencies.filter(\.isVerified).map(\.outage))
        #expect(verified == [.branch(2), .branch(3), .branch(4)])
    }

    /// Two wires of 50 % and 50 % to a load and a generator half its size: without it they carry all.
    @Test func aLostGeneratorIsReplacedByTheSource() throws {
        let generator = NetworkCase.Generator(name: "", bus: 1, active: Power(0.5e6))
        let local = networkCase(
            buses: 2, [(0, 1, 0.1, 0.4e6), (0, 1, 0.1, 0.4e6)], loads: [1: 1e6], generators: [generator])
        let report = try report(local)
        #expect(report.base.severity == .secure)
        let lost = try #require(report.contingencies.first { $0.outage == .generator(0) })
        #expect(lost.overloads == 2 && (lost.loading! - 1.25).magnitude < 0.01)
    }

    @Test func aCaseWithoutLinearSolutionHasNoReport() {
        let resonant = networkCase(buses: 2, [(0, 1, 0.1, nil), (0, 1, -0.1, nil)], loads: [1: 1e6])
        #expect(ContingencyAnalysis().study(resonant) == nil)
    }
}
