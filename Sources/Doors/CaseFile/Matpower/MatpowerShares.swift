// What several generators share: the voltage of their bus, and a remainder of active power.

extension MatpowerCase {
    /// The column APF, which files of ten columns do not have.
    private static let factor = 20

    private func isRunning(_ row: Int) -> Bool { generator[row, 7] > 0 }

    /// Whether the file says how much each generator takes of a remainder; most files have zeros there, which
    /// say nothing.
    var hasWeights: Bool {
        (0..<generator.rows).contains { isRunning($0) && (weight($0) ?? 0) > 0 }
    }

    /// Of the generator in a row; nil where the file has no such column.
    func weight(_ row: Int) -> Double? {
        guard generator.columns > Self.factor else { return nil }
        return isRunning(row) ? max(0, generator[row, Self.factor]) : 0
    }

    /// Of all generators at the bus in a row.
    func sourceWeight(_ bus: Int) -> Double {
        (0..<generator.rows).reduce(0) {
            busRow(generator[$1, 0]) == bus ? $0 + (weight($1) ?? 0) : $0
        }
    }

    mutating func checkShares() {
        var voltages: [Double: Double] = [:]
        for row in 0..<generator.rows where isRunning(row) {
            let (bus, voltage) = (generator[row, 0], generator[row, 5])
            if let other = voltages.updateValue(voltage, forKey: bus), other != voltage {
                let reader = reader
                mistakes.warn(
                    "generators at bus \(shortest(bus)) have different Vg, \(shortest(other)) and "
                        + "\(shortest(voltage)); the last one in service holds, as in MATPOWER",
                    at: reader.place(of: "gen", row: row, column: 5))
            }
            guard generator.columns > Self.factor else { continue }
            let weight = generator[row, Self.factor]
            if !(weight >= 0 && weight <= Self.largest) {
                mistakes.add(
                    "APF \(shortest(weight)) is not a finite number of at least 0",
                    at: reader.place(of: "gen", row: row, column: Self.factor))
            }
        }
    }
}
