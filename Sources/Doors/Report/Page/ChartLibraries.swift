public import Foundation

/// The two chart libraries a page carries with it, as their files stand on this system.
public struct ChartLibraries: Sendable {
    /// Script of dygraphs, for long series; nil where there is none.
    public let dygraphs: String?
    /// Its style sheet.
    public let dygraphsStyle: String?
    /// Chart.js 3 or later, for bars and stacks.
    public let chart: String?

    /// Creates a set from the texts of the files; nil for a missing one.
    public init(dygraphs: String?, dygraphsStyle: String?, chart: String?) {
        self.dygraphs = dygraphs
        self.dygraphsStyle = dygraphsStyle
        self.chart = chart
    }

    /// No library: a page without charts.
    public static let none = ChartLibraries(dygraphs: nil, dygraphsStyle: nil, chart: nil)

    /// What the folder `KARST_JS` names holds, else the places where systems keep such files.
    public static func find(
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> ChartLibraries {
        let systems = [
            "/usr/share/javascript", "/usr/local/share/javascript", "/opt/homebrew/share/javascript",
            "/usr/share/nodejs", "/usr/local/lib/node_modules", "/opt/homebrew/lib/node_modules",
        ]
        let folders = environment["KARST_JS"].map { [$0] } ?? systems
        func first(_ names: [String]) -> String? {
            for folder in folders {
                for name in names {
                    if let text = try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8) {
                        return text
                    }
                }
            }
            return nil
        }
        return ChartLibraries(
            dygraphs: first(["dygraphs/dygraph.min.js", "dygraphs/dist/dygraph.min.js", "dygraph.min.js"]),
            dygraphsStyle: first([
                "dygraphs/dygraph.min.css", "dygraphs/dist/dygraph.min.css", "dygraph.min.css",
            ]),
            chart: first([
                "chart.js/chart.min.js", "chart.js/dist/chart.umd.js", "chart.js/dist/chart.min.js",
                "chart.min.js",
            ]))
    }

    /// What to install, where something is missing.
    var advice: String? {
        let missing = [dygraphs == nil ? "libjs-dygraphs" : nil, chart == nil ? "libjs-chart.js" : nil]
            .compactMap { $0 }
        guard !missing.isEmpty else { return nil }
        return "This page was written without its charts: install \(missing.joined(separator: " and ")) "
            + "(Debian, Ubuntu), or name a folder with the files in KARST_JS, and run again."
    }
}
