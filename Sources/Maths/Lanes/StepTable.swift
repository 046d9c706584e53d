/// One number a row and step, kept as solvers of many steps read it: eight steps of one row stand side by
/// side as the lanes of a register, rows one after another in a block of eight steps, block after block.
/// Lanes past the last step are no part of the value.
///
/// ```swift
/// var powers = StepTable(rows: 2, steps: 96)
/// for step in 0..<96 { powers[1, step] = Double(step) }
/// let block = powers[row: 1, block: 3]  // Steps 24 … 31 of row 1 in one register.
/// let sum = block.sum()  // 220.
/// ```
public struct StepTable: Sendable {
    /// Number of rows: of buses, branches or whatever the owner says.
    public let rows: Int
    /// Number of steps.
    public let steps: Int
    /// `blocks` × `rows`; the lanes of row r in block b stand at b·rows + r. Shared by copies until one is
    /// written to.
    @usableFromInline var memory: LaneMemory

    /// Creates a table of zeros.
    public init(rows: Int, steps: Int) {
        precondition(rows >= 0 && steps >= 0)
        self.rows = rows
        self.steps = steps
        memory = LaneMemory(.filled((steps + 7) / 8 * rows, with: .zero))
    }

    /// Number of blocks of eight steps, the last perhaps with fewer.
    @inlinable public var blocks: Int { (steps + 7) / 8 }

    /// The number in a row and step.
    @inlinable public subscript(row: Int, step: Int) -> Double {
        get {
            precondition(row < rows && step < steps && row >= 0 && step >= 0)
            return memory.lanes[step / 8 * rows + row][step % 8]
        }
        set {
            precondition(row < rows && step < steps && row >= 0 && step >= 0)
            own()
            memory.lanes[step / 8 * rows + row][step % 8] = newValue
        }
    }

    /// Adds `values`, one a step, times `factor` to a row.
    public mutating func add(_ values: [Double], times factor: Double, toRow row: Int) {
        precondition(row < rows && row >= 0 && values.count == steps)
        own()
        memory.lanes.withMemoryRebound(to: Double.self) { cells in
            for block in 0..<blocks {
                let first = (block &* rows &+ row) &* 8
                for step in block &* 8..<min(block &* 8 &+ 8, steps) {
                    cells[first &+ step & 7] += values[step] * factor
                }
            }
        }
    }

    /// Eight steps of one row at once; lanes past the last step mean nothing.
    @inlinable public subscript(row row: Int, block block: Int) -> Lanes {
        precondition(row < rows && block < blocks && row >= 0 && block >= 0)
        return memory.lanes[block * rows + row]
    }

    @inlinable mutating func own() {
        if !isKnownUniquelyReferenced(&memory) { memory = LaneMemory(.copy(of: memory.lanes)) }
    }
}

// For solvers: the memory itself.
extension StepTable {
    /// Calls `body` with the first lanes of the table, which are valid only during the call.
    @inlinable
    public func withLanes<Result>(_ body: (UnsafePointer<Lanes>) -> Result) -> Result {
        withExtendedLifetime(memory) { body(UnsafePointer(memory.lanes.baseAddress!)) }
    }

    /// Calls `body` with the first lanes of the table, to be written to during the call.
    @inlinable
    public mutating func withMutableLanes<Result>(_ body: (UnsafeMutablePointer<Lanes>) -> Result) -> Result {
        own()
        return withExtendedLifetime(memory) { body(memory.lanes.baseAddress!) }
    }

    /// Calls `body` with the numbers of the table, which are valid only during the call.
    @inlinable
    public func withNumbers<Result>(_ body: (Numbers) -> Result) -> Result {
        withExtendedLifetime(memory) { body(Numbers(memory, rows: rows)) }
    }

    /// Calls `body` with the numbers of the table, to be written to during the call.
    @inlinable
    public mutating func withMutableNumbers<Result>(_ body: (MutableNumbers) -> Result) -> Result {
        own()
        return withExtendedLifetime(memory) { body(MutableNumbers(memory, rows: rows)) }
    }

    /// The numbers of a table in memory, to be read by several workers. Row and step are not checked.
    @frozen public struct Numbers: @unchecked Sendable {
        @usableFromInline let first: UnsafePointer<Double>
        @usableFromInline let rows: Int

        @inlinable init(_ memory: LaneMemory, rows: Int) {
            first = UnsafePointer(memory.first)
            self.rows = rows
        }

        /// The number in a row and step.
        @inlinable @inline(__always) public subscript(row: Int, step: Int) -> Double {
            first[((step &>> 3) &* rows &+ row) &* 8 &+ (step & 7)]
        }
    }

    /// The numbers of a table in memory, written to by several workers, no two of them the same number. Row
    /// and step are not checked.
    @frozen public struct MutableNumbers: @unchecked Sendable {
        @usableFromInline let first: UnsafeMutablePointer<Double>
        @usableFromInline let rows: Int

        @inlinable init(_ memory: LaneMemory, rows: Int) {
            first = memory.first
            self.rows = rows
        }

        /// The number in a row and step. Writing one leaves its neighbours untouched, also those of the same
        /// eight steps, which another worker may be writing.
        @inlinable @inline(__always) public subscript(row: Int, step: Int) -> Double {
            get { first[((step &>> 3) &* rows &+ row) &* 8 &+ (step & 7)] }
            nonmutating set { first[((step &>> 3) &* rows &+ row) &* 8 &+ (step & 7)] = newValue }
        }
    }
}

extension StepTable: Hashable {
    /// Whether two tables have the same size and equal numbers.
    public static func == (a: StepTable, b: StepTable) -> Bool {
        guard a.rows == b.rows, a.steps == b.steps else { return false }
        return (0..<a.steps).allSatisfy { step in
            (0..<a.rows).allSatisfy { row in a[row, step] == b[row, step] }
        }
    }

    /// Feeds every number to `hasher`.
    public func hash(into hasher: inout Hasher) {
        for step in 0..<steps {
            for row in 0..<rows { hasher.combine(self[row, step]) }
        }
    }
}

/// Owns the memory of a table. Written to only by the one table that has it.
@usableFromInline
final class LaneMemory: @unchecked Sendable {
    @usableFromInline let lanes: UnsafeMutableBufferPointer<Lanes>

    @usableFromInline init(_ lanes: UnsafeMutableBufferPointer<Lanes>) { self.lanes = lanes }

    deinit { lanes.deallocate() }

    /// The same memory, number by number.
    @inlinable var first: UnsafeMutablePointer<Double> {
        UnsafeMutableRawPointer(lanes.baseAddress!).assumingMemoryBound(to: Double.self)
    }
}
