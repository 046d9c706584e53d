import Clearing
import Devices
import EconomicDispatch
import Export
import Forecasting
import Grid
import Planning
import Results
import Scheduling
import Settlement
import Simulator
import Timeline

/// The body of the page, from top to bottom.
struct Sections {
    let summary: Summary
    let advice: String?

    init(_ summary: Summary, advice: String?) {
        self.summary = summary
        self.advice = advice
    }

    var scenario: Scenario { summary.scenario }

    var all: String {
        """
        <header class="page">
        \(header)
        </header>
        <main>
        \(tiles)
        \(checks)
        \(advice.map { "<p class=\"notice\">\(Markup.escaped($0))</p>" } ?? "")
        \(energy)\(events)
        \(dispatch)
        \(forecasts)
        \(wires)
        \(prices)
        \(storage)
        \(money)
        \(conduct)
        \(assumptions)
        </main>
        <footer class="page">Power is positive when given to the network. A value is the mean of its interval, labelled
        by its begin; a state of charge is the value at the end.</footer>
        """
    }

    static func section(_ id: String, _ title: String, _ lead: String, _ body: String) -> String {
        """
        <section id="\(id)">
        <h2>\(title)</h2>
        <p class="lead">\(lead)</p>
        \(body)
        </section>
        """
    }

    /// A place for a chart; without its library it stays hidden.
    static func chart(_ id: String, _ label: String, isTall: Bool = false) -> String {
        "<div class=\"chart\(isTall ? " tall" : "")\" id=\"\(id)\" role=\"img\" aria-label=\"\(label)\"></div>"
    }

    static func series(_ id: String, _ label: String) -> String {
        "<div class=\"series\" id=\"\(id)\" role=\"img\" aria-label=\"\(label)\"></div><div class=\"legend\" "
            + "id=\"\(id)-legend\"></div>"
    }

    private var header: String {
        let horizon = scenario.horizon
        let (first, last) = (
            scenario.zone.civil(horizon.start).date, scenario.zone.civil(horizon.end - 1).date
        )
        let facts =
            [
                "\(first) to \(last)",
                "\(Markup.number(summary.steps)) steps of \(Self.duration(horizon.step))",
                scenario.planning.dispatcher.name, "\(scenario.planning.forecast.name) forecast",
                scenario.planning.clearing.described,
                "seed \(scenario.seed)",
            ] + scenario.overrides.map { "override \($0)" }
        return """
            <p class="mark">Karst · run report</p>
            <h1>\(Markup.escaped(scenario.name))</h1>
            <p class="about">\(Markup.escaped(scenario.description))</p>
            <p class="facts">\(facts.map(Markup.escaped).joined(separator: " · "))</p>
            """
    }

    static func duration(_ seconds: Int) -> String {
        if seconds % 3600 == 0 { return "\(seconds / 3600) h" }
        return seconds % 60 == 0 ? "\(seconds / 60) min" : "\(seconds) s"
    }

    private var tiles: String {
        let grid = summary.tally(of: .grid)
        let hasGrid = scenario.connection != nil
        let tiles: [(String, String, String, String)] = [
            (
                Markup.number(summary.tally(of: .load).taken.value / 1e6, 1), "MWh", "Demand served",
                summary.servedShare.map { "\(Markup.number($0 * 100, 3)) % of it" } ?? "there was none"
            ),
            (
                summary.renewableShare.map { Markup.number($0 * 100, 1) } ?? "–",
                summary.renewableShare == nil ? "" : "%", "Sun, wind and water",
                summary.renewableShare == nil ? "no energy was supplied" : "of all energy supplied"
            ),
            hasGrid
                ? (
                    Markup.number(grid.given.value / 1e6, 1), "MWh", "Imported",
                    "\(Markup.number(grid.taken.value / 1e6, 1)) MWh exported"
                )
                : (
                    Markup.number(summary.tally(of: .genset).given.value / 1e6, 1), "MWh", "From gensets",
                    "there is no external grid"
                ),
            (
                Markup.number((summary.peakDemand?.value ?? 0) / 1000), "kW", "Peak demand",
                summary.peakDemand.map { local($0.at) } ?? ""
            ),
            hasGrid
                ? (
                    Markup.number(summary.bill.yuan), "yuan", "Paid to the grid company",
                    "net of what was sold to it"
                )
                : (
                    Markup.number(summary.unserved.value / 1e3, 1), "kWh", "Not served",
                    "\(Markup.number(summary.resilience.unservedHours, 2)) h with demand not served"
                ),
            (
                Markup.number(summary.greenIncome.yuan), "yuan", "Green power sold",
                "\(Markup.number(Double(summary.certificatesIssued))) certificates"
            ),
            (
                Markup.number(summary.curtailed.value / 1e6, 1), "MWh", "Curtailed",
                "\(Markup.number(summary.totalLosses.value / 1e6, 1)) MWh network losses"
            ),
            (
                Markup.number(summary.emissions / 1000, 1), "t CO₂", "Emitted",
                "\(Markup.number(summary.fuel.reduce(0, +))) L of diesel"
            ),
        ]
        let cards = tiles.map { value, unit, title, note in
            """
            <div class="tile"><p class="title">\(title)</p>
            <p class="value">\(value) <small>\(unit)</small></p><p class="note">\(Markup.escaped(note))</p></div>
            """
        }
        return "<div class=\"tiles\">\n\(cards.joined(separator: "\n"))\n</div>"
    }

    /// Where a network has no wires, its losses are a share that the scenario states.
    private var lossesFound: String {
        scenario.network.branches.isEmpty ? "losses as the scenario states them" : "I²R recomputed"
    }

    private var checks: String {
        let checks = summary.checks
        let alarms = summary.alarms.reduce(0) { $0 + $1.count }
        let largest = Markup.magnitude(checks.largestResidual.kilowattHours)
        let total = Markup.magnitude(checks.totalResidual.kilowattHours)
        let lines: [(Bool, String)] = [
            (
                checks.largestResidual.kilowattHours < 1e-3 && checks.diverged == 0,
                "Injections = losses + loads, \(lossesFound): to \(largest) kWh in the worst step, "
                    + "\(total) kWh over the run"
                    + (checks.diverged == 0 ? "" : "; not checked where the network had no solution")
            ),
            (
                summary.ledgerImbalance == 0,
                "Every asset on the ledger sums to zero (\(Markup.number(summary.ledger.entries.count)) entries)"
            ),
            (
                checks.diverged == 0,
                checks.diverged == 0
                    ? "0 steps diverged"
                    : "\(Markup.number(checks.diverged)) of \(Markup.number(summary.steps)) steps have no solution "
                        + "of the network: their voltages, flows and losses are unknown"
            ),
            (alarms == 0, alarms == 0 ? "No limit was broken" : "\(Markup.number(alarms)) alarms: see below"),
        ]
        let items = lines.map { good, text in
            "<li class=\"\(good ? "good" : "bad")\">\(Markup.escaped(text))</li>"
        }
        return "<ul class=\"checks\">\(items.joined())</ul>"
    }

    /// Local date and time, without seconds.
    func local(_ instant: Instant) -> String {
        String(scenario.zone.civil(instant).description.dropLast(3).map { $0 == "T" ? " " : $0 })
    }
}
