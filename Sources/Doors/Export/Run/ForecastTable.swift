import Grid
import Results

/// `forecast.csv`: errors of the forecasts, one row for each quantity and lead.
enum ForecastTable {
    static let table = Table(
        result: "forecast", title: "Errors of the forecasts by quantity and lead",
        fields: [
            .init("quantity", .string, "What was forecast; net is load less sun, wind and water"),
            .init(
                "lead_h", .integer, "From the issue of the forecast to the end of the step it is for",
                unit: "h"),
            .init("samples", .integer, "Forecasts that count", unit: "1"),
            .init("mean_kw", .number, "Mean of the absolute truth", unit: "kW"),
            .init("bias_kw", .number, "Mean of forecast less truth", unit: "kW"),
            .init("mae_kw", .number, "Mean absolute error", unit: "kW"),
            .init("rmse_kw", .number, "Root mean square error", unit: "kW"),
            .init("nrmse", .number, "rmse_kw / mean_kw", unit: "1", decimals: 6),
            .init("yesterday_rmse_kw", .number, "Root mean square error of yesterday's value", unit: "kW"),
            .init("skill", .number, "1 - rmse_kw / yesterday_rmse_kw", unit: "1", decimals: 6),
        ])

    static func write(_ forecasts: ForecastScores, in directory: String) throws(ExportError) -> Table {
        let writer = try TableWriter(table, in: directory)
        for score in forecasts.scores {
            writer.begin(Array(score.quantity.rawValue.utf8))
            writer.append(score.leadHours)
            writer.append(score.samples)
            for power in [score.mean, score.bias, score.meanAbsoluteError, score.rootMeanSquare] {
                writer.append(power.kilowatts)
            }
            writer.append(score.normalised ?? .nan)
            writer.append(score.yesterday.kilowatts)
            writer.append(score.skill ?? .nan)
            try writer.end()
        }
        try writer.close()
        return table
    }
}
