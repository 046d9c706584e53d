/// Whether two numbers differ by at most `absolute`, or by at most `relative` of the larger amount. A value
/// that is missing or not a number is near nothing.
public func near(
    _ a: Double?, _ b: Double, relative: Double = 1e-9, absolute: Double = 1e-9
) -> Bool {
    guard let a else { return false }
    return abs(a - b) <= max(absolute, relative * max(abs(a), abs(b)))
}

/// Whether two lists have the same length and all their numbers differ by at most `absolute`; by default 1 W
/// or 1 Wh where the numbers are kilowatts or kilowatt-hours of a plan.
public func near(_ a: [Double], _ b: [Double], absolute: Double = 1e-3) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { near($0, $1, relative: 0, absolute: absolute) }
}
