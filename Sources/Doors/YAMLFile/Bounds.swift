/// The values of a quantity that are allowed, in the engine's unit.
public struct Bounds: Sendable {
    let lower: Double
    let upper: Double
    /// Whether `lower` itself is allowed.
    let includesLower: Bool

    /// Any value.
    public static let any = Bounds(lower: -.infinity, upper: .infinity, includesLower: true)
    /// More than zero.
    public static let positive = Bounds(lower: 0, upper: .infinity, includesLower: false)
    /// Zero or more.
    public static let notNegative = Bounds(lower: 0, upper: .infinity, includesLower: true)
    /// More than 0, at most 1.
    public static let share = Bounds(lower: 0, upper: 1, includesLower: false)

    private init(lower: Double, upper: Double, includesLower: Bool) {
        self.lower = lower
        self.upper = upper
        self.includesLower = includesLower
    }

    /// The values of `range`, both ends included.
    public init(_ range: ClosedRange<Double>) {
        self.init(lower: range.lowerBound, upper: range.upperBound, includesLower: true)
    }

    /// Why `value` is not allowed, to be written after the text that was found; nil if it is allowed.
    func refusal(of value: Double, _ shown: (Double) -> String) -> String? {
        if value > upper { return "is more than \(shown(upper))" }
        if value < lower { return "is less than \(shown(lower))" }
        if value == lower, !includesLower { return "is not allowed; it must be more than \(shown(lower))" }
        return nil
    }
}
