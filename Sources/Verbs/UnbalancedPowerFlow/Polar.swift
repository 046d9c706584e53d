import Glibc
import LinearAlgebra

extension Complex {
    init(magnitude: Double, angle: Double) { self.init(magnitude * cos(angle), magnitude * sin(angle)) }

    /// Rad, −π…π; 0 for zero.
    var angle: Double { atan2(imaginary, real) }
}
