import Clearing
import Forecasting
public import Foundation
import Planning
public import Simulator
public import Studies
import Timeline

/// The page of a comparison of dispatchers: one file that needs no network and no script.
public struct ComparisonReport {
    private let scenario: Scenario
    private let table: ComparisonTable

    /// `scenario`: as it is but for dispatcher and seed.
    public init(_ scenario: Scenario, _ table: ComparisonTable) {
        self.scenario = scenario
        self.table = table
    }

    /// The whole page, UTF-8. The same comparison gives the same bytes.
    public func html() -> Data {
        Markup.page(
            title: "\(Markup.escaped(scenario.name)): dispatchers compared", style: Self.style,
            header: header, sections: [tiles, notices, league, costs, conduct, method],
            footer: """
                Every figure is a mean over the seeds. comparison.csv has one line a dispatcher and
                seed.
                """)
    }

    private static let style = """
        .league { display: grid; grid-template-columns: max-content 1fr max-content; gap: 10px 18px;
          align-items: center; }
        .lane { position: relative; height: 22px; background: var(--faint); border-radius: 4px; }
        .lane i { position: absolute; left: 0; top: 0; bottom: 0; background: var(--accent);
          border-radius: 4px; min-width: 2px; }
        .lane em { position: absolute; top: 10px; height: 2px; background: var(--ink); }
        .lane i.wide { background: var(--losses); }
        .league .n small { color: var(--soft); }

        """

    private var header: String {
        let horizon = scenario.horizon
        let (first, last) = (
            scenario.zone.civil(horizon.start).date, scenario.zone.civil(horizon.end - 1).date
        )
        let seeds = table.seeds
        let facts =
            [
                "\(first) to \(last)",
                "\(Markup.number(horizon.count)) steps of \(Sections.duration(horizon.step))",
                "\(scenario.planning.forecast.name) forecast", scenario.planning.clearing.described,
                seeds.count == 1 ? "seed \(seeds[0])" : "\(seeds.count) seeds, \(seeds[0]) to \(seeds.last!)",
            ] + scenario.overrides.map { "override \($0)" }
        return """
            <p class="mark">Karst · dispatchers compared</p>
            <h1>\(Markup.escaped(scenario.name))</h1>
            <p class="about">Cost of each dispatcher on the same weather, forecasts, communication and network, and its
            regret: the cost above that of perfect foresight.</p>
            <p class="facts">\(facts.map(Markup.escaped).joined(separator: " · "))</p>
            """
    }

    private var tiles: String {
        guard let best = table.standings.first, let worst = table.standings.last else { return "" }
        let bounds = table.rows.compactMap(\.bound)
        let bound = bounds.isEmpty ? nil : bounds.reduce(0, +) / Double(bounds.count)
        let cards = [
            ("Cheapest", best.dispatcher, "\(Markup.number(best.mean(\.cost))) yuan"),
            (
                "Its regret",
                "\(best.meanRegret.map { Markup.number($0) } ?? "?") <small>yuan</small>",
                best.regretPercent.map { "\(Markup.number($0, 2)) % above the bound" } ?? "above the bound"
            ),
            (
                "Dearest", worst.dispatcher,
                "\(Markup.number(worst.mean(\.cost) - best.mean(\.cost))) yuan more than the cheapest"
            ),
            (
                "Perfect foresight", "\(bound.map { Markup.number($0) } ?? "?") <small>yuan</small>",
                "no dispatcher can cost less"
            ),
        ].map { title, value, note in
            let shown = value.contains("<small>") ? value : Markup.escaped(value)
            return """
                <div class="tile"><p class="title">\(title)</p>
                <p class="value">\(shown)</p><p class="note">\(Markup.escaped(note))</p></div>
                """
        }
        return "<div class=\"tiles\">\n\(cards.joined(separator: "\n"))\n</div>"
    }

    private var notices: String {
        let contradicted = table.contradicted.map {
            "<p class=\"notice\">With seed \($0) a dispatcher cost less than the bound, so there is no bound and no "
                + "regret.</p>"
        }
        let failed = table.standings.compactMap { standing -> String? in
            let count = standing.rows.reduce(0) { $0 + $1.fallbacks }
            guard count > 0 else { return nil }
            return "<p class=\"notice\">\(Markup.number(Double(count))) plans of "
                + "\(Markup.escaped(standing.dispatcher)) failed and were made by merit-order instead.</p>"
        }
        return (contradicted + failed).joined(separator: "\n")
    }

    /// Regret as bars, with the spread over the seeds as a line.
    private var league: String {
        let most = table.standings.flatMap(\.regrets).max() ?? 0
        func share(_ value: Double) -> String {
            String(format: "%.2f", most > 0 ? max(value, 0) / most * 100 : 0)
        }
        let lanes = table.standings.map { standing in
            let mean = standing.meanRegret ?? 0
            let (low, high) = (standing.regrets.min() ?? 0, standing.regrets.max() ?? 0)
            let spread =
                standing.regrets.count > 1
                ? "<em style=\"left:\(share(low))%;width:\(share(high - low))%\"></em>" : ""
            let percent = standing.regretPercent.map { "<small>\(Markup.number($0, 2)) %</small>" } ?? ""
            return """
                <span>\(Markup.escaped(standing.dispatcher))</span>
                <span class="lane"><i style="width:\(share(mean))%"></i>\(spread)</span>
                <span class="n">\(standing.meanRegret.map { Markup.number($0) } ?? "?") \(percent)</span>
                """
        }
        let lead =
            table.seeds.count > 1
            ? "Yuan above perfect foresight: the bar is the mean, the line reaches from the best seed to the worst."
            : "Yuan above perfect foresight."
        return Sections.section(
            "league", "Regret", lead, "<div class=\"league\">\n\(lanes.joined(separator: "\n"))\n</div>")
    }

    private var costs: String {
        let kinds: [(String, KeyPath<ComparisonTable.Row, Double>, Double)] = [
            ("Connection", \.connection, 1), ("Fuel", \.gensets, 1), ("Wear", \.wear, 1),
            ("Months’ peaks", \.peaks, 1), ("Not served", \.unserved, 1),
            ("Beyond limits", \.beyondLimits, 1), ("Left in stores", \.stored, -1), ("Cost", \.cost, 1),
        ]
        return Sections.section(
            "costs", "What the cost is made of", "Yuan; the energy in the stores at the end is a gain.",
            Self.table(
                kinds.map(\.0),
                table.standings.map { standing in
                    (
                        standing.dispatcher,
                        kinds.map { kind in
                            Markup.number(kind.2 * standing.mean { $0[keyPath: kind.1] })
                        }
                    )
                }))
    }

    private var conduct: String {
        let heads = [
            "CO₂ <small>t</small>", "Not served <small>kWh</small>", "Not served <small>h</small>",
            "Islanded <small>h</small>", "Curtailed <small>kWh</small>",
            "Voltage violations <small>bus steps</small>", "Messages", "Plans", "Failed plans",
        ]
        return Sections.section(
            "conduct", "Emissions, supply and messages", "",
            Self.table(
                heads,
                table.standings.map { standing in
                    (
                        standing.dispatcher,
                        [
                            Markup.number(standing.mean(\.emissions) / 1000, 1),
                            Markup.number(standing.mean(\.unservedEnergy), 1),
                            Markup.number(standing.mean(\.unservedHours), 2),
                            Markup.number(standing.mean(\.islandedHours), 2),
                            Markup.number(standing.mean(\.curtailedEnergy), 1),
                            Markup.number(standing.mean { Double($0.voltageViolations) }),
                            Markup.number(standing.mean { Double($0.messages) }),
                            Markup.number(standing.mean { Double($0.plans.values.reduce(0, +)) }),
                            Markup.number(standing.mean { Double($0.fallbacks) }),
                        ]
                    )
                }))
    }

    private static func table(_ heads: [String], _ rows: [(String, [String])]) -> String {
        let head = heads.map { "<th scope=\"col\" class=\"n\">\($0)</th>" }.joined()
        let body = rows.map { name, cells in
            "<tr><td>\(Markup.escaped(name))</td>"
                + cells.map { "<td class=\"n\">\($0)</td>" }.joined() + "</tr>"
        }
        return """
            <div class="scroll"><table>
            <thead><tr><th scope="col">Dispatch</th>\(head)</tr></thead>
            <tbody>\(body.joined(separator: "\n"))</tbody>
            </table></div>
            """
    }

    private var method: String {
        let items = [
            "Every dispatcher runs the whole scenario on the same weather, forecasts, communication and network.",
            "Cost is that of what really happened, at the prices of the devices: energy bought less energy sold, fuel, "
                + "wear, the months' peaks, demand not served at its value, less the value of the energy in "
                + "the stores at the end.",
            "Import beyond the limit of the connection counts as demand not served, at the highest value of lost load.",
            "Perfect foresight is one program over the whole scenario, with true weather and demand, every device on "
                + "one bus, no losses, no lost messages, and units that run at any power. It is a lower "
                + "bound: the network losses alone raise the cost of every dispatcher above it.",
        ]
        return Sections.section(
            "method", "What was compared", "",
            "<ul>\(items.map { "<li>\(Markup.escaped($0))</li>" }.joined())</ul>")
    }
}
