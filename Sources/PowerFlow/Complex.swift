/// A complex number in per unit: a phasor, a power p + jq or an impedance r + jx.
struct Complex {
    var real: Double
    var imaginary: Double

    static let zero = Complex(0, 0)

    init(_ real: Double, _ imaginary: Double) {
        self.real = real
        self.imaginary = imaginary
    }

    var conjugate: Complex { Complex(real, -imaginary) }
    /// |z|².
    var squared: Double { real * real + imaginary * imaginary }
    /// The larger of |real| and |imaginary|; NaN where either is.
    var largestPart: Double {
        let a = real.magnitude
        let b = imaginary.magnitude
        return a >= b ? a : (a < b ? b : .nan)
    }

    static prefix func - (a: Complex) -> Complex { Complex(-a.real, -a.imaginary) }
    static func + (a: Complex, b: Complex) -> Complex { Complex(a.real + b.real, a.imaginary + b.imaginary) }
    static func - (a: Complex, b: Complex) -> Complex { Complex(a.real - b.real, a.imaginary - b.imaginary) }
    static func * (a: Complex, factor: Double) -> Complex { Complex(a.real * factor, a.imaginary * factor) }
    static func * (a: Complex, b: Complex) -> Complex {
        Complex(a.real * b.real - a.imaginary * b.imaginary, a.real * b.imaginary + a.imaginary * b.real)
    }
    static func / (a: Complex, b: Complex) -> Complex { a * b.conjugate * (1 / b.squared) }
    static func += (a: inout Complex, b: Complex) { a = a + b }

    /// j·susceptance·self: the current of a shunt.
    func throughSusceptance(_ b: Double) -> Complex { Complex(-b * imaginary, b * real) }
}
