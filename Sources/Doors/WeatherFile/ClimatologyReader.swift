public import TextFile
public import Weather

extension Climatology {
    /// Reads a table with one row for each month from 1 to 12, in order, with the columns `month`,
    /// `temperature_c`, `temperature_range_k`, `ghi_kwh_m2_day`, `linke_turbidity`, `wind_speed_10m_m_s`,
    /// `wind_weibull_shape`, `river_flow_m3_s` and `river_flood_share`. Throws all mistakes of the file at
    /// once.
    public init(csv bytes: [UInt8], file: String) throws(FileMistakes) {
        var mistakes: [FileMistake] = []
        let table = CSVTable(bytes, file: file, mistakes: &mistakes)
        var known: Set = ["month"]
        func numbers(_ column: String, _ allowed: ClosedRange<Double>) -> [Double] {
            known.insert(column)
            return table.numbers(column, in: allowed, mistakes: &mistakes)
        }
        let month = table.integers("month", in: 1...12, mistakes: &mistakes)
        let temperature = numbers("temperature_c", -60...50)
        let range = numbers("temperature_range_k", 0...40)
        let global = numbers("ghi_kwh_m2_day", 0...12)
        let turbidity = numbers("linke_turbidity", 1...12)
        let wind = numbers("wind_speed_10m_m_s", 0...30)
        let shape = numbers("wind_weibull_shape", 1...5)
        let river = numbers("river_flow_m3_s", 0...100_000)
        let flood = numbers("river_flood_share", 0...1)
        for (index, name) in table.columns.enumerated() where !known.contains(name) {
            mistakes.append(table.mistake("unknown column '\(name.prefix(40))'", header: index))
        }
        if mistakes.isEmpty && month != Array(1...12) {
            mistakes.append(
                FileMistake(
                    file: file,
                    message:
                        "the table has \(month.count) rows; one row for each month from 1 to 12 is expected, in order"
                ))
        }
        guard mistakes.isEmpty else { throw FileMistakes(mistakes) }
        self.init(
            months: (0..<12).map { m in
                Month(
                    temperature: temperature[m], temperatureRange: range[m],
                    globalHorizontal: 1000 * global[m],
                    turbidity: turbidity[m], windSpeed: wind[m], windShape: shape[m], riverFlow: river[m],
                    floodShare: flood[m])
            }, windHeight: 10)
    }
}
