/// What is eliminated in a stage, and what it touches: worked out once from the pattern.
///
/// The normal equations A·Θ·Aᵀ join the rows of a stage with each other and with the next stage's. Rows
/// without carried entries ("local": balances) are eliminated first, then the others (the chain). While a
/// stage is eliminated its front holds, in this order, the local rows, the chain rows, the chain rows of the
/// next stage, and the separator: the chain rows of the segment's first stage, which stay to the end. Each
/// set of a front's rows has its place: `locals`, then three times `chain`.
struct StageFront {
    let columns: Int
    let locals: Int
    let chain: Int
    /// Place of each row of the program in a stage's record: locals first.
    let place: [Int]
    /// Entries by column: those of column j are `first[j]..<first[j + 1]`.
    let first: [Int]
    /// Which entry of the pattern, and where its row stands as seen from the record of the column's stage:
    /// beyond the record for a row of the next stage.
    let entries: [(source: Int, offset: Int)]
    /// In a segment's first stage, whose chain rows are the separator; in those after it; and where what
    /// joins them with the separator has faded.
    let opening: Elimination
    let steady: Elimination
    let parted: Elimination

    var rows: Int { locals + chain }
    var size: Int { locals + 3 * chain }

    init(_ pattern: StagedProgram.Pattern) {
        columns = pattern.columns
        var isChain = [Bool](repeating: false, count: pattern.rows)
        for entry in pattern.entries where entry.isCarried { isChain[entry.row] = true }
        let order = (0..<pattern.rows).filter { !isChain[$0] } + (0..<pattern.rows).filter { isChain[$0] }
        var place = [Int](repeating: 0, count: pattern.rows)
        for (at, row) in order.enumerated() { place[row] = at }
        chain = isChain.count { $0 }
        locals = pattern.rows - chain
        self.place = place
        var first = [0]
        var entries: [(source: Int, offset: Int)] = []
        for column in 0..<pattern.columns {
            for (e, entry) in pattern.entries.enumerated() where entry.column == column {
                entries.append((e, place[entry.row] + (entry.isCarried ? pattern.rows : 0)))
            }
            first.append(entries.count)
        }
        self.first = first
        self.entries = entries
        let shape = FrontShape(locals: locals, chain: chain)
        let columnRows = (0..<columns).map { j in entries[first[j]..<first[j + 1]].map(\.offset) }
        opening = Elimination(shape, columnRows, isOpening: true, carried: [])
        var carried = opening.remains
        var next = Elimination(shape, columnRows, isOpening: false, carried: carried)
        while !next.remains.isSubset(of: carried) {
            carried.formUnion(next.remains)
            next = Elimination(shape, columnRows, isOpening: false, carried: carried)
        }
        steady = next
        let separator = locals + 2 * chain
        parted = Elimination(
            shape, columnRows, isOpening: false,
            carried: carried.filter { $0.allSatisfy { $0 < separator } })
    }
}

/// Places in a front.
struct FrontShape {
    let locals: Int
    let chain: Int

    var size: Int { locals + 3 * chain }

    /// Element (i, j), j ≤ i, of the lower triangle, row by row.
    func element(_ i: Int, _ j: Int) -> Int { max(i, j) * (max(i, j) + 1) / 2 + min(i, j) }

    /// Place in the front of a row at `offset` from the record of a stage.
    func position(_ offset: Int, isOpening: Bool) -> Int {
        if offset < locals { return offset }
        if offset < locals + chain { return offset + (isOpening ? 2 * chain : 0) }
        return offset - locals
    }

    /// Where what is left of a stage stands in the next front: the next stage's rows have become its own.
    func advanced(_ position: Int) -> Int {
        position < locals + 2 * chain ? position - chain : position
    }
}

/// The steps that eliminate the rows of one stage.
struct Elimination {
    struct Pivot {
        let position: Int
        /// Other rows it is joined with, by front place, rising.
        let coupled: [Int]
    }

    let pivots: [Pivot]
    /// Elements of the front each column adds to, for the pairs of its entries in order.
    let pairs: [Int]
    /// Elements that are zero before the columns add to them, and those that come from the last front.
    let clears: [Int]
    let moves: [(from: Int, to: Int)]
    /// Elements (i, j) among next stage and separator that are left.
    fileprivate let remains: Set<[Int]>

    fileprivate init(
        _ shape: FrontShape, _ columnRows: [[Int]], isOpening: Bool, carried: Set<[Int]>
    ) {
        var joined = [Set<Int>](repeating: [], count: shape.size)
        var touched: Set<Int> = []
        var pairs: [Int] = []
        func join(_ i: Int, _ j: Int) {
            joined[i].insert(j)
            joined[j].insert(i)
            touched.insert(shape.element(i, j))
        }
        for pair in carried { join(shape.advanced(pair[0]), shape.advanced(pair[1])) }
        for rows in columnRows {
            let places = rows.map { shape.position($0, isOpening: isOpening) }
            for (k, i) in places.enumerated() {
                for j in places[...k] {
                    pairs.append(shape.element(i, j))
                    join(i, j)
                }
            }
        }
        let last = isOpening ? shape.locals : shape.locals + shape.chain
        var waiting = Array(0..<last)
        var pivots: [Pivot] = []
        while !waiting.isEmpty {
            // Locals first; among them the one joined with fewest.
            let group = waiting.prefix { $0 < shape.locals }
            let pool = group.isEmpty ? waiting.prefix(1) : group
            let pivot = pool.min { joined[$0].count < joined[$1].count }!
            waiting.removeAll { $0 == pivot }
            let coupled = joined[pivot].subtracting([pivot]).sorted()
            for i in coupled {
                joined[i].remove(pivot)
                for j in coupled { join(i, j) }
            }
            pivots.append(Pivot(position: pivot, coupled: coupled))
        }
        var remains: Set<[Int]> = []
        for i in (shape.locals + shape.chain)..<shape.size {
            for j in joined[i] where j <= i && j >= shape.locals + shape.chain { remains.insert([i, j]) }
        }
        let moves = carried.map { pair -> (from: Int, to: Int) in
            let to = shape.element(shape.advanced(pair[0]), shape.advanced(pair[1]))
            return (shape.element(pair[0], pair[1]), to)
        }
        self.moves = moves.filter { $0.from != $0.to }.sorted { $0.to < $1.to }
        let elements = 0..<shape.size * (shape.size + 1) / 2
        clears = isOpening ? Array(elements) : touched.subtracting(moves.map(\.to)).sorted()
        self.pairs = pairs
        self.pivots = pivots
        self.remains = remains
    }
}
