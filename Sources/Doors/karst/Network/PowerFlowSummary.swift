import Export
import Foundation
import Grid
import Monitoring
import PowerFlow
import ProfileFile

/// One power flow for the terminal.
struct PointSummary {
    private let result: PowerFlowResult
    private var point: OperatingPoint { result.point }
    private var network: Network { result.networkCase.network }
    private var names: [NetworkCase.Origin.NamedBus] { result.networkCase.namedBuses }

    init(_ result: PowerFlowResult) { self.result = result }

    var text: String {
        let heading =
            "\(result.networkCase.name) · \(names.count) buses, \(network.branches.count) branches · "
            + "\(point.status.rawValue), \(point.iterations) iterations, mismatch \(scientific(point.mismatch)) p.u."
        guard point.status.isSolved else { return ([heading] + failure).joined(separator: "\n") }
        return ([heading, ""] + powers + voltages + loadings + exceptions).joined(separator: "\n")
    }

    /// The summary as one JSON object.
    var json: String {
        get throws {
            var members: [String: Any] = [
                "case": result.networkCase.name, "buses": names.count,
                "branches": network.branches.count,
                "status": point.status.rawValue, "iterations": point.iterations,
                "mismatch_pu": point.mismatch,
            ]
            if point.status.isSolved {
                members["losses_kw"] = losses
                members["given_kw"] = given
                members["taken_kw"] = taken
                members["unserved_kw"] = point.unserved.kilowatts
                members["buses_without_voltage"] = names.count { point.voltage[$0.bus] == .zero }
                for (name, bus) in [("lowest", byVoltage.first), ("highest", byVoltage.last)] {
                    guard let bus else { continue }
                    members["\(name)_voltage_pu"] = result.voltage(bus)
                    members["\(name)_voltage_bus"] = network.buses[bus].name
                }
            }
            if let loadability = point.loadability { members["loadability"] = loadability }
            if let bus = point.weakestBus { members["weakest_bus"] = network.buses[bus].name }
            return String(
                decoding: try JSONSerialization.data(
                    withJSONObject: members, options: [.prettyPrinted, .sortedKeys]),
                as: UTF8.self)
        }
    }

    private var failure: [String] {
        guard let loadability = point.loadability else { return [] }
        let place = point.weakestBus.map { ", weakest at bus \(network.buses[$0].name)" } ?? ""
        return [
            "  no solution: voltage collapse at \(fixed(loadability * 100, 2)) % of these powers\(place)"
        ]
    }

    /// Sums of the powers that buses inject and consume, and the losses of branches, kW.
    private var given: Double { result.injectedActive.reduce(0) { $0 + max(0, $1) } }
    private var taken: Double { result.injectedActive.reduce(0) { $0 - min(0, $1) } }
    private var losses: Double {
        zip(point.powerFrom, point.powerTo).reduce(0) { $0 + ($1.0 + $1.1).kilowatts }
    }

    private var powers: [String] {
        let reactive = result.injectedReactive
        let rows: [(String, Double, Double)] = [
            ("injected", given, reactive.reduce(0) { $0 + max(0, $1) }),
            ("consumed", taken, reactive.reduce(0) { $0 - min(0, $1) }),
            ("source", point.sourcePower.kilowatts, point.sourceReactive.kilovars),
            (
                "losses", losses,
                zip(point.reactiveFrom, point.reactiveTo).reduce(0) { $0 + ($1.0 + $1.1).kilovars }
            ),
        ]
        return rows.map { "  \(padded($0))\(aligned(fixed($1, 3), 16)) kW\(aligned(fixed($2, 3), 16)) kvar" }
    }

    /// Buses under voltage, the lowest voltage first.
    private var byVoltage: [Int] {
        network.buses.indices.filter { point.voltage[$0] > .zero }
            .sorted { result.voltage($0) < result.voltage($1) }
    }

    private var voltages: [String] {
        let order = byVoltage
        guard let lowest = order.first, let highest = order.last else { return [] }
        let outside = network.violations(at: point).count { $0.kind != .overload }
        return [
            "  voltage   \(fixed(result.voltage(lowest), 6)) p.u. at bus \(network.buses[lowest].name) to "
                + "\(fixed(result.voltage(highest), 6)) p.u. at bus \(network.buses[highest].name); "
                + "\(outside) buses outside their limits"
        ]
    }

    private var loadings: [String] {
        let known = network.branches.indices.compactMap { index in
            result.loading(index).map { (index: index, percent: $0) }
        }
        guard !known.isEmpty else { return ["  loading   no branch has a rating"] }
        let worst = known.sorted { $0.percent > $1.percent }.prefix(3)
        let texts = worst.map { "\(network.branches[$0.index].name) \(fixed($0.percent, 1)) %" }
        return ["  loading   \(texts.joined(separator: ", "))"]
    }

    /// A source holds its voltage at any reactive power; its generators may not be able to.
    private var sources: [String] {
        let injections = result.networkCase.injections
        return network.sources.compactMap { source in
            guard let limits = source.reactive, point.voltage[source.bus] > .zero else { return nil }
            let v = result.voltage(source.bus)
            let specified =
                injections.reactive[source.bus]
                + (injections.constantCurrent?.reactive[source.bus] ?? .zero) * v
                + (injections.constantImpedance?.reactive[source.bus] ?? .zero) * (v * v)
            let given = result.injectedReactive[source.bus] - specified.kilovars
            let slack = 1e-6 * max(limits.lowerBound.value.magnitude, limits.upperBound.value.magnitude)
            guard
                given * 1000 < limits.lowerBound.value - slack
                    || given * 1000 > limits.upperBound.value + slack
            else { return nil }
            return
                "  reactive  source at bus \(network.buses[source.bus].name) gives \(fixed(given, 3)) kvar, beyond its "
                + "limits \(fixed(limits.lowerBound.kilovars, 3)) to \(fixed(limits.upperBound.kilovars, 3)); "
                + "sources hold their voltage whatever it takes"
        }
    }

    private var exceptions: [String] {
        var lines: [String] = []
        let atLimit = network.regulators.indices.filter { index in
            guard let limits = network.regulators[index].reactive else { return false }
            let given = point.regulatorReactive[index]
            return given <= limits.lowerBound || given >= limits.upperBound
        }
        if !atLimit.isEmpty {
            let names = atLimit.prefix(8).map { network.buses[network.regulators[$0].bus].name }
            lines.append(
                "  reactive  \(atLimit.count) of \(network.regulators.count) voltage regulators at a reactive limit: buses \(names.joined(separator: ", "))"
            )
        }
        lines += sources
        let dead = names.count { point.voltage[$0.bus] == .zero }
        if dead > 0 {
            lines.append(
                "  islands   \(dead) buses without voltage, \(fixed(point.unserved.kilowatts, 3)) kW not served"
            )
        }
        return lines
    }
}

/// A time series of power flows for the terminal.
struct SeriesSummary {
    let unsolved: Int
    private let name: String
    private let steps: Int
    private let buses: Int
    /// Buses without a path to a source.
    private let dead: Int
    /// Step and bus of the lowest and highest voltage, and the voltage.
    private let lowest: Extreme?
    private let highest: Extreme?

    private struct Extreme {
        let voltage: Double
        let bus: String
        let label: String
    }

    init(_ networkCase: NetworkCase, _ profile: Profile, _ voltages: VoltageSeries) {
        name = networkCase.name
        steps = voltages.steps
        buses = networkCase.namedBuses.count
        let solved = voltages.status.firstIndex { $0.isSolved }
        dead =
            solved.map { step in
                networkCase.namedBuses.count { voltages.magnitude(bus: $0.bus, step: step) == 0 }
            } ?? 0
        unsolved = voltages.status.count { !$0.isSolved }
        var low: (Double, Int, Int) = (.infinity, 0, 0)
        var high: (Double, Int, Int) = (0, 0, 0)
        for step in 0..<steps where voltages.status[step].isSolved {
            for bus in 0..<voltages.buses {
                let magnitude = voltages.magnitude(bus: bus, step: step)
                if magnitude > 0, magnitude < low.0 { low = (magnitude, bus, step) }
                if magnitude > high.0 { high = (magnitude, bus, step) }
            }
        }
        let extremes = [low, high].map { voltage, bus, step in
            Extreme(voltage: voltage, bus: networkCase.network.buses[bus].name, label: profile.labels[step])
        }
        lowest = high.0 > 0 ? extremes[0] : nil
        highest = high.0 > 0 ? extremes[1] : nil
    }

    var text: String {
        let heading = "\(name) · \(buses) buses, \(steps) steps · \(unsolved) without a solution"
        let rows = [("lowest", lowest), ("highest", highest)].compactMap { name, extreme in
            extreme.map {
                "  \(padded(name)) \(fixed($0.voltage, 6)) p.u. at bus \($0.bus), step \($0.label)"
            }
        }
        let islands = dead > 0 ? ["  islands   \(dead) buses without voltage, their load is not served"] : []
        return ([heading] + rows + islands).joined(separator: "\n")
    }

    var json: String {
        get throws {
            var members: [String: Any] = [
                "case": name, "buses": buses, "steps": steps, "unsolved": unsolved,
                "buses_without_voltage": dead,
            ]
            for (name, extreme) in [("lowest", lowest), ("highest", highest)] {
                guard let extreme else { continue }
                members["\(name)_voltage_pu"] = extreme.voltage
                members["\(name)_voltage_bus"] = extreme.bus
                members["\(name)_voltage_step"] = extreme.label
            }
            return String(
                decoding: try JSONSerialization.data(
                    withJSONObject: members, options: [.prettyPrinted, .sortedKeys]),
                as: UTF8.self)
        }
    }
}

func padded(_ text: String) -> String { text.padding(toLength: 9, withPad: " ", startingAt: 0) }

func aligned(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
}

func fixed(_ value: Double, _ decimals: Int) -> String {
    value.formatted(
        .number.precision(.fractionLength(decimals)).grouping(.automatic).locale(Locale(identifier: "en_US")))
}

func scientific(_ value: Double) -> String {
    value.formatted(
        .number.notation(.scientific).precision(.fractionLength(0)).locale(Locale(identifier: "en_US")))
}
