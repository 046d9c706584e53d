public import Grid
public import LinearAlgebra

/// Network losses as a quadratic function of the powers of the units (B-coefficients): loss = pᵀ·B·p + B0ᵀ·p
/// + B00, in W, with p in W.
///
/// George 1943; Kron's loss formula, Wood & Wollenberg ch. 4. The literature gives the coefficients per unit
/// of a base power, usually 100 MVA.
public struct LossFormula: Hashable, Sendable {
    /// B, units × units, 1/W; symmetric.
    public let quadratic: Matrix
    /// B0, one number a unit.
    public let linear: [Double]
    /// B00, W.
    public let constant: Double

    /// Creates the formula from published coefficients: with u = p / `basePower` the loss is
    /// `basePower`·(uᵀ·B·u + B0ᵀ·u + B00).
    ///
    /// Of a matrix that is not symmetric the symmetric part is taken, which gives the same losses.
    public init(perUnit b: Matrix, linear: [Double], constant: Double, basePower: Power) {
        precondition(b.rows == b.columns && b.rows == linear.count && basePower > .zero)
        var symmetric = b
        for i in 0..<b.rows {
            for j in 0..<b.rows { symmetric[i, j] = (b[i, j] + b[j, i]) / (2 * basePower.value) }
        }
        quadratic = symmetric
        self.linear = linear
        self.constant = constant * basePower.value
    }

    /// Returns the losses, W, at powers in W, one a unit.
    public func loss(at powers: [Double]) -> Double {
        let factors = incremental(at: powers)
        let sum = powers.indices.reduce(0) { $0 + powers[$1] * (factors[$1] + linear[$1]) }
        return constant + sum / 2
    }

    /// Returns the incremental losses ∂loss/∂p of each unit at powers in W: watts lost of one more watt.
    public func incremental(at powers: [Double]) -> [Double] {
        precondition(powers.count == linear.count)
        return powers.indices.map { i in
            powers.indices.reduce(linear[i]) { $0 + 2 * quadratic[i, $1] * powers[$1] }
        }
    }
}
