import TextFile
import Timeline
import YAMLFile

/// Reads tables with one row for each step. Their column `time` has the begin of the step. A class, because
/// the times of a table are checked once for all devices that name it.
final class StepSeries {
    private let times: SeriesTimes?
    /// Whether the times are the steps, by file.
    private var checked: [String: Bool] = [:]

    init(_ horizon: Horizon?, _ zone: TimeZoneTable?) {
        if let horizon, let zone { times = SeriesTimes(horizon: horizon, zone: zone) } else { times = nil }
    }

    /// The values of `column`; nil, with the reasons reported, if one is outside `allowed` or the times are
    /// not the steps of the scenario.
    func read(_ column: String, in allowed: ClosedRange<Double>, of table: InputTable) -> [Double]? {
        let isGood = checked[table.csv.file] ?? follows(table)
        checked[table.csv.file] = isGood
        let values = table.numbers(column, in: allowed)
        return isGood ? values : nil
    }

    /// Whether the times of `table` are the begins of all steps; if not, the reason is reported.
    private func follows(_ table: InputTable) -> Bool {
        guard let texts = table.texts("time"), let times else { return false }
        if let fault = times.fault(in: texts) {
            table.mistake(fault.message, row: fault.row, "time")
            return false
        }
        if let row = texts.firstIndex(where: { WrittenTime($0)?.offset == nil }) {
            table.field(row: row, "time")?.warning(times.assumption(of: texts[row]))
        }
        return true
    }
}
