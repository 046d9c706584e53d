import Grid

// A row of `gencost` is: model, start-up cost, shut-down cost, n, and then for model 1 the n points
// p₁ c₁ p₂ c₂ … of a piecewise linear curve, for model 2 the n coefficients of a polynomial, the highest
// power first; MW and money/h. Rows beyond those of `gen` are what reactive power costs, per Mvar.

/// A mistake in the cost of one generator: only who needs costs needs to know.
private struct CostFault: Error {
    let column: Int
    let message: String
    /// What is known of the cost all the same.
    var curve: CostCurve?
}

extension MatpowerCase {
    /// What the active and the reactive power of each generator cost; nil where the file does not say, or not
    /// in a way that is understood, which is then a mistake among `costMistakes`. Rows of generators that do
    /// not run are not checked.
    mutating func costs() -> [(active: CostCurve?, reactive: CostCurve?)] {
        let none = Array(
            repeating: (active: CostCurve?.none, reactive: CostCurve?.none), count: generator.rows)
        guard let cost else { return none }
        let place = reader.place(of: "gencost", row: 0, column: 0)
        guard cost.columns >= 5 else {
            costMistakes.add(
                "\(reader.structure).gencost has \(cost.columns) columns; it needs 5", at: place)
            return none
        }
        guard cost.rows == generator.rows || cost.rows == 2 * generator.rows else {
            costMistakes.add(
                "\(reader.structure).gencost has \(cost.rows) rows; \(generator.rows) generators need as many, "
                    + "or twice as many", at: place)
            return none
        }
        return (0..<generator.rows).map { row in
            let isRunning = runs(row)
            return (
                curve(cost, row, isRunning),
                cost.rows > generator.rows ? curve(cost, row + generator.rows, isRunning) : nil
            )
        }
    }

    private mutating func curve(_ cost: MatpowerMatrix, _ row: Int, _ isRunning: Bool) -> CostCurve? {
        do {
            return try curve(cost, row)
        } catch {
            let reader = reader
            if isRunning {
                costMistakes.add(
                    error.message, at: reader.place(of: "gencost", row: row, column: error.column))
            }
            return error.curve
        }
    }

    private func curve(_ cost: MatpowerMatrix, _ row: Int) throws(CostFault) -> CostCurve {
        let (model, count) = (cost[row, 0], cost[row, 3])
        guard model == 1 || model == 2 else {
            throw CostFault(
                column: 0,
                message: "cost model \(shortest(model)) is not 1 (piecewise linear) or 2 (polynomial)")
        }
        let room = (cost.columns - 4) / (model == 1 ? 2 : 1)
        let least = model == 1 ? 2 : 0
        guard count == count.rounded(), count >= Double(least), count <= Double(room) else {
            let message = "n is \(shortest(count)); a whole number from \(least) to \(room) is expected"
            throw CostFault(column: 3, message: message)
        }
        let numbers = (0..<Int(count) * (model == 1 ? 2 : 1)).map { cost[row, 4 + $0] }
        if let bad = numbers.firstIndex(where: { !($0.magnitude <= Self.largest) }) {
            let message = "\(shortest(numbers[bad])) where a finite number is expected"
            throw CostFault(column: 4 + bad, message: message)
        }
        return model == 1 ? try piecewise(numbers) : polynomial(numbers)
    }

    private func piecewise(_ numbers: [Double]) throws(CostFault) -> CostCurve {
        let points = stride(from: 0, to: numbers.count, by: 2).map {
            CostCurve.Point(power: Power(numbers[$0] * 1e6), cost: numbers[$0 + 1])
        }
        for k in points.indices.dropFirst() where points[k].power <= points[k - 1].power {
            throw CostFault(
                column: 4 + 2 * k, message: "the powers of a piecewise linear cost must increase",
                curve: .piecewise(points))
        }
        return .piecewise(points)
    }

    private func polynomial(_ numbers: [Double]) -> CostCurve {
        var ascending = Array(numbers.reversed())
        while ascending.last == 0 { ascending.removeLast() }
        guard ascending.count > 3 else {
            func coefficient(_ power: Int) -> Double { power < ascending.count ? ascending[power] : 0 }
            return .polynomial(
                constant: coefficient(0), linear: coefficient(1) / 1e6, quadratic: coefficient(2) / 1e12)
        }
        return .higherPolynomial(
            coefficients: ascending.enumerated().map { $1 / CaseUnits.power(1e6, $0) })
    }

    /// Rad; nil where the branch has no such limit, which MATPOWER writes as 0 on both sides or as a whole
    /// turn or more. A side without limit becomes a whole turn, or infinite where that would lie on the wrong
    /// side of the other.
    func angleLimits(_ row: Int) -> ClosedRange<Double>? {
        guard branch.columns >= 13 else { return nil }
        let (low, high) = (branch[row, 11], branch[row, 12])
        guard low != 0 || high != 0, low > -360 || high < 360, low <= high else { return nil }
        let lower = low >= -360 ? low : high > -360 ? -360 : -.infinity
        let upper = high <= 360 ? high : low < 360 ? 360 : .infinity
        return CaseUnits.radians(lower)...CaseUnits.radians(upper)
    }
}
