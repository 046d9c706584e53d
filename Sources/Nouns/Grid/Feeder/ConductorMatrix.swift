public import LinearAlgebra

/// A square matrix of complex numbers over the conductors of an element: impedances in Ω or admittances in S.
public struct ConductorMatrix: Hashable, Sendable {
    /// Number of conductors.
    public let order: Int
    /// Row by row.
    public let elements: [Complex]

    /// A matrix of `element(row, column)`.
    public init(order: Int, _ element: (Int, Int) -> Complex) {
        self.order = order
        elements = (0..<order * order).map { element($0 / order, $0 % order) }
    }

    /// The matrix of zeros.
    public static func zero(_ order: Int) -> ConductorMatrix {
        ConductorMatrix(order: order) { _, _ in .zero }
    }

    /// The phase matrix of a line that is alike in all its conductors, from its positive- and zero-sequence
    /// values: (2·z₁ + z₀)/3 on the diagonal, (z₀ − z₁)/3 elsewhere. With one conductor it is the former.
    public init(order: Int, positive: Complex, zero: Complex) {
        self.init(order: order) { i, j in
            i == j ? (positive * 2 + zero) * (1.0 / 3) : (zero - positive) * (1.0 / 3)
        }
    }

    /// The element of a row and a column.
    public subscript(row: Int, column: Int) -> Complex { elements[row * order + column] }

    /// The matrix times a number: that of a line `factor` times as long.
    public static func * (matrix: ConductorMatrix, factor: Double) -> ConductorMatrix {
        ConductorMatrix(order: matrix.order) { matrix[$0, $1] * factor }
    }

    /// Whether every element is zero.
    public var isZero: Bool { elements.allSatisfy { $0 == .zero } }
}
