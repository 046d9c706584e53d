/// What values of a quantity are allowed, in the engine's unit.
struct Bounds {
    let lower: Double
    let upper: Double
    /// Whether `lower` itself is allowed.
    let includesLower: Bool

    static let any = Bounds(lower: -.infinity, upper: .infinity, includesLower: true)
    static let positive = Bounds(lower: 0, upper: .infinity, includesLower: false)
    static let notNegative = Bounds(lower: 0, upper: .infinity, includesLower: true)
    /// More than nothing, at most all.
    static let share = Bounds(lower: 0, upper: 1, includesLower: false)

    init(lower: Double, upper: Double, includesLower: Bool) {
        self.lower = lower
        self.upper = upper
        self.includesLower = includesLower
    }

    init(_ range: ClosedRange<Double>) {
        self.init(lower: range.lowerBound, upper: range.upperBound, includesLower: true)
    }

    /// Why `value` is not allowed, after the text that was found; nil when it is.
    func refusal(of value: Double, _ shown: (Double) -> String) -> String? {
        if value > upper { return "is more than \(shown(upper))" }
        if value < lower { return "is less than \(shown(lower))" }
        if value == lower, !includesLower { return "is not more than \(shown(lower))" }
        return nil
    }
}
