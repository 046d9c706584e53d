/// A set of the three phases. Wherever values come by phase they come in the order a, b, c.
public struct Phases: OptionSet, Hashable, Sendable {
    /// Bits of a, b and c: 1, 2 and 4.
    public let rawValue: UInt8

    /// The phases whose bits are set; other bits are dropped.
    public init(rawValue: UInt8) { self.rawValue = rawValue & 7 }

    /// Phase a.
    public static let a = Phases(rawValue: 1)
    /// Phase b.
    public static let b = Phases(rawValue: 2)
    /// Phase c.
    public static let c = Phases(rawValue: 4)
    /// All three phases.
    public static let abc = Phases(rawValue: 7)

    /// The phase of an index in 0…2.
    public init(index: Int) { self.init(rawValue: 1 << UInt8(index)) }

    /// Indices of the phases in 0…2, ascending.
    public var indices: [Int] { (0..<3).filter { rawValue >> UInt8($0) & 1 == 1 } }
    /// Number of phases.
    public var count: Int { rawValue.nonzeroBitCount }
}

/// A symmetric 3 × 3 matrix over the phases: impedances in Ω or susceptances in S, whole or of a length. What
/// belongs to a phase that a wire does not have is not read.
public struct PhaseMatrix: Hashable, Sendable {
    /// Real parts: nine values, row by row.
    public let real: [Double]
    /// Imaginary parts: nine values, row by row.
    public let imaginary: [Double]

    /// The matrix of zeros.
    public static let zero = PhaseMatrix(real: [0, 0, 0, 0, 0, 0])

    /// A matrix from the six values aa, ab, ac, bb, bc, cc of each part.
    public init(real: [Double], imaginary: [Double] = [0, 0, 0, 0, 0, 0]) {
        precondition(real.count == 6 && imaginary.count == 6)
        self.real = [0, 1, 2, 1, 3, 4, 2, 4, 5].map { real[$0] }
        self.imaginary = [0, 1, 2, 1, 3, 4, 2, 4, 5].map { imaginary[$0] }
    }

    private init(rows real: [Double], _ imaginary: [Double]) {
        self.real = real
        self.imaginary = imaginary
    }

    /// The matrix times a number: that of a line `factor` times as long.
    public static func * (matrix: PhaseMatrix, factor: Double) -> PhaseMatrix {
        PhaseMatrix(rows: matrix.real.map { $0 * factor }, matrix.imaginary.map { $0 * factor })
    }
}
