/// The fewest digits that give the same number back; whole numbers without a point.
func shortest(_ number: Double) -> String {
    let text = "\(number)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}

/// A number that `convert` takes to `target`: of `guess` and its nearest neighbours the one that does so
/// exactly, else `guess`. What was once computed by `convert` is so found again to the last digit.
func origin(of target: Double, near guess: Double, _ convert: (Double) -> Double) -> Double {
    var (below, above) = (guess, guess)
    for _ in 0..<4 {
        if convert(below) == target { return below }
        if convert(above) == target { return above }
        (below, above) = (below.nextDown, above.nextUp)
    }
    return guess
}
