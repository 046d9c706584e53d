public import Foundation
public import Simulator
public import Studies

/// The page and the table of a study of communication.
public struct CommunicationReport {
    private let name: String
    private let rows: [CommunicationStudy.Row]
    private let foresight: [UInt64: Double]

    /// `foresight`: cost of perfect foresight by seed, yuan.
    public init(
        _ template: ScenarioTemplate, _ rows: [CommunicationStudy.Row], foresight: [UInt64: Double]
    ) {
        name = template.name
        self.rows = rows
        self.foresight = foresight
    }

    /// `communication.csv`: one line a simulation, UTF-8.
    public var csv: Data {
        let head = """
            coordinator,link,loss_percent,seed,cost_yuan,foresight_yuan,information_yuan,coordination_yuan,\
            communication_yuan,missed,alarms,messages_sent,messages_lost,megabytes_sent
            """
        let lines = rows.map { row in
            let parts = parts(of: row)
            func money(_ value: Double?) -> String { value.map { String(format: "%.2f", $0) } ?? "" }
            return [
                row.point.coordinator.rawValue, row.point.link ?? "perfect", Self.percent(row.point.loss),
                "\(row.point.seed)", money(row.cost), money(parts?.foresight), money(parts?.information),
                money(parts?.coordination), money(parts?.communication), "\(row.missed)", "\(row.alarms)",
                "\(row.sent)", "\(row.lost)", String(format: "%.3f", Double(row.bytes) / 1e6),
            ].joined(separator: ",")
        }
        return Data(([head] + lines).map { $0 + "\n" }.joined().utf8)
    }

    private static func percent(_ loss: Double?) -> String {
        loss.map { String(format: "%g", 100 * $0) } ?? ""
    }

    private func parts(of row: CommunicationStudy.Row) -> CommunicationStudy.Parts? {
        foresight[row.point.seed].flatMap { CommunicationStudy.parts(of: row, among: rows, foresight: $0) }
    }

    /// The whole page, UTF-8.
    public func html() -> Data {
        Markup.page(
            title: "\(Markup.escaped(name)): what communication costs", style: Self.style,
            header: """
                <p class="mark">Karst · what communication costs</p>
                <h1>\(Markup.escaped(name))</h1>
                <p class="about">Cost above that on perfect links, by link and packet loss, as a mean over the
                seeds.</p>
                """, sections: CommunicationStudy.Coordinator.allCases.map(heatMap) + [method],
            footer: "communication.csv has one line for each simulation.")
    }

    private static let style = """
        .heat td { text-align: right; padding: 10px 14px; }
        .heat td small { display: block; color: var(--soft); }
        .heat td.dear { outline: 2px solid var(--ink); outline-offset: -2px; }

        """

    /// Links by losses: yuan above perfect links, outlined where that is one percent of the cost or more.
    private func heatMap(_ coordinator: CommunicationStudy.Coordinator) -> String {
        let own = rows.filter { $0.point.coordinator == coordinator && $0.point.link != nil }
        guard !own.isEmpty else { return "" }
        let losses = own.map(\.point.loss).reduce(into: [Double?]()) { if !$0.contains($1) { $0.append($1) } }
        let links = own.compactMap(\.point.link).reduce(into: [String]()) {
            if !$0.contains($1) { $0.append($1) }
        }
        let most = own.compactMap { parts(of: $0)?.communication }.max() ?? 0
        let body = links.map { link in
            let cells = losses.map { loss -> String in
                let cell = own.filter { $0.point.link == link && $0.point.loss == loss }
                let extra = cell.compactMap { parts(of: $0)?.communication }
                guard !extra.isEmpty else { return "<td>?</td>" }
                let mean = extra.reduce(0, +) / Double(extra.count)
                let cost = cell.reduce(0) { $0 + $1.cost } / Double(cell.count)
                let share = 100 * mean / max(abs(cost), 1e-9)
                let shade = most > 0 ? Int((60 * max(mean, 0) / most).rounded()) : 0
                let mark = share >= 1 ? " class=\"dear\"" : ""
                return
                    "<td\(mark) style=\"background:color-mix(in srgb,var(--losses) \(shade)%,transparent)\">"
                    + "\(Markup.number(mean))<small>\(Markup.number(share, 2)) %</small></td>"
            }
            return "<tr><th scope=\"row\">\(Markup.escaped(link))</th>\(cells.joined())</tr>"
        }
        let head = losses.map { loss in
            "<th scope=\"col\" class=\"n\">\(loss.map { Self.percent($0) + " % lost" } ?? "its own loss")</th>"
        }
        return Sections.section(
            "heat-\(coordinator.rawValue)", "Plans by \(coordinator.rawValue)",
            "Yuan above perfect links, and as a share of the cost; outlined from one percent on.",
            """
            <div class="scroll"><table class="heat">
            <thead><tr><th scope="col">Link</th>\(head.joined())</tr></thead>
            <tbody>\(body.joined(separator: "\n"))</tbody>
            </table></div>
            """)
    }

    private var method: String {
        let seeds = foresight.keys.sorted()
        let lines = seeds.flatMap { seed in
            rows.filter { $0.point.seed == seed && $0.point.link == nil }.compactMap { row in
                parts(of: row).map {
                    "<li>Seed \(seed), \(row.point.coordinator.rawValue) on perfect links: "
                        + "\(Markup.number(row.cost)) yuan = \(Markup.number($0.foresight)) with perfect foresight + "
                        + "\(Markup.number($0.information)) information + \(Markup.number($0.coordination)) "
                        + "coordination.</li>"
                }
            }
        }
        return Sections.section(
            "parts", "What the cost is made of",
            "Information is what perfect foresight would save the centre, coordination what agents without a centre "
                + "cost more, communication what the links cost more. The three add up to the cost.",
            "<ul>\(lines.joined(separator: "\n"))</ul>")
    }
}
