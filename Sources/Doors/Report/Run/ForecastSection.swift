import Grid
import Results

extension Sections {
    /// Empty where no forecast counts, as in a run of one day.
    var forecasts: String {
        let scores = summary.forecasts.scores
        guard !scores.isEmpty else { return "" }
        let leads = Set(scores.map(\.leadHours)).sorted()
        let rows = ForecastScores.Quantity.allCases.compactMap { quantity -> [Markup.Cell]? in
            let own = scores.filter { $0.quantity == quantity }
            guard let first = own.first else { return nil }
            return [.text(quantity.rawValue), .figure(first.mean.kilowatts)]
                + leads.flatMap { lead -> [Markup.Cell] in
                    let score = own.first { $0.leadHours == lead }
                    return [
                        score?.normalised.map { .figure($0 * 100, 1) } ?? .none,
                        score?.skill.map { .figure($0 * 100) } ?? .none,
                    ]
                }
        }
        return Self.section(
            "forecasts", "Forecast errors",
            "Root mean square error of the forecasts in % of the mean, by lead, and skill against yesterday's "
                + "value: 100 % is perfect, 0 % no better. Net is load less sun, wind and water.",
            Markup.table(
                ["Forecast of", "Mean|kW"] + leads.flatMap { ["\($0) h ahead|%", "Skill|%"] }, rows))
    }
}
