import Glibc
import Lanes

/// The numbers of a column in `SegmentMemory.now`.
enum Field: Int, CaseIterable {
    /// c, Q's diagonal, and that with a little more, so that no step is infinite.
    case cost, curve, damped
    /// 1 where there is a finite bound and the variable may move, 0 elsewhere.
    case hasLower, hasUpper, moves

    static let count = allCases.count
}

/// One elimination step, see `Elimination`.
struct PivotPlan {
    var position: Int32
    var first: Int32
    /// Rows it is joined with: of this and the next stage, then of the separator.
    var near: Int32
    var all: Int32
}

/// An `Elimination` as plain memory.
struct EliminationPlan {
    let pivots: UnsafeMutableBufferPointer<PivotPlan>
    /// Of each coupled row: its place in the front, the first element of its row there, and where it stands
    /// in the records: from this stage's, or, for the separator, from the segment's first.
    let places: UnsafeMutableBufferPointer<Int32>
    let rowStarts: UnsafeMutableBufferPointer<Int32>
    let offsets: UnsafeMutableBufferPointer<Int32>
    let products: StageProducts
    let clears: UnsafeMutableBufferPointer<Int32>
    let from: UnsafeMutableBufferPointer<Int32>
    let to: UnsafeMutableBufferPointer<Int32>
    /// Multipliers a stage leaves.
    let multipliers: Int

    init(_ elimination: Elimination, _ front: StageFront) {
        var (pivots, places, offsets) = ([PivotPlan](), [Int](), [Int]())
        let (own, separator) = (front.rows, front.locals + 2 * front.chain)
        for pivot in elimination.pivots {
            pivots.append(
                PivotPlan(
                    position: Int32(pivot.position), first: Int32(places.count),
                    near: Int32(pivot.coupled.count { $0 < separator }), all: Int32(pivot.coupled.count)))
            places += pivot.coupled
            offsets += pivot.coupled.map {
                $0 < own ? $0 : $0 < separator ? $0 + front.locals : $0 - 2 * front.chain
            }
        }
        self.pivots = .copy(of: pivots)
        self.places = .copy(of: places.map(Int32.init))
        rowStarts = .copy(of: places.map { Int32($0 * ($0 + 1) / 2) })
        self.offsets = .copy(of: offsets.map(Int32.init))
        products = StageProducts(front, places: elimination.pairs)
        clears = .copy(of: elimination.clears.map(Int32.init))
        from = .copy(of: elimination.moves.map { Int32($0.from) })
        to = .copy(of: elimination.moves.map { Int32($0.to) })
        multipliers = places.count
    }

    func deallocate() {
        pivots.deallocate()
        products.deallocate()
        for list in [places, rowStarts, offsets, clears, from, to] { list.deallocate() }
    }
}

/// The numbers of one staged solver. Lane ℓ of everything is segment ℓ of the horizon: `length` stages from
/// ℓ·length on. Records of rows have one more stage at the end, whose chain rows are the next segment's
/// separator.
struct SegmentMemory {
    let front: StageFront
    /// Segments used, and stages of each; those beyond the last of the program hold nothing that moves.
    let segments: Int
    let length: Int
    let matrix: StageMatrix
    let opening: EliminationPlan
    let steady: EliminationPlan
    let parted: EliminationPlan
    /// The first stage at which the separator behind is no longer felt, see `part`.
    let parting: UnsafeMutablePointer<Int>
    /// The program in the stage at hand: the fields of each column, then the value of each entry.
    let now: UnsafeMutablePointer<Lanes>
    /// How many numbers of it are not the same in every stage, which, and how many and which numbers of a
    /// record of `data` they are (some are the same number).
    let varying: UnsafeMutableBufferPointer<Int32>
    let origins: UnsafeMutableBufferPointer<Int32>
    let data: UnsafeMutablePointer<Lanes>
    /// Of each stage and column: distance from the lower bound (where there is none, from the upper or from
    /// zero), distance from the upper (1 where there is none), and their multipliers.
    let state: UnsafeMutablePointer<Lanes>
    /// Of each stage and row: b, b − A·x, right-hand sides on their way to solutions, y, and the predictor's
    /// and the corrector's Δy.
    let right, residual, work, y, predicted, step: UnsafeMutablePointer<Lanes>
    /// Of each stage: multipliers of the elimination, reciprocals of the pivots.
    let multipliers, inverses: UnsafeMutablePointer<Lanes>
    /// The lower triangle of the front being eliminated, and one column of it.
    let triangle, pivotColumn: UnsafeMutablePointer<Lanes>
    private let memory: UnsafeMutableRawPointer

    init(_ pattern: StagedProgram.Pattern) {
        let front = StageFront(pattern)
        self.front = front
        // Empty stages at the end would part a cycle: its segments are equally long.
        segments = pattern.isCyclic ? (1...8).last { pattern.stages % $0 == 0 }! : 8
        length = max(1, (pattern.stages + segments - 1) / segments)
        opening = EliminationPlan(front.opening, front)
        steady = EliminationPlan(front.steady, front)
        let (n, rows) = (front.columns, front.rows)
        let fields = Field.count * n + front.entries.count + 1
        varying = .filled(fields + 1, with: 0)
        origins = .filled(fields + 1, with: 0)
        parted = EliminationPlan(front.parted, front)
        parting = .allocate(capacity: 1)
        parting.initialize(to: length)
        let elements = front.size * (front.size + 1) / 2
        let records = (length + 1) * rows
        let sizes =
            [fields * length, fields, 4 * n * length] + Array(repeating: records, count: 6)
            + [opening.multipliers + steady.multipliers * length, rows * length, elements, front.size]
        // Untouched pages cost nothing: the program's part is as large as it could have to be.
        let bytes = 64 * (sizes.reduce(0, +) + 1)
        // The larger the pages, the fewer are missed.
        let page = bytes > 1 << 22 ? 1 << 21 : 64
        memory = .allocate(byteCount: bytes, alignment: page)
        if page > 64 { madvise(memory, bytes, MADV_HUGEPAGE) }
        var next = memory.bindMemory(to: Lanes.self, capacity: sizes.reduce(0, +) + 1)
        let parts = sizes.map { size in
            defer { next += size }
            return next
        }
        (data, now, state, right) = (parts[0], parts[1], parts[2], parts[3])
        (residual, work, y, predicted, step) = (parts[4], parts[5], parts[6], parts[7], parts[8])
        (multipliers, inverses, triangle, pivotColumn) = (parts[9], parts[10], parts[11], parts[12])
        for (part, size) in zip(parts, sizes).dropFirst() {
            part.initialize(repeating: Lanes(repeating: 0), count: size)
        }
        matrix = StageMatrix(front, values: now + Field.count * n)
    }

    func deallocate() {
        memory.deallocate()
        matrix.deallocate()
        varying.deallocate()
        origins.deallocate()
        opening.deallocate()
        steady.deallocate()
        parted.deallocate()
        parting.deallocate()
    }

    /// How stage t is eliminated.
    @inline(__always)
    func plan(_ t: Int) -> EliminationPlan { t == 0 ? opening : t < parting.pointee ? steady : parted }

    /// The multipliers stage t leaves.
    @inline(__always)
    func multipliers(_ t: Int) -> UnsafeMutablePointer<Lanes> {
        guard t > 0 else { return multipliers }
        let joined = min(t, parting.pointee)
        let before = (joined &- 1) &* steady.multipliers
        let after = (t &- joined) &* parted.multipliers
        return multipliers + (opening.multipliers &+ before &+ after)
    }

    /// Brings the program's numbers of stage t into `now`.
    @inline(__always)
    func enter(_ t: Int) {
        let record = data + t &* Int(origins[0])
        for k in 1..<Int(varying[0]) &+ 1 { now[Int(varying[k])] = record[Int(origins[k])] }
    }

    @inline(__always)
    func value(_ field: Field, _ column: Int) -> Lanes { now[column &* Field.count &+ field.rawValue] }

    /// The numbers of the first column in a stage.
    @inline(__always)
    func state(_ t: Int) -> UnsafeMutablePointer<Lanes> { state + 4 &* (t &* matrix.columns) }

    /// Lane and stage within it of a stage of the program.
    func home(_ stage: Int) -> (lane: Int, stage: Int) { (stage / length, stage % length) }

    /// What segment ℓ hands to the next lands in lane ℓ + 1; the last's in lane 0 where the program is
    /// cyclic.
    @inline(__always)
    func handedOn(_ lanes: Lanes, cyclic: Bool) -> Lanes {
        var result = Lanes(
            0, lanes[0], lanes[1], lanes[2], lanes[3], lanes[4], lanes[5], lanes[6])
        if segments < 8 { for lane in segments..<8 { result[lane] = 0 } }
        if cyclic { result[0] = lanes[segments - 1] }
        return result
    }
}
