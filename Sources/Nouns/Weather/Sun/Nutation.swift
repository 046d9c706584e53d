import Glibc

// Nutation of the earth's axis: NREL/TP-560-34302, table A4.3 (the IAU 1980 series). Each row multiplies five
// slowly changing angles by whole numbers; the sine of their sum changes the longitude, the cosine the obliquity.

struct Nutation {
    /// Degrees.
    let longitude: Double
    let obliquity: Double

    /// `t` in Julian centuries of dynamical time since 2000.
    init(_ t: Double) {
        let elongation = 297.85036 + t * (445267.111480 + t * (-0.0019142 + t / 189474))
        let sunAnomaly = 357.52772 + t * (35999.050340 + t * (-0.0001603 - t / 300000))
        let moonAnomaly = 134.96298 + t * (477198.867398 + t * (0.0086972 + t / 56250))
        let moonLatitude = 93.27191 + t * (483202.017538 + t * (-0.0036825 + t / 327270))
        let moonNode = 125.04452 + t * (-1934.136261 + t * (0.0020708 + t / 450000))
        var (longitude, obliquity) = (0.0, 0.0)
        for i in stride(from: 0, to: Self.terms.count, by: 9) {
            let term = Self.terms[i..<(i + 9)]
            var angle = term[i] * elongation + term[i + 1] * sunAnomaly + term[i + 2] * moonAnomaly
            angle += term[i + 3] * moonLatitude + term[i + 4] * moonNode
            longitude += (term[i + 5] + term[i + 6] * t) * sin(radians(angle))
            obliquity += (term[i + 7] + term[i + 8] * t) * cos(radians(angle))
        }
        self.longitude = longitude / 36_000_000
        self.obliquity = obliquity / 36_000_000
    }

    /// Five multiples (elongation, anomalies of sun and moon, latitude and node of the moon), then the
    /// longitude's a + b t and the obliquity's c + d t, in 0.0001 of an arc second.
    private static let terms: [Double] = [
        0, 0, 0, 0, 1, -171996, -174.2, 92025, 8.9,
        -2, 0, 0, 2, 2, -13187, -1.6, 5736, -3.1,
        0, 0, 0, 2, 2, -2274, -0.2, 977, -0.5,
        0, 0, 0, 0, 2, 2062, 0.2, -895, 0.5,
        0, 1, 0, 0, 0, 1426, -3.4, 54, -0.1,
        0, 0, 1, 0, 0, 712, 0.1, -7, 0,
        -2, 1, 0, 2, 2, -517, 1.2, 224, -0.6,
        0, 0, 0, 2, 1, -386, -0.4, 200, 0,
        0, 0, 1, 2, 2, -301, 0, 129, -0.1,
        -2, -1, 0, 2, 2, 217, -0.5, -95, 0.3,
        -2, 0, 1, 0, 0, -158, 0, 0, 0,
        -2, 0, 0, 2, 1, 129, 0.1, -70, 0,
        0, 0, -1, 2, 2, 123, 0, -53, 0,
        2, 0, 0, 0, 0, 63, 0, 0, 0,
        0, 0, 1, 0, 1, 63, 0.1, -33, 0,
        2, 0, -1, 2, 2, -59, 0, 26, 0,
        0, 0, -1, 0, 1, -58, -0.1, 32, 0,
        0, 0, 1, 2, 1, -51, 0, 27, 0,
        -2, 0, 2, 0, 0, 48, 0, 0, 0,
        0, 0, -2, 2, 1, 46, 0, -24, 0,
        2, 0, 0, 2, 2, -38, 0, 16, 0,
        0, 0, 2, 2, 2, -31, 0, 13, 0,
        0, 0, 2, 0, 0, 29, 0, 0, 0,
        -2, 0, 1, 2, 2, 29, 0, -12, 0,
        0, 0, 0, 2, 0, 26, 0, 0, 0,
        -2, 0, 0, 2, 0, -22, 0, 0, 0,
        0, 0, -1, 2, 1, 21, 0, -10, 0,
        0, 2, 0, 0, 0, 17, -0.1, 0, 0,
        2, 0, -1, 0, 1, 16, 0, -8, 0,
        -2, 2, 0, 2, 2, -16, 0.1, 7, 0,
        0, 1, 0, 0, 1, -15, 0, 9, 0,
        -2, 0, 1, 0, 1, -13, 0, 7, 0,
        0, -1, 0, 0, 1, -12, 0, 6, 0,
        0, 0, 2, -2, 0, 11, 0, 0, 0,
        2, 0, -1, 2, 1, -10, 0, 5, 0,
        2, 0, 1, 2, 2, -8, 0, 3, 0,
        0, 1, 0, 2, 2, 7, 0, -3, 0,
        -2, 1, 1, 0, 0, -7, 0, 0, 0,
        0, -1, 0, 2, 2, -7, 0, 3, 0,
        2, 0, 0, 2, 1, -7, 0, 3, 0,
        2, 0, 1, 0, 0, 6, 0, 0, 0,
        -2, 0, 2, 2, 2, 6, 0, -3, 0,
        -2, 0, 1, 2, 1, 6, 0, -3, 0,
        2, 0, -2, 0, 1, -6, 0, 3, 0,
        2, 0, 0, 0, 1, -6, 0, 3, 0,
        0, -1, 1, 0, 0, 5, 0, 0, 0,
        -2, -1, 0, 2, 1, -5, 0, 3, 0,
        -2, 0, 0, 0, 1, -5, 0, 3, 0,
        0, 0, 2, 2, 1, -5, 0, 3, 0,
        -2, 0, 2, 0, 1, 4, 0, 0, 0,
        -2, 1, 0, 2, 1, 4, 0, 0, 0,
        0, 0, 1, -2, 0, 4, 0, 0, 0,
        -1, 0, 1, 0, 0, -4, 0, 0, 0,
        -2, 1, 0, 0, 0, -4, 0, 0, 0,
        1, 0, 0, 0, 0, -4, 0, 0, 0,
        0, 0, 1, 2, 0, 3, 0, 0, 0,
        0, 0, -2, 2, 2, -3, 0, 0, 0,
        -1, -1, 1, 0, 0, -3, 0, 0, 0,
        0, 1, 1, 0, 0, -3, 0, 0, 0,
        0, -1, 1, 2, 2, -3, 0, 0, 0,
        2, -1, -1, 2, 2, -3, 0, 0, 0,
        0, 0, 3, 2, 2, -3, 0, 0, 0,
        2, -1, 0, 2, 2, -3, 0, 0, 0,
    ]
}
