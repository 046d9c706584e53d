public import Foundation
public import Simulator
import Studies

/// The page of a study of communication.
public struct CommunicationReport {
    private let name: String
    private let results: CommunicationResults
    private let combinations: [CommunicationResults.Combination]

    /// Puts the page of the results of a scenario together.
    public init(_ template: ScenarioTemplate, _ results: CommunicationResults) {
        name = template.name
        self.results = results
        combinations = results.combinations
    }

    /// The whole page, UTF-8.
    public func html() -> Data {
        let maps = CommunicationStudy.Coordinator.allCases.flatMap { [costs(of: $0), agreement(of: $0)] }
        return Markup.page(
            title: "\(Markup.escaped(name)): what communication costs", style: Self.style,
            header: """
                <p class="mark">Karst · what communication costs</p>
                <h1>\(Markup.escaped(name))</h1>
                <p class="about">Cost above that on perfect links, and agreement by the deadline, by topology,
                link and packet loss. All figures are means over the seeds.</p>
                """, sections: maps + [parts, table],
            footer: "communication.csv has one line for each simulation.")
    }

    private static let style = """
        .maps { display: grid; grid-template-columns: repeat(auto-fill, minmax(310px, 1fr)); gap: 4px 28px; }
        .maps h3 { margin: 14px 0 2px; }
        .heat td { text-align: right; padding: 6px 10px; min-width: 62px; }
        .heat td small { display: block; color: var(--soft); }
        .heat td.dear { outline: 2px solid var(--ink); outline-offset: -2px; }
        #all table { font-size: 11.5px; }
        #all th, #all td { padding-right: 8px; }

        """

    /// What a map shows in a cell: two lines of text, how dark it is (0 … 1), whether it is outlined.
    private struct Tile {
        var text: String
        var note: String
        var shade: Double
        var isMarked = false
    }

    /// Yuan above perfect links, outlined where that is one percent of the cost or more.
    private func costs(of coordinator: CommunicationStudy.Coordinator) -> String {
        let most = own(coordinator).compactMap { $0.mean(\.communication) }.max() ?? 0
        return maps(
            "heat-\(coordinator.rawValue)", "Plans by \(coordinator.rawValue): what the links cost",
            coordinator,
            "Yuan above perfect links, and as a share of the cost; outlined from one percent on."
        ) { cell in
            guard let mean = cell.mean(\.communication), let share = cell.share else {
                return Tile(text: "?", note: "", shade: 0)
            }
            return Tile(
                text: Markup.number(mean, abs(mean) < 100 ? 1 : 0), note: "\(Markup.number(share, 2)) %",
                shade: most > 0 ? max(mean, 0) / most : 0, isMarked: share >= 1)
        }
    }

    /// Share of the steps with agreement by the deadline, and how long it took.
    private func agreement(of coordinator: CommunicationStudy.Coordinator) -> String {
        maps(
            "agreement-\(coordinator.rawValue)", "Plans by \(coordinator.rawValue): agreement", coordinator,
            "Steps in which each device had its setpoint by the deadline, percent, and after how many "
                + "seconds: median, 99th percentile."
        ) { cell in
            let (share, median) = (cell.mean(\.agreedShare), cell.mean(\.seconds.median))
            let times = median.map {
                "\(Markup.number($0, 1)), \(Markup.number(cell.mean(\.seconds.most) ?? 0, 1)) s"
            }
            return Tile(text: Markup.number(100 * share, 1), note: times ?? "never", shade: 1 - share)
        }
    }

    private func own(_ coordinator: CommunicationStudy.Coordinator) -> [CommunicationResults.Combination] {
        combinations.filter { $0.point.coordinator == coordinator && $0.point.link != nil }
    }

    /// One map of links by losses for each topology.
    private func maps(
        _ id: String, _ title: String, _ coordinator: CommunicationStudy.Coordinator, _ lead: String,
        _ tile: (CommunicationResults.Combination) -> Tile
    ) -> String {
        let own = own(coordinator)
        guard !own.isEmpty else { return "" }
        func distinct<T: Equatable>(_ values: [T]) -> [T] {
            values.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
        }
        let (losses, links) = (distinct(own.map(\.point.loss)), distinct(own.map(\.point.link)))
        let heads = losses.map { loss in
            "<th scope=\"col\" class=\"n\">\(loss.map { CommunicationResults.percent($0) + " %" } ?? "its own")</th>"
        }
        let tables = distinct(own.map(\.point.topology)).map { topology in
            let rows = links.map { link in
                let cells = losses.map { loss in
                    own.first {
                        $0.point.topology == topology && $0.point.link == link && $0.point.loss == loss
                    }.map { Self.cell(tile($0)) } ?? "<td></td>"
                }
                return "<tr><th scope=\"row\">\(Markup.escaped(link ?? ""))</th>\(cells.joined())</tr>"
            }
            return """
                <div><h3>\(topology.rawValue)</h3><div class="scroll"><table class="heat">
                <thead><tr><th scope="col">Link, loss</th>\(heads.joined())</tr></thead>
                <tbody>\(rows.joined(separator: "\n"))</tbody>
                </table></div></div>
                """
        }
        return Sections.section(
            id, title, lead, "<div class=\"maps\">\(tables.joined(separator: "\n"))</div>")
    }

    private static func cell(_ tile: Tile) -> String {
        let shade = Int((60 * min(max(tile.shade, 0), 1)).rounded())
        let mark = tile.isMarked ? " class=\"dear\"" : ""
        return "<td\(mark) style=\"background:color-mix(in srgb,var(--losses) \(shade)%,transparent)\">"
            + "\(tile.text)<small>\(tile.note)</small></td>"
    }

    private var parts: String {
        let lines = results.rows.filter { $0.point.link == nil }.compactMap { row in
            results.parts(of: row).map {
                "<li>Seed \(row.point.seed), \(row.point.coordinator.rawValue), \(row.point.topology.rawValue), "
                    + "on perfect links: \(Markup.number(row.cost)) yuan = \(Markup.number($0.foresight)) with "
                    + "perfect foresight + \(Markup.number($0.information)) information + "
                    + "\(Markup.number($0.coordination)) coordination.</li>"
            }
        }
        return Sections.section(
            "parts", "What the cost is made of",
            "Information is what perfect foresight would save the centre, coordination what agents without a centre "
                + "cost more, communication what the links cost more. The three add up to the cost.",
            "<ul>\(lines.joined(separator: "\n"))</ul>")
    }

    private var table: String {
        let rows = combinations.map { combination in
            CommunicationResults.cells(combination).enumerated().map { column, text in
                column < 3 ? Markup.Cell.text(text) : .number(text)
            }
        }
        return Sections.section(
            "all", "All figures",
            "Extra: above perfect links. Agreed: steps in which each device had its setpoint by the deadline, "
                + "and after how long. Age: time, when a step is decided, since the begin of the interval that "
                + "a device's newest report is about. Delivered: messages neither lost nor dropped.",
            Markup.table(CommunicationResults.columns, rows))
    }
}
