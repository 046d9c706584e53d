import Foundation
import Grid
import Lanes
import PowerFlow
import TestSupport
import Testing

/// Every variant of every folder of Tests/Golden/powerflow, by every method that applies: |V| within
/// 1e-8 p.u., angles within 1e-6°.
@Suite struct PowerFlowGoldenTests {
    @Test func casesAreThere() throws {
        let kept = try GoldenCase.kept.map { try GoldenCase($0).variants.count }
        #expect(kept.reduce(0, +) >= 200)
    }

    private static let areFetched = ConditionTrait.enabled(
        if: Checkout.hasFetched(GoldenCase.large), "scripts/test-cases has not fetched the large cases")

    @Test(arguments: GoldenCase.kept) func oneByOne(folder: String) throws { try solveOneByOne(folder) }

    @Test(areFetched, arguments: GoldenCase.large) func largeOneByOne(folder: String) throws {
        try solveOneByOne(folder)
    }

    private func solveOneByOne(_ folder: String) throws {
        let golden = try GoldenCase(folder)
        for variant in golden.variants {
            let edited = try variant.edited(golden)
            let answer = try GoldenAnswer(variant, edited.network)
            for method in try methods(edited.network, answer) {
                let solver = PowerFlowSolver(
                    network: edited.network, method: method, tolerance: 1e-9,
                    sharesRemainder: variant.isShared)
                var point = OperatingPoint(
                    buses: edited.network.buses.count, branches: edited.network.branches.count,
                    regulators: edited.network.regulators.count)
                solver.solve(edited.injections, into: &point)
                try answer.check(point, edited.injections, method.rawValue)
            }
        }
    }

    /// The sweep knows neither loops nor held voltages, and cannot tell a collapse.
    private func methods(_ network: Network, _ answer: GoldenAnswer) throws -> [PowerFlowSolver.Method] {
        let isSwept = LiveNetwork(PerUnitNetwork(network)).isForest && network.regulators.isEmpty
        let isSolved = try answer.status().isSolved
        return isSwept && isSolved ? [.automatic, .newton, .sweep] : [.automatic, .newton]
    }

    /// Variants of one network are steps of one series.
    @Test(arguments: GoldenCase.kept) func asSeries(folder: String) throws { try solveAsSeries(folder) }

    @Test(areFetched, arguments: GoldenCase.large) func largeAsSeries(folder: String) throws {
        try solveAsSeries(folder)
    }

    private func solveAsSeries(_ folder: String) throws {
        let golden = try GoldenCase(folder)
        let solved = try golden.variants.map { (variant: $0, edited: try $0.edited(golden)) }.filter {
            try $0.variant.isConstantPower && !$0.variant.isShared
        }
        for (network, steps) in Dictionary(grouping: solved, by: \.edited.network) {
            var series = InjectionSeries(buses: network.buses.count, steps: steps.count)
            for (step, injections) in steps.map(\.edited.injections).enumerated() {
                for bus in 0..<network.buses.count {
                    series.active[bus, step] = injections.active[bus].value
                    series.reactive[bus, step] = injections.reactive[bus].value
                }
            }
            let voltages = TimeSeriesPowerFlow(network: network, tolerance: 1e-9).solve(series)
            for (step, (variant, _)) in steps.enumerated() {
                let answer = try GoldenAnswer(variant, network)
                let status = try answer.status()
                #expect(voltages.status[step] == status, "\(variant.name): \(voltages.status[step])")
                guard status.isSolved else { continue }
                try answer.checkVoltages("series") { bus in
                    let (re, im) = (voltages.real[bus, step], voltages.imaginary[bus, step])
                    return (voltages.magnitude(bus: bus, step: step), atan2(im, re))
                }
            }
        }
    }

    /// What papers and other tools print of these cases, to the digits they print.
    @Test func publishedFigures() throws {
        for row in try GoldenTable("powerflow/published").rows {
            let golden = try GoldenCase(row.text("folder"))
            let variant = try #require(golden.variants.first { $0.name == row.text("variant") })
            let edited = try variant.edited(golden)
            let solver = PowerFlowSolver(network: edited.network)
            var point = OperatingPoint(
                buses: edited.network.buses.count, branches: edited.network.branches.count,
                regulators: edited.network.regulators.count)
            solver.solve(edited.injections, into: &point)
            let lowest = zip(point.voltage, edited.network.buses).map { $0 / $1.nominalVoltage }
                .enumerated().min { $0.element < $1.element }!
            let value =
                switch row.text("quantity") {
                case "losses_kw": point.losses.kilowatts
                case "losses_mw": point.losses.kilowatts / 1000
                case "losses_kvar":
                    (point.sourceReactive + edited.injections.reactive.reduce(.zero, +)).kilovars
                case "lowest_pu": lowest.element
                case "lowest_bus": try #require(Double(edited.network.buses[lowest.offset].name))
                default: throw CocoaError(.featureUnsupported)
                }
            #expect(
                abs(value - row["value"]) <= row["tolerance"], "\(row): \(value)")
        }
    }
}
