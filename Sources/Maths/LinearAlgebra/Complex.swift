import Glibc

/// A complex number.
@frozen public struct Complex: Hashable, Sendable {
    public var real: Double
    /// Imaginary part.
    public var imaginary: Double

    /// Zero.
    @inlinable public static var zero: Complex { Complex(0, 0) }

    /// Creates real + j·imaginary.
    @inlinable public init(_ real: Double, _ imaginary: Double) {
        self.real = real
        self.imaginary = imaginary
    }

    /// e^(j·angle), of an angle in rad.
    public static func turn(by angle: Double) -> Complex {
        angle == 0 ? Complex(1, 0) : Complex(cos(angle), sin(angle))
    }

    /// a − jb.
    @inlinable public var conjugate: Complex { Complex(real, -imaginary) }
    /// |z|².
    @inlinable public var squared: Double { real * real + imaginary * imaginary }
    /// |z|.
    @inlinable public var magnitude: Double { squared.squareRoot() }
    /// The larger of |real| and |imaginary|; NaN where either is.
    @inlinable public var largestPart: Double {
        let a = real.magnitude
        let b = imaginary.magnitude
        return a >= b ? a : (a < b ? b : .nan)
    }

    /// −a.
    @inlinable public static prefix func - (a: Complex) -> Complex { Complex(-a.real, -a.imaginary) }
    @inlinable public static func + (a: Complex, b: Complex) -> Complex {
        Complex(a.real + b.real, a.imaginary + b.imaginary)
    }
    /// a − b.
    @inlinable public static func - (a: Complex, b: Complex) -> Complex {
        Complex(a.real - b.real, a.imaginary - b.imaginary)
    }
    /// The product with a real factor.
    @inlinable public static func * (a: Complex, factor: Double) -> Complex {
        Complex(a.real * factor, a.imaginary * factor)
    }
    /// a·b.
    @inlinable public static func * (a: Complex, b: Complex) -> Complex {
        Complex(a.real * b.real - a.imaginary * b.imaginary, a.real * b.imaginary + a.imaginary * b.real)
    }
    /// a/b, as a·conj(b)/|b|²; not a number where b is zero.
    @inlinable public static func / (a: Complex, b: Complex) -> Complex {
        a * b.conjugate * (1 / b.squared)
    }
    /// Adds b to a.
    @inlinable public static func += (a: inout Complex, b: Complex) { a = a + b }
    @inlinable public static func -= (a: inout Complex, b: Complex) { a = a - b }

    /// j·b·z: the current that voltage z drives through a shunt of susceptance b.
    @inlinable public func timesImaginary(_ b: Double) -> Complex { Complex(-b * imaginary, b * real) }
}
