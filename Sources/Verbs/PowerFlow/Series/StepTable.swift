public import LinearAlgebra

/// One number a row and step, kept as solvers of many steps read it: eight steps of one row stand side by
/// side as the lanes of a register, rows one after another in a block of eight steps, block after block.
/// Lanes past the last step are no part of the value.
public struct StepTable: Sendable {
    public let rows: Int
    public let steps: Int
    /// `blocks` × `rows`; the lanes of row r in block b stand at b·rows + r. Shared by copies until one is
    /// written to.
    @usableFromInline var memory: LaneMemory

    /// All zero.
    public init(rows: Int, steps: Int) {
        precondition(rows >= 0 && steps >= 0)
        self.rows = rows
        self.steps = steps
        memory = LaneMemory(.filled((steps + 7) / 8 * rows, with: .zero))
    }

    /// Of eight steps each, the last perhaps with fewer.
    @inlinable public var blocks: Int { (steps + 7) / 8 }

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
            for step in 0..<steps { cells[(step / 8 * rows + row) * 8 + step % 8] += values[step] * factor }
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

    /// The first of the lanes, which the table must outlive.
    func withLanes<Result>(_ body: (UnsafePointer<Lanes>) -> Result) -> Result {
        withExtendedLifetime(memory) { body(UnsafePointer(memory.lanes.baseAddress!)) }
    }

    mutating func withMutableLanes<Result>(_ body: (UnsafeMutablePointer<Lanes>) -> Result) -> Result {
        own()
        return withExtendedLifetime(memory) { body(memory.lanes.baseAddress!) }
    }
}

extension StepTable: Hashable {
    public static func == (a: StepTable, b: StepTable) -> Bool {
        guard a.rows == b.rows, a.steps == b.steps else { return false }
        return (0..<a.steps).allSatisfy { step in
            (0..<a.rows).allSatisfy { row in a[row, step] == b[row, step] }
        }
    }

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
}
