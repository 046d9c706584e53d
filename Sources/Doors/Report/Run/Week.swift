import Devices
import Grid
import Results
import Simulator
import Timeline

/// Some days worth looking at.
struct Week: Hashable, Encodable {
    let title: String
    /// Index of the first value of the run's series, and how many values.
    let first: Int
    let count: Int

    /// The weeks that stand out, from Monday to Sunday; the whole run where it has no such week.
    static func chosen(from summary: Summary) -> [Week] {
        let (traces, horizon) = (summary.traces, summary.traces.horizon)
        let zone = summary.scenario.zone
        let perWeek = 7 * 86_400 / horizon.step
        let starts = horizon.indices.filter { step in
            let civil = zone.civil(horizon[step].start)
            return civil.secondOfDay < horizon.step && civil.date.weekday == 0
                && step + perWeek <= horizon.count
        }
        guard !starts.isEmpty, perWeek > 0 else {
            return [Week(title: "The whole run", first: 0, count: horizon.count)]
        }
        func sums(_ series: [Power]) -> [Double] {
            starts.map { start in series[start..<start + perWeek].reduce(0) { $0 + max(0, $1.value) } }
        }
        let aspects: [(String, [Double])] = [
            ("Highest import", sums(traces.power(of: .grid))),
            ("Most water", sums(traces.power(of: .hydro))),
            ("Most sun", sums(traces.power(of: .solar))),
            ("Most curtailed", sums(traces.curtailed)),
            ("Most wind", sums(traces.power(of: .wind))),
            ("Highest demand", sums(traces.demand)),
            ("Most genset", sums(traces.power(of: .genset))),
        ]
        return aspects.compactMap { title, values in
            guard let best = values.indices.max(by: { values[$0] < values[$1] }), values[best] > 0 else {
                return nil
            }
            let date = zone.civil(horizon[starts[best]].start).date
            return Week(title: "\(title): week of \(date)", first: starts[best], count: perWeek)
        }
    }
}
