import Lanes

/// A and B of a stage as one list of entries, to be read by columns or by rows. Three numbers of each column
/// of the stage at hand stand in `work`: what the rows' vectors are to the columns, and what the columns give
/// to the rows. Long runs of the same few instructions keep the processor busier than one column after the
/// other with all that becomes of it.
struct StageMatrix {
    /// One entry: where its value and its row stand, and its column's place in `work`.
    struct Term {
        var value: Int32
        var row: Int32
        var column: Int32
    }

    /// Terms `first..<end` of one place.
    struct Run {
        var place: Int32
        var first: Int32
        var end: Int32
    }

    let columns: Int
    /// The first entry of each column, a zero where it has none; then all others.
    private let byColumn: UnsafeMutableBufferPointer<Term>
    private let byRow: UnsafeMutableBufferPointer<Term>
    private let rows: UnsafeMutableBufferPointer<Run>
    let work: UnsafeMutableBufferPointer<Lanes>
    /// Values of the entries, and a zero.
    private let values: UnsafeMutablePointer<Lanes>

    init(_ front: StageFront, values: UnsafeMutablePointer<Lanes>) {
        columns = front.columns
        self.values = values
        var (firsts, others) = ([Term](), [Term]())
        for j in 0..<front.columns {
            let terms = (front.first[j]..<front.first[j + 1]).map {
                Term(value: Int32($0), row: Int32(front.entries[$0].offset), column: Int32(3 * j))
            }
            firsts.append(
                terms.first ?? Term(value: Int32(front.entries.count), row: 0, column: Int32(3 * j)))
            others += terms.dropFirst()
        }
        byColumn = .copy(of: firsts + others)
        let real = firsts.filter { $0.value < front.entries.count } + others
        var (sorted, runs) = ([Term](), [Run]())
        for row in 0..<Int32(2 * front.rows) {
            let own = real.filter { $0.row == row }.sorted { $0.column < $1.column }
            guard !own.isEmpty else { continue }
            runs.append(
                Run(place: row, first: Int32(sorted.count), end: Int32(sorted.count + own.count)))
            sorted += own
        }
        byRow = .copy(of: sorted)
        rows = .copy(of: runs)
        work = .filled(3 * front.columns, with: Lanes(repeating: 0))
    }

    func deallocate() {
        byColumn.deallocate()
        byRow.deallocate()
        rows.deallocate()
        work.deallocate()
    }

    /// Aᵀ·vector of each column, for up to three vectors, whose records of the stage are given.
    @inline(__always)
    func transpose(
        _ a: UnsafeMutablePointer<Lanes>, _ b: UnsafeMutablePointer<Lanes>? = nil,
        _ c: UnsafeMutablePointer<Lanes>? = nil
    ) {
        let sums = work.baseAddress!
        for k in 0..<columns {
            let term = byColumn[k]
            let (value, row, at) = (values[Int(term.value)], Int(term.row), Int(term.column))
            sums[at] = value * a[row]
            if let b { sums[at &+ 1] = value * b[row] }
            if let c { sums[at &+ 2] = value * c[row] }
        }
        for k in columns..<byColumn.count {
            let term = byColumn[k]
            let (value, row, at) = (values[Int(term.value)], Int(term.row), Int(term.column))
            sums[at] = .fused(value, a[row], sums[at])
            if let b { sums[at &+ 1] = .fused(value, b[row], sums[at &+ 1]) }
            if let c { sums[at &+ 2] = .fused(value, c[row], sums[at &+ 2]) }
        }
    }

    /// Adds A times the first of the columns' numbers to a vector, and A times the second to another.
    @inline(__always)
    func spread(over a: UnsafeMutablePointer<Lanes>, _ b: UnsafeMutablePointer<Lanes>? = nil) {
        let numbers = work.baseAddress!
        for run in rows {
            let row = Int(run.place)
            var (first, second) = (a[row], b.map { $0[row] } ?? a[row])
            for k in Int(run.first)..<Int(run.end) {
                let term = byRow[k]
                let (value, at) = (values[Int(term.value)], Int(term.column))
                first = .fused(value, numbers[at], first)
                if b != nil { second = .fused(value, numbers[at &+ 1], second) }
            }
            a[row] = first
            if let b { b[row] = second }
        }
    }
}

/// Where Θ·a·aᵀ of the columns goes in a front: of each element of its lower triangle the pairs of entries.
struct StageProducts {
    private struct Pair {
        var first: Int32
        var second: Int32
        /// Place of Θ in `StageMatrix.work`.
        var weight: Int32
    }

    private let pairs: UnsafeMutableBufferPointer<Pair>
    private let elements: UnsafeMutableBufferPointer<StageMatrix.Run>

    /// `places` are the elements of each column's pairs of entries, in order.
    init(_ front: StageFront, places: [Int]) {
        var byElement: [Int: [Pair]] = [:]
        var next = 0
        for j in 0..<front.columns {
            for e in front.first[j]..<front.first[j + 1] {
                for f in front.first[j]...e {
                    byElement[places[next], default: []].append(
                        Pair(first: Int32(e), second: Int32(f), weight: Int32(3 * j + 2)))
                    next += 1
                }
            }
        }
        var (pairs, elements) = ([Pair](), [StageMatrix.Run]())
        for (place, own) in byElement.sorted(by: { $0.key < $1.key }) {
            elements.append(
                .init(place: Int32(place), first: Int32(pairs.count), end: Int32(pairs.count + own.count)))
            pairs += own
        }
        self.pairs = .copy(of: pairs)
        self.elements = .copy(of: elements)
    }

    func deallocate() {
        pairs.deallocate()
        elements.deallocate()
    }

    /// Adds them, Θ the third of the columns' numbers.
    @inline(__always)
    func add(
        to triangle: UnsafeMutablePointer<Lanes>, _ values: UnsafeMutablePointer<Lanes>,
        _ numbers: UnsafeMutableBufferPointer<Lanes>
    ) {
        for element in elements {
            var sum = triangle[Int(element.place)]
            for k in Int(element.first)..<Int(element.end) {
                let pair = pairs[k]
                let weighted = numbers[Int(pair.weight)] * values[Int(pair.first)]
                sum = .fused(weighted, values[Int(pair.second)], sum)
            }
            triangle[Int(element.place)] = sum
        }
    }
}
