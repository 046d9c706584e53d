public import Devices
import EconomicDispatch
public import Foundation
import Grid
import Planning
import Scheduling
public import Simulator
public import Studies
import Timeline

/// The page of a hosting-capacity study: one file that needs no network and no script.
public struct HostingReport {
    private let scenario: Scenario
    private let study: HostingCapacity
    private let result: HostingCapacity.Result
    private let solar: Solar
    private let table: HostingTable

    /// `solar`: what kind of plant was studied; its capacity means nothing.
    public init(
        _ scenario: Scenario, _ study: HostingCapacity, _ result: HostingCapacity.Result, solar: Solar
    ) {
        self.scenario = scenario
        self.study = study
        self.result = result
        self.solar = solar
        table = HostingTable(scenario, study, result)
    }

    /// The whole page, UTF-8. The same study gives the same bytes.
    public func html() -> Data {
        Markup.page(
            title: "\(Markup.escaped(scenario.name)): hosting capacity", style: HostingMap.style,
            header: header, sections: [tiles, notices, map, bars, method],
            footer: """
                Capacities are of the modules, in direct current. Times are local, of the begin of the
                step.
                """)
    }

    private var header: String {
        let horizon = scenario.horizon
        let (first, last) = (
            scenario.zone.civil(horizon.start).date, scenario.zone.civil(horizon.end - 1).date
        )
        let facts =
            [
                "\(first) to \(last)",
                "\(Markup.number(horizon.count)) steps of \(Sections.duration(horizon.step))",
                "dispatch \(scenario.planning.dispatcher.name)", "seed \(scenario.seed)",
            ] + scenario.overrides.map { "override \($0)" }
        return """
            <p class="mark">Karst · hosting capacity</p>
            <h1>\(Markup.escaped(scenario.name))</h1>
            <p class="about">How much more solar each bus takes before a limit binds.</p>
            <p class="facts">\(facts.map(Markup.escaped).joined(separator: " · "))</p>
            """
    }

    private var tiles: String {
        let sorted = table.rows.sorted { $0.capacityKilowatts < $1.capacityKilowatts }
        guard let together = table.together, let least = sorted.first, let most = sorted.last else {
            return ""
        }
        var reasons: [String: Int] = [:]
        for row in table.rows { reasons[row.reason, default: 0] += 1 }
        let common = reasons.max { ($0.value, $1.key) < ($1.value, $0.key) }!
        let cards = [
            (
                "All at once",
                "\(Markup.number(together.capacityKilowatts, table.decimals)) <small>kW</small>",
                together.reason
            ),
            (
                "Most", "\(Markup.number(most.capacityKilowatts, table.decimals)) <small>kW</small>",
                "bus \(most.bus ?? ""): \(most.reason)"
            ),
            (
                "Least", "\(Markup.number(least.capacityKilowatts, table.decimals)) <small>kW</small>",
                "bus \(least.bus ?? ""): \(least.reason)"
            ),
            (
                "Binds most often", "\(common.value) <small>of \(table.rows.count) buses</small>",
                common.key
            ),
        ].map { title, value, note in
            """
            <div class="tile"><p class="title">\(title)</p>
            <p class="value">\(value)</p><p class="note">\(Markup.escaped(note))</p></div>
            """
        }
        return "<div class=\"tiles\">\n\(cards.joined(separator: "\n"))\n</div>"
    }

    private var notices: String {
        let told = [
            (
                table.brokenSteps,
                "steps with sun violate a limit without any new solar; there it counts only if the violation grows."
            ),
            (
                table.unsolvedSteps,
                "steps with sun have no power flow solution without new solar; they are left out."
            ),
        ]
        return told.filter { $0.0 > 0 }.map {
            "<p class=\"notice\">\(Markup.number($0.0)) \($0.1)</p>"
        }.joined(separator: "\n")
    }

    private var map: String {
        let legend = """
            <p class="scale"><span><i class="ramp"></i>0 to \(Markup.number(mostKilowatts)) kW</span>
            <span><i class="ring"></i>bus whose limit binds for some bus</span>
            <span><i class="bar"></i>branch whose limit binds</span></p>
            """
        return Sections.section(
            "map", "Capacity of each bus alone",
            "New solar that each bus takes alone, kW, beside the existing devices. The source is to the left.",
            HostingMap(scenario.network, result, table).svg + legend)
    }

    private var mostKilowatts: Double { table.rows.map(\.capacityKilowatts).max() ?? 0 }

    private var bars: String {
        let most = mostKilowatts
        let lines = table.rows.map { row in
            let share = most > 0 ? row.capacityKilowatts / most * 100 : 0
            return """
                <tr><td>\(Markup.escaped(row.bus ?? ""))</td><td><span class="track \(row.limit ?? "")" \
                style="width:\(String(format: "%.1f", share))%"></span></td>\
                <td class="n">\(Markup.number(row.capacityKilowatts, table.decimals))</td>\
                <td>\(Markup.escaped(row.reason))</td><td class="n">\(Markup.escaped(row.time))</td></tr>
                """
        }
        return Sections.section(
            "buses", "Bus by bus",
            "Limit that the next larger plant violates, and when first; the colour is the kind of limit.",
            """
            <div class="scroll"><table class="bars">
            <thead><tr><th scope="col">Bus</th><th scope="col"></th><th scope="col" class="n">Capacity <small>kW</small></th>\
            <th scope="col">What binds</th><th scope="col" class="n">When</th></tr></thead>
            <tbody>\(lines.joined(separator: "\n"))</tbody>
            </table></div>
            """)
    }

    private var method: String {
        let reactive = study.reactiveRatio
        let factor = 1 / (1 + reactive * reactive).squareRoot()
        let power =
            reactive == 0
            ? "unity power factor"
            : "a power factor of \(Markup.number(factor, 3)), \(reactive < 0 ? "taking" : "giving") reactive power"
        let export = study.exportLimit.map { "the export limit of \(Markup.number($0.kilowatts)) kW, " } ?? ""
        let items = [
            "Every step with sun was solved by power flow, with the weather of the scenario. Capacities are multiples "
                + "of \(Markup.number(study.resolution.kilowatts, table.decimals)) kW; the next multiple breaks a limit.",
            "Limits are \(export)the allowed voltages of the buses and the ratings of the branches. A limit that "
                + "is violated in a step without new solar counts there only if the violation grows.",
            "The plants face \(Markup.number(solar.azimuth))° at a tilt of \(Markup.number(solar.tilt))°, with "
                + "\(Markup.number(solar.inverterCapacity / solar.capacity * 100)) % inverter, at \(power); they are never "
                + "curtailed.",
            "All other devices do what the simulation dispatched without the new solar: batteries and gensets do not "
                + "react to it.",
            "All at once: in proportion to what each bus takes alone.",
        ]
        return Sections.section(
            "method", "What was assumed", "A study of the network, not of the market.",
            "<ul>\(items.map { "<li>\(Markup.escaped($0))</li>" }.joined())</ul>")
    }
}
