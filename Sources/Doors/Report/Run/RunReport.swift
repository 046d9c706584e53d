public import Foundation
public import Results
import Simulator

/// `report.html`: one file that needs no network, with the figures, charts and bills of a run.
public struct RunReport {
    private let summary: Summary
    private let libraries: ChartLibraries

    /// Creates the report of a run; without `libraries` it has tables but no charts.
    public init(_ summary: Summary, libraries: ChartLibraries = .find()) {
        self.summary = summary
        self.libraries = libraries
    }

    /// The whole page, UTF-8. The same run and libraries give the same bytes.
    public func html() -> Data {
        let hasCharts = libraries.chart != nil || libraries.dygraphs != nil
        let page = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy"
              content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
            <title>\(Markup.escaped(summary.scenario.name))</title>
            <style>\(libraries.dygraphsStyle ?? "")\(Style.sheet)</style>
            </head>
            <body>
            \(Sections(summary, advice: libraries.advice).all)
            \(hasCharts ? scripts : "")
            </body>
            </html>

            """
        return Data(page.utf8)
    }

    private var scripts: String {
        let loaded = [libraries.dygraphs, libraries.chart].compactMap { $0 }
            .map { "<script>\(Markup.script(library: $0))</script>" }
        return loaded.joined(separator: "\n") + """

            <script type="application/json" id="data">\(data)</script>
            <script>\(ChartScript.all)</script>
            """
    }

    private var data: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        // Numbers, names and dates only: nothing in them can fail to be encoded.
        return Markup.script(json: try! encoder.encode(ChartData(summary)))
    }
}
