import Devices
import EconomicDispatch
import Events
import Export
import Foundation
import Grid
import Market
import Messaging
import Planning
import Results
import Scheduling
import Settlement
import Simulator
import Timeline

/// The summary of a run for the terminal.
struct Ending: CustomStringConvertible {
    private let summary: Summary
    private let directory: String

    init(_ summary: Summary, in directory: String) {
        self.summary = summary
        self.directory = directory
    }

    var description: String {
        """
        \(heading)
        \(failure)
        \(energy)

        \(conclusions)

        \(directory)/report.html
        """
    }

    private var heading: String {
        let (scenario, horizon) = (summary.scenario, summary.scenario.horizon)
        let (first, last) = (
            scenario.zone.civil(horizon.start).date, scenario.zone.civil(horizon.end - 1).date
        )
        let facts =
            [
                scenario.name, "\(first) to \(last)",
                "\(count(horizon.count)) steps of \(stepText(horizon.step))",
                scenario.planning.dispatcher.name,
            ] + scenario.overrides.map { "override \($0)" }
        return facts.joined(separator: " · ")
    }

    /// Comes first where the network had no solution, else an empty line.
    private var failure: String {
        let checks = summary.checks
        guard checks.diverged > 0 else { return "" }
        return """

              NO POWER FLOW SOLUTION in \(count(checks.diverged)) of \(count(summary.steps)) steps: nothing \
            is served in them; their demand of \(grouped(checks.lost.kilowattHours, 1)) kWh is energy not \
            served

            """
    }

    /// One line per kind of source and consumption: energy, and share of all energy supplied.
    private var energy: String {
        let rows: [(String, Energy)] = [
            ("solar", summary.tally(of: .solar).given), ("wind", summary.tally(of: .wind).given),
            ("hydro", summary.tally(of: .hydro).given), ("genset", summary.tally(of: .genset).given),
            ("import", summary.tally(of: .grid).given), ("battery out", summary.tally(of: .battery).given),
            ("flexible out", summary.tally(of: .flexible).given),
            ("load", -summary.tally(of: .load).taken), ("flexible", -summary.tally(of: .flexible).taken),
            ("export", -summary.tally(of: .grid).taken),
            ("battery in", -summary.tally(of: .battery).taken), ("losses", -summary.totalLosses),
        ]
        let total = rows.reduce(0) { $0 + max(0, $1.1.kilowattHours) }
        let (unit, divisor) = total < 100_000 ? ("kWh", 1.0) : ("MWh", 1000)
        let lines = rows.filter { $0.1 != .zero }.map { name, energy in
            let share = total > 0 ? energy.kilowattHours / total * 100 : 0
            return "  \(name.padding(toLength: 12, withPad: " ", startingAt: 0))"
                + "\(aligned(grouped(energy.kilowattHours / divisor, 1), 12))\(aligned(grouped(share, 1), 8)) %"
        }
        return (["  energy               \(unit)   share"] + lines).joined(separator: "\n")
    }

    private var conclusions: String {
        let (messages, checks) = (summary.messages, summary.checks)
        let traffic = messages.traffic
        let residual = checks.largestResidual.kilowattHours.formatted(
            .number.notation(.scientific).precision(.fractionLength(0)))
        let losses =
            summary.scenario.network.branches.isEmpty
            ? "losses as stated" : "losses recomputed from I²R"
        let physics =
            checks.diverged == 0
            ? "energy balance holds within \(residual) kWh per step (\(losses))"
            : "NO POWER FLOW SOLUTION in \(count(checks.diverged)) of \(count(summary.steps)) steps"
        let balance =
            summary.ledgerImbalance == 0
            ? "every ledger asset sums to zero" : "A LEDGER ASSET DOES NOT SUM TO ZERO"
        let hasGrid = summary.scenario.connection != nil
        let bill = [
            "  bill         \(grouped(summary.bill.yuan, 2)) yuan to the grid company, net; "
                + "demand charge \(grouped(summary.demandCharge.yuan, 2)) of it"
        ]
        let bills = summary.connectionBills
        let money =
            (hasGrid ? bill + (bills.count > 1 ? bills.map(told) : []) : fuel) + partialMonths + [
                "  green income \(grouped(summary.greenIncome.yuan, 2)) yuan, "
                    + "\(count(Int(summary.certificatesIssued))) certificates issued"
            ] + starts
        let conduct =
            [
                "  not served   \(grouped(summary.unserved.kilowattHours, 1)) kWh, "
                    + "curtailed \(grouped(summary.curtailed.kilowattHours, 1)) kWh"
            ] + resilience + [
                "  messages     \(count(traffic.sent.messages)) sent "
                    + "(\(grouped(Double(traffic.sent.bytes) / 1e6, 1)) MB), "
                    + "\(count(traffic.lost.messages)) lost, "
                    + (traffic.dropped.messages > 0 ? "\(count(traffic.dropped.messages)) dropped, " : "")
                    + "\(count(messages.held)) setpoints held, \(count(messages.fallback)) fallbacks",
                "  plans        \(plans)",
                "  checks       \(physics); \(balance)",
            ] + phases + [
                "  alarms       \(alarms)"
            ]
        return (money + conduct).joined(separator: "\n")
    }

    private func told(_ bill: Summary.ConnectionBill) -> String {
        "               \(bill.name): \(grouped(bill.net.yuan, 2)) yuan for "
            + "\(grouped(Double(bill.imported.count) / 1000, 1)) kWh imported, "
            + "\(grouped(Double(bill.exported.count) / 1000, 1)) kWh exported"
    }

    /// Voltages by phase, unbalance, and what controls did; none in a balanced network.
    private var phases: [String] {
        guard let feeder = summary.feeder else { return [] }
        let buses = summary.scenario.network.buses
        let ranges = zip(["a", "b", "c"], feeder.phases).compactMap { name, phase in
            phase.lowest.flatMap { low in
                phase.highest.map { high in
                    "\(name) \(grouped(low.value, 4)) (\(buses[low.bus ?? 0].name)) to \(grouped(high.value, 4)) pu "
                        + "(\(buses[high.bus ?? 0].name))"
                }
            }
        }
        let unbalance = feeder.largestUnbalance.map {
            "unbalance at most \(grouped(100 * $0.value, 2)) % (\(buses[$0.bus ?? 0].name))"
        }
        let neutral = feeder.largestNeutralCurrent.map {
            "neutral current at most \(grouped($0.value, 1)) A (\(feeder.neutralLine))"
        }
        let moved = feeder.controls.map { "\($0.name) \(count($0.moves))" }
        let moves = "\(count(feeder.moves)) moves of controls: \(moved.joined(separator: ", "))"
        return ["  phases       \(ranges.joined(separator: ", "))"]
            + [unbalance, neutral].compactMap { $0 }.map { "               \($0)" }
            + (moved.isEmpty ? [] : ["  controls     \(moves)"])
    }

    /// What gensets burnt, where there is no bill of a grid company.
    private var fuel: [String] {
        let cost = zip(summary.scenario.devices, summary.fuel).reduce(0) {
            $0 + ($1.0.genset?.fuelPrice ?? 0) * $1.1
        }
        return [
            "  fuel         \(grouped(summary.fuel.reduce(0, +), 1)) L, \(grouped(cost, 2)) yuan; "
                + "there is no external grid"
        ]
    }

    /// What events did; no line in a run without events.
    private var resilience: [String] {
        guard !summary.scenario.events.isEmpty else { return [] }
        let came = summary.resilience
        let causes = came.unserved.map { "\(grouped($0.energy.kilowattHours, 1)) kWh \($0.cause.rawValue)" }
        let why = causes.isEmpty ? "" : " (\(causes.joined(separator: ", ")))"
        let parted =
            summary.scenario.connection == nil
            ? ""
            : "\(grouped(came.disconnectedHours, 2)) h without the external grid, "
                + "\(grouped(came.islandedHours, 2)) h with an island, "
        let unnoticed = came.attacks.count { $0.noticed == nil }
        let attacks =
            came.attacks.isEmpty
            ? []
            : [
                "               \(count(came.attacks.count)) attacks, \(count(unnoticed)) of them never noticed"
            ]
        return [
            "  events       \(parted)\(count(came.blackStarts)) black starts",
            "               demand not served in \(grouped(came.unservedHours, 2)) h\(why)",
        ] + attacks
    }

    /// One line where months are simulated in part.
    private var partialMonths: [String] {
        let told = summary.partialMonths.map { part in
            "\(part.description) of \(part.month)"
        }
        if !told.isEmpty {
            return [
                "               demand charge and contract volumes are those of \(told.joined(separator: ", "))"
            ]
        }
        let full = summary.fullPartialMonths.map(\.description)
        guard !full.isEmpty else { return [] }
        return [
            "               demand charge and contract volumes are those of the whole month in "
                + full.joined(separator: ", ")
        ]
    }

    /// One line where starts of gensets cost money, else none.
    private var starts: [String] {
        let count = summary.starts.reduce(0) { $0 + $1.count }
        guard summary.startCosts > 0 else { return [] }
        return ["  starts       \(self.count(count)) genset starts, \(grouped(summary.startCosts, 2)) yuan"]
    }

    /// Counts of plans by status; those that merit-order had to make are in capitals.
    private var plans: String {
        let made = summary.plans.map {
            let told = "\(count($0.count)) \($0.status.rawValue)"
            return $0.status == .fallback ? "\(told.uppercased()): made by merit-order instead" : told
        }
        let failed = summary.plansWithoutNetwork
        let limits = "\(count(failed)) DO NOT KEEP THE NETWORK LIMITS: a step has no power flow solution"
        let above = summary.gaps.share.map {
            ["at most \(grouped(100 * $0, 2)) % above the least cost"]
        }
        return (made + (above ?? []) + (failed == 0 ? [] : [limits])).joined(separator: ", ")
    }

    /// Count of alarms by kind, in the order of their first alarm.
    private var alarms: String {
        var kinds: [(name: String, count: Int)] = []
        for alarm in summary.alarms {
            if let known = kinds.firstIndex(where: { $0.name == alarm.kind }) {
                kinds[known].count += alarm.count
            } else {
                kinds.append((alarm.kind, alarm.count))
            }
        }
        return kinds.isEmpty ? "none" : kinds.map { "\(count($0.count)) \($0.name)" }.joined(separator: ", ")
    }

    private func count(_ number: Int) -> String { grouped(Double(number), 0) }

    private func grouped(_ value: Double, _ decimals: Int) -> String {
        value.formatted(
            .number.precision(.fractionLength(decimals)).grouping(.automatic).locale(
                Locale(identifier: "en_US")))
    }

    private func aligned(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}
