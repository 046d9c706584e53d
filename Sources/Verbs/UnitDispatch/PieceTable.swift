/// Pieces of convex costs as they are collected: each is a unit with limits and a cost slope·p +
/// quadratic·p².
struct PieceTable {
    private(set) var unit: [Int] = []
    private(set) var lower: [Double] = []
    private(set) var upper: [Double] = []
    private(set) var slope: [Double] = []
    private(set) var quadratic: [Double] = []
    /// Power of units where their linear pieces begin, and their maximum power.
    var floor: [(unit: Int, power: Double, most: Double)] = []

    mutating func append(
        _ unit: Int, _ lower: Double, _ upper: Double, _ slope: Double, _ quadratic: Double
    ) {
        self.unit.append(unit)
        self.lower.append(lower)
        self.upper.append(upper)
        self.slope.append(slope)
        self.quadratic.append(quadratic)
    }
}
