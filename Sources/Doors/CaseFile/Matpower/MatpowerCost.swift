import Grid

// A row of `gencost` is: model, start-up cost, shut-down cost, n, and then for model 1 the n points
// p₁ c₁ p₂ c₂ … of a piecewise linear curve, for model 2 the n coefficients of a polynomial, the highest
// power first; MW and money/h. Rows beyond those of `gen` are what reactive power costs.
extension MatpowerCase {
    /// What each generator's power costs; nil where the file does not say, or not in a way that is
    /// understood.
    mutating func costs() -> [CostCurve?] {
        guard let cost else { return Array(repeating: nil, count: generator.rows) }
        guard cost.rows == generator.rows || cost.rows == 2 * generator.rows else {
            mistakes.warn(
                "\(reader.structure).gencost has \(cost.rows) rows; \(generator.rows) generators need as many, "
                    + "or twice as many: costs are ignored",
                at: reader.place(of: "gencost", row: 0, column: 0))
            return Array(repeating: nil, count: generator.rows)
        }
        if cost.rows > generator.rows {
            let place = reader.place(of: "gencost", row: generator.rows, column: 0)
            mistakes.warn("the cost of reactive power is ignored", at: place)
        }
        return (0..<generator.rows).map { curve(cost, $0) }
    }

    private mutating func curve(_ cost: MatpowerMatrix, _ row: Int) -> CostCurve? {
        let (model, count) = (cost[row, 0], cost[row, 3])
        guard model == 1 || model == 2 else {
            return refuse(
                row, 0, "cost model \(shortest(model)) is not 1 (piecewise linear) or 2 (polynomial)")
        }
        let room = (cost.columns - 4) / (model == 1 ? 2 : 1)
        let least = model == 1 ? 2 : 0
        guard count == count.rounded(), count >= Double(least), count <= Double(room) else {
            return refuse(
                row, 3, "n is \(shortest(count)); a whole number from \(least) to \(room) is expected")
        }
        let numbers = (0..<Int(count) * (model == 1 ? 2 : 1)).map { cost[row, 4 + $0] }
        if let bad = numbers.firstIndex(where: { !($0.magnitude <= Self.largest) }) {
            return refuse(row, 4 + bad, "\(shortest(numbers[bad])) where a finite number is expected")
        }
        return model == 1 ? piecewise(numbers, row) : polynomial(numbers, row)
    }

    private mutating func piecewise(_ numbers: [Double], _ row: Int) -> CostCurve? {
        let points = stride(from: 0, to: numbers.count, by: 2).map {
            CostCurve.Point(power: Power(numbers[$0] * 1e6), cost: numbers[$0 + 1])
        }
        for k in points.indices.dropFirst() where points[k].power <= points[k - 1].power {
            return refuse(row, 4 + 2 * k, "the powers of a piecewise linear cost must increase")
        }
        return .piecewise(points)
    }

    private mutating func polynomial(_ numbers: [Double], _ row: Int) -> CostCurve? {
        let ascending = Array(numbers.reversed())
        guard ascending.dropFirst(3).allSatisfy({ $0 == 0 }) else {
            let place = reader.place(of: "gencost", row: row, column: 4)
            mistakes.warn("a polynomial cost of degree 3 or more is ignored", at: place)
            return nil
        }
        func coefficient(_ power: Int) -> Double { power < ascending.count ? ascending[power] : 0 }
        return .polynomial(
            constant: coefficient(0), linear: coefficient(1) / 1e6, quadratic: coefficient(2) / 1e12)
    }

    private mutating func refuse(_ row: Int, _ column: Int, _ message: String) -> CostCurve? {
        mistakes.add(message, at: reader.place(of: "gencost", row: row, column: column))
        return nil
    }

    /// Rad; nil where the branch has no such limit, which MATPOWER writes as 0 on both sides or as a whole
    /// turn or more. A side without limit becomes a whole turn.
    func angleLimits(_ row: Int) -> ClosedRange<Double>? {
        guard branch.columns >= 13 else { return nil }
        let (low, high) = (branch[row, 11], branch[row, 12])
        guard low != 0 || high != 0, low > -360 || high < 360 else { return nil }
        return CaseUnits.radians(max(low, -360))...CaseUnits.radians(min(high, 360))
    }
}
