import LinearAlgebra

/// Where a number of the program stands in `SegmentMemory.data`: at `at + stride·t` in stage t, stride 0
/// where it is the same in every stage.
struct Reference {
    var at: Int32 = 0
    var stride: Int32 = 0
}

/// What the sweeps know of a column.
struct ColumnPlan {
    var first: Int32
    var end: Int32
    /// First of its pairs.
    var pair: Int32
    /// c and Q's diagonal; 1 where there is a finite bound and the variable may move, 0 elsewhere.
    var cost = Reference()
    var curve = Reference()
    var hasLower = Reference()
    var hasUpper = Reference()
    var moves = Reference()
}

struct EntryPlan {
    /// From the record of the column's stage.
    var offset: Int32
    var value = Reference()
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
    let pairs: UnsafeMutableBufferPointer<Int32>
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
        pairs = .copy(of: elimination.pairs.map(Int32.init))
        clears = .copy(of: elimination.clears.map(Int32.init))
        from = .copy(of: elimination.moves.map { Int32($0.from) })
        to = .copy(of: elimination.moves.map { Int32($0.to) })
        multipliers = places.count
    }

    func deallocate() {
        pivots.deallocate()
        for list in [places, rowStarts, offsets, pairs, clears, from, to] { list.deallocate() }
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
    let columns: UnsafeMutableBufferPointer<ColumnPlan>
    let entries: UnsafeMutableBufferPointer<EntryPlan>
    let opening: EliminationPlan
    let steady: EliminationPlan
    /// The program: constants, then one record a stage.
    let data: UnsafeMutablePointer<Lanes>
    let constants: Int
    let dataRecord: Int
    /// Of each stage and column: distance from the lower bound (where there is none, from the upper or from
    /// zero), distance from the upper (1 where there is none), and their multipliers.
    let state: UnsafeMutablePointer<Lanes>
    /// Of each stage and row: b, b − A·x, right-hand sides on their way to solutions, y, and the predictor's
    /// and the corrector's Δy.
    let right, residual, work, y, predicted, step: UnsafeMutablePointer<Lanes>
    /// Of each stage: multipliers of the elimination, reciprocals of the pivots.
    let multipliers, inverses: UnsafeMutablePointer<Lanes>
    let multiplierRecord: Int
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
        let plans = (0..<front.columns).reduce(into: (plans: [ColumnPlan](), pairs: 0)) { sum, j in
            let (first, end) = (front.first[j], front.first[j + 1])
            sum.plans.append(ColumnPlan(first: Int32(first), end: Int32(end), pair: Int32(sum.pairs)))
            sum.pairs += (end - first) * (end - first + 1) / 2
        }.plans
        columns = .copy(of: plans)
        entries = .copy(of: front.entries.map { EntryPlan(offset: Int32($0.offset)) })
        let (n, rows) = (front.columns, front.rows)
        constants = 2 + 5 * n + front.entries.count
        dataRecord = 5 * n + front.entries.count
        multiplierRecord = max(opening.multipliers, steady.multipliers)
        let elements = front.size * (front.size + 1) / 2
        let records = (length + 1) * rows
        let sizes =
            [constants + dataRecord * (length + 1), 4 * n * length] + Array(repeating: records, count: 6)
            + [multiplierRecord * length, rows * length, elements, front.size]
        // Untouched pages cost nothing: the program's part is as large as it could have to be.
        memory = .allocate(byteCount: 64 * (sizes.reduce(0, +) + 1), alignment: 64)
        var next = memory.bindMemory(to: Lanes.self, capacity: sizes.reduce(0, +) + 1)
        let parts = sizes.map { size in
            defer { next += size }
            return next
        }
        (data, state, right, residual) = (parts[0], parts[1], parts[2], parts[3])
        (work, y, predicted, step) = (parts[4], parts[5], parts[6], parts[7])
        (multipliers, inverses, triangle, pivotColumn) = (parts[8], parts[9], parts[10], parts[11])
        for (part, size) in zip(parts, sizes).dropFirst() {
            part.initialize(repeating: Lanes(repeating: 0), count: size)
        }
    }

    func deallocate() {
        memory.deallocate()
        columns.deallocate()
        entries.deallocate()
        opening.deallocate()
        steady.deallocate()
    }

    /// A number of the program in stage t.
    @inline(__always)
    func value(_ reference: Reference, _ t: Int) -> Lanes {
        data[Int(reference.at) &+ Int(reference.stride) &* t]
    }

    /// Lane and stage within it of a stage of the program.
    func home(_ stage: Int) -> (lane: Int, stage: Int) { (stage / length, stage % length) }

    /// What segment ℓ hands to the next lands in lane ℓ + 1; the last's in lane 0 where the program is cyclic.
    func handedOn(_ lanes: Lanes, cyclic: Bool) -> Lanes {
        var result = Lanes(repeating: 0)
        for lane in 1..<8 where lane < segments { result[lane] = lanes[lane - 1] }
        if cyclic { result[0] = lanes[segments - 1] }
        return result
    }

    /// The other way: what the next segment's separator holds, as this one sees it.
    func takenBack(_ lanes: Lanes, cyclic: Bool) -> Lanes {
        var result = Lanes(repeating: 0)
        for lane in 0..<7 where lane + 1 < segments { result[lane] = lanes[lane + 1] }
        if cyclic { result[segments - 1] = lanes[0] }
        return result
    }
}
