/// What must hold of the tables.
extension MatpowerCase {
    /// Beyond these a number is taken for a mistake.
    static let largest = 1e12

    private mutating func expect(
        _ isGood: Bool, _ message: @autoclosure () -> String, _ field: String, _ row: Int, _ column: Int
    ) {
        guard !isGood else { return }
        let place = reader.place(of: field, row: row, column: column)
        // What was computed has no place of its own.
        let computed = place.line == 0 ? "\(reader.structure).\(field), row \(row + 1): " : ""
        mistakes.add(computed + message(), at: place)
    }

    private mutating func expectFinite(
        _ matrix: MatpowerMatrix, _ field: String, _ row: Int, _ columns: [(Int, String)]
    ) {
        for (column, name) in columns {
            let value = matrix[row, column]
            expect(
                value.magnitude <= Self.largest, "\(name) is \(shortest(value)); a finite number is expected",
                field, row, column)
        }
    }

    mutating func checkBuses() {
        for row in 0..<bus.rows {
            let number = bus[row, 0]
            let isNumber = number >= 1 && number <= 1e9 && number == number.rounded()
            expect(isNumber, "bus number \(shortest(number)) is not a whole number above 0", "bus", row, 0)
            if isNumber {
                expect(rows[Int(number)] == nil, "bus \(shortest(number)) is given twice", "bus", row, 0)
                rows[Int(number)] = row
            }
            let kind = bus[row, 1]
            if kind == 4 { continue }
            expect(
                [1, 2, 3, 4].contains(kind), "bus type \(shortest(kind)) is not 1 (PQ), 2 (PV), 3 (REF) or 4",
                "bus", row, 1)
            expectFinite(
                bus, "bus", row,
                [(2, "Pd"), (3, "Qd"), (4, "Gs"), (5, "Bs"), (8, "Va"), (11, "Vmax"), (12, "Vmin")])
            let voltage = bus[row, 9]
            expect(
                voltage == 0 || (1e-6...1e5).contains(voltage), "baseKV \(shortest(voltage)) is not above 0",
                "bus", row, 9)
            expect(bus[row, 12] <= bus[row, 11] || bus[row, 12].isNaN, "Vmin is above Vmax", "bus", row, 12)
        }
        let unknown = (0..<bus.rows).count { bus[$0, 9] == 0 && bus[$0, 1] != 4 }
        if unknown > 0 {
            mistakes.warn(
                "baseKV is 0 at \(unknown) buses; 1 kV is used instead, which changes no per-unit result")
        }
    }

    mutating func checkGenerators() {
        for row in 0..<generator.rows where runs(row) {
            expectFinite(generator, "gen", row, [(1, "Pg"), (2, "Qg")])
            let voltage = generator[row, 5]
            expect((1e-3...1e3).contains(voltage), "Vg \(shortest(voltage)) is not above 0", "gen", row, 5)
            expectOrder(row, 4, 3, "Qmin", "Qmax")
            expectOrder(row, 9, 8, "Pmin", "Pmax")
        }
    }

    private mutating func expectOrder(
        _ row: Int, _ low: Int, _ high: Int, _ lowName: String, _ highName: String
    ) {
        let (lower, upper) = (generator[row, low], generator[row, high])
        expect(
            lower <= upper, "\(lowName) \(shortest(lower)) is above \(highName) \(shortest(upper))", "gen",
            row, low)
        expect(
            lower < .infinity && upper > -.infinity,
            "\(lowName) \(shortest(lower)) and \(highName) \(shortest(upper)) leave no power", "gen", row, low
        )
    }

    mutating func checkBranches() {
        for row in 0..<branch.rows where isClosed(row) {
            expect(branch[row, 0] != branch[row, 1], "the branch ends where it begins", "branch", row, 1)
            expectFinite(branch, "branch", row, [(2, "r"), (3, "x"), (4, "b"), (9, "angle")])
            let ratio = branch[row, 8]
            expect(
                ratio == 0 || (1e-3...1e3).contains(ratio), "ratio \(shortest(ratio)) is not above 0",
                "branch", row, 8)
            let rating = branch[row, 5]
            expect(rating >= 0, "rateA \(shortest(rating)) is below 0", "branch", row, 5)
            guard branch.columns >= 13 else { continue }
            let (low, high) = (branch[row, 11], branch[row, 12])
            expect(
                low <= high && low < .infinity && high > -.infinity,
                "angmin \(shortest(low)) and angmax \(shortest(high)) leave no angle", "branch", row, 11)
        }
    }

    /// The ends and the status of every row, which decide whether the rest of it counts.
    mutating func checkEnds() {
        for row in 0..<generator.rows {
            expectBus(generator, "gen", row, 0)
            expectFinite(generator, "gen", row, [(7, "status")])
        }
        for row in 0..<branch.rows {
            expectBus(branch, "branch", row, 0)
            expectBus(branch, "branch", row, 1)
            expectFinite(branch, "branch", row, [(10, "status")])
        }
    }

    /// Whether a generator is in service, and its bus.
    func runs(_ row: Int) -> Bool { generator[row, 7] > 0 && !isIsolated(generator[row, 0]) }

    /// Whether a branch is in service, and both of its buses.
    func isClosed(_ row: Int) -> Bool {
        branch[row, 10] > 0 && !isIsolated(branch[row, 0]) && !isIsolated(branch[row, 1])
    }

    private func isIsolated(_ number: Double) -> Bool {
        guard number.magnitude <= 1e9, let row = rows[Int(number)] else { return false }
        return bus[row, 1] == 4
    }

    private mutating func expectBus(_ matrix: MatpowerMatrix, _ field: String, _ row: Int, _ column: Int) {
        let number = matrix[row, column]
        let isKnown = number.magnitude <= 1e9 && number == number.rounded() && rows[Int(number)] != nil
        expect(isKnown, "there is no bus \(shortest(number))", field, row, column)
    }

    /// What each bus is in the power flow.
    mutating func kinds() -> [Kind] {
        var isFed = [Bool](repeating: false, count: bus.rows)
        for row in 0..<generator.rows where generator[row, 7] > 0 { isFed[busRow(generator[row, 0])] = true }
        var kinds = (0..<bus.rows).map { row -> Kind in
            switch bus[row, 1] {
            case 4: .isolated
            case 3 where isFed[row]: .source
            case 2 where isFed[row]: .regulated
            default: .load
            }
        }
        for row in 0..<bus.rows where bus[row, 1] == 3 && kinds[row] != .source {
            let place = reader.place(of: "bus", row: row, column: 1)
            mistakes.warn(
                "bus \(shortest(bus[row, 0])) is REF, but no generator is in service there; it is read as PQ",
                at: place)
        }
        if !kinds.contains(.source) {
            if let first = kinds.firstIndex(of: .regulated) {
                kinds[first] = .source
                mistakes.warn("no bus is REF; the first PV bus, \(shortest(bus[first, 0])), is used as REF")
            } else {
                mistakes.add("no bus of type REF or PV has a generator in service")
            }
        }
        return kinds
    }

    func busRow(_ number: Double) -> Int { rows[Int(number)]! }
}
