import ControlledPowerFlow
import Export
import Foundation
import Grid
import Lanes
import ProfileFile

/// What a balanced case with controls is solved for.
struct ControlledSummary {
    private let networkCase: NetworkCase
    private let controls: CaseControls
    private let profile: ControlledProfile
    private let interval: Double

    init(
        _ networkCase: NetworkCase, _ controls: CaseControls, _ profile: ControlledProfile, interval: Double
    ) {
        self.networkCase = networkCase
        self.controls = controls
        self.profile = profile
        self.interval = interval
    }

    /// Names of the columns of taps and of the stages of capacitors.
    var switchColumns: [String] {
        let taps = controls.controls.tapChangers.count
        return controls.switches.enumerated().map { $0 < taps ? "tap_\($1)" : "stages_\($1)" }
    }

    /// Names of the columns of what inverters give.
    var inverterColumns: [String] {
        controls.generators.flatMap { generator in
            ["kw", "kvar"].map { "\(networkCase.generators[generator].name)_\($0)" }
        }
    }

    /// The summary of a solution.
    func solved(_ series: ControlledSeries) -> Solved { Solved(self, series) }

    /// A solved series: extremes, energies, switching counts.
    struct Solved {
        private struct Extreme {
            var voltage: Double
            var bus: Int
            var step: Int
        }

        private let question: ControlledSummary
        private let series: ControlledSeries
        private let loadings: BranchLoadings
        private let lowest: Extreme?
        private let highest: Extreme?
        private let moves: [Int]
        /// Number of steps without a solution.
        let unsolved: Int

        fileprivate init(_ question: ControlledSummary, _ series: ControlledSeries) {
            self.question = question
            self.series = series
            let network = question.networkCase.network
            loadings = BranchLoadings(series, network: network, controls: question.controls.controls)
            unsolved = series.status.count { !$0.isSolved }
            var (lowest, highest): (Extreme?, Extreme?)
            for step in 0..<series.steps where series.status[step].isSolved {
                for bus in network.buses.indices {
                    let extreme = Extreme(
                        voltage: series.magnitude(bus: bus, step: step), bus: bus, step: step)
                    guard extreme.voltage > 0 else { continue }
                    if extreme.voltage < lowest?.voltage ?? .infinity { lowest = extreme }
                    if extreme.voltage > highest?.voltage ?? 0 { highest = extreme }
                }
            }
            (self.lowest, self.highest) = (lowest, highest)
            let places = question.controls.switches.indices
            moves = places.map { place in
                (1..<max(1, series.steps)).reduce(0) { sum, step in
                    let now = question.position(place, step, series)
                    return sum + abs(now - question.position(place, step - 1, series))
                }
            }
        }

        /// The row of a step.
        func row(_ step: Int) -> FeederSeriesFiles.Step {
            let inverters = question.controls.generators.indices.flatMap {
                [
                    series.inverterActive($0, step: step).kilowatts,
                    series.inverterReactive($0, step: step).kilovars,
                ]
            }
            return FeederSeriesFiles.Step(
                label: question.profile.labels[step], status: series.status[step].rawValue,
                isSolved: series.status[step].isSolved,
                voltages: question.networkCase.namedBuses.map { series.magnitude(bus: $0.bus, step: step) },
                powers: [
                    series.sourcePower(step: step).kilowatts, series.sourceReactive(step: step).kilovars,
                    loadings.losses[step] / 1000,
                ] + inverters,
                positions: question.controls.switches.indices.map {
                    question.position($0, step, series)
                })
        }

        /// kWh of a power in kW of each solved step.
        private func energy(_ power: (Int) -> Double) -> Double {
            (0..<series.steps).reduce(0) {
                $0 + (series.status[$1].isSolved ? power($1) * question.interval / 3600 : 0)
            }
        }

        private var energies: [(name: String, unit: String, value: Double)] {
            let isState = series.steps == 1
            let scale = isState ? 3600 / question.interval : 1
            let unit = isState ? "kw" : "kwh"
            let inverters = question.controls.generators.indices
            let given = { (step: Int) in
                inverters.reduce(0) { $0 + series.inverterActive($1, step: step).kilowatts }
            }
            let available = { (step: Int) in
                inverters.reduce(0) { $0 + question.profile.available[$1, step] / 1000 }
            }
            return [
                ("source", unit, energy { series.sourcePower(step: $0).kilowatts } * scale),
                ("losses", unit, energy { loadings.losses[$0] / 1000 } * scale),
            ]
                + (inverters.isEmpty
                    ? []
                    : [
                        ("inverters", unit, energy(given) * scale),
                        ("curtailed", unit, energy { max(0, available($0) - given($0)) } * scale),
                    ])
        }

        private var fullest: (branch: Int, loading: Double)? {
            let peaks = question.networkCase.network.branches.indices.map { ($0, loadings.peak($0)) }
            return peaks.max { $0.1 < $1.1 }.flatMap { $0.1 > 0 ? $0 : nil }
        }

        private func name(ofBranch index: Int) -> String {
            let branch = question.networkCase.network.branches[index]
            let buses = question.networkCase.network.buses
            return branch.name.isEmpty ? "\(buses[branch.from].name)-\(buses[branch.to].name)" : branch.name
        }

        var text: String {
            let network = question.networkCase.network
            let length =
                series.steps == 1 ? "1 step" : "\(series.steps) steps of \(stepText(Int(question.interval)))"
            let heading =
                "\(question.networkCase.name) · \(question.networkCase.namedBuses.count) buses, \(length), "
                + "with controls · \(unsolved) without a solution"
            var rows = [("lowest", lowest), ("highest", highest)].compactMap { name, extreme in
                extreme.map {
                    "  \(padded(name)) \(fixed($0.voltage, 6)) p.u. at bus \(network.buses[$0.bus].name), step "
                        + question.profile.labels[$0.step]
                }
            }
            if let fullest {
                rows.append(
                    "  \(padded("loading")) \(fixed(fullest.loading * 100, 1)) % of \(name(ofBranch: fullest.branch))"
                )
            }
            rows += energies.map {
                "  \(padded($0.name)) \(fixed($0.value, 3)) \($0.unit == "kw" ? "kW" : "kWh")"
            }
            let ends = question.switchColumns.indices.map { index in
                let end = question.position(index, series.steps - 1, series)
                return "\(question.switchColumns[index]) \(moves[index]) (at the end \(end))"
            }
            if !ends.isEmpty { rows.append("  \(padded("moves")) " + ends.joined(separator: ", ")) }
            return ([heading] + rows).joined(separator: "\n")
        }

        var json: String {
            get throws {
                let network = question.networkCase.network
                var members: [String: Any] = [
                    "case": question.networkCase.name, "buses": question.networkCase.namedBuses.count,
                    "steps": series.steps, "step_s": question.interval, "unsolved": unsolved,
                    "moves": Dictionary(zip(question.switchColumns, moves)) { first, _ in first },
                ]
                for energy in energies { members["\(energy.name)_\(energy.unit)"] = energy.value }
                for (name, extreme) in [("lowest", lowest), ("highest", highest)] {
                    guard let extreme else { continue }
                    members["\(name)_voltage_pu"] = extreme.voltage
                    members["\(name)_voltage_bus"] = network.buses[extreme.bus].name
                    members["\(name)_voltage_step"] = question.profile.labels[extreme.step]
                }
                if let fullest {
                    members["most_loaded_branch"] = name(ofBranch: fullest.branch)
                    members["loading_percent"] = fullest.loading * 100
                }
                return String(
                    decoding: try JSONSerialization.data(
                        withJSONObject: members, options: [.prettyPrinted, .sortedKeys]),
                    as: UTF8.self)
            }
        }
    }

    /// Position of a tap changer, or stages of a capacitor, at the end of a step.
    private func position(_ place: Int, _ step: Int, _ series: ControlledSeries) -> Int {
        let taps = controls.controls.tapChangers.count
        return place < taps ? series.tap(place, step: step) : series.stages(place - taps, step: step)
    }
}
