func radians(_ degrees: Double) -> Double {
    degrees * .pi / 180
}

func degrees(_ radians: Double) -> Double {
    radians * 180 / .pi
}

/// Into [0, 360).
func wholeTurn(_ degrees: Double) -> Double {
    let rest = degrees - 360 * (degrees / 360).rounded(.down)
    return rest < 360 ? rest : 0
}
