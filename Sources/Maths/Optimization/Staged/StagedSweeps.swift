import Lanes

/// The passes over time.
extension SegmentMemory {
    func clearWork(to vector: UnsafeMutablePointer<Lanes>? = nil) {
        let rows = front.rows
        if let vector {
            work.update(from: vector, count: (length + 1) * rows)
        } else {
            work.update(repeating: Lanes(repeating: 0), count: (length + 1) * rows)
        }
        for i in 0..<rows { work[length * rows + i] = Lanes(repeating: 0) }
    }

    /// Gathers what is left of all fronts, and factors it.
    func closeFront(_ separators: Separators, cyclic: Bool) {
        separators.clear()
        let shape = FrontShape(locals: front.locals, chain: front.chain)
        let next = front.locals + front.chain
        let own = next + front.chain
        let joined = cyclic ? segments : segments - 1
        for i in 0..<front.chain {
            for j in 0...i {
                let ownElement = doubles(triangle + shape.element(own + i, own + j))
                let nextElement = doubles(triangle + shape.element(next + i, next + j))
                for segment in 0..<segments { separators.add(segment, i, segment, j, ownElement[segment]) }
                for segment in 0..<joined {
                    let other = segment + 1 == segments ? 0 : segment + 1
                    separators.add(other, i, other, j, nextElement[segment])
                }
            }
            for j in 0..<front.chain {
                let element = doubles(triangle + shape.element(next + i, own + j))
                for segment in 0..<joined {
                    let other = segment + 1 == segments ? 0 : segment + 1
                    separators.add(other, i, segment, j, element[segment])
                    // A segment that follows itself is joined with itself twice.
                    if other == segment, i == j { separators.add(other, i, segment, j, element[segment]) }
                }
            }
        }
        separators.factor()
    }

    /// Solves for the separators' rows, once the right-hand side has been carried forward.
    func closeWork(_ separators: Separators, cyclic: Bool) {
        let (rows, chain) = (front.rows, front.chain)
        for i in 0..<chain {
            let at = front.locals + i
            work[at] += handedOn(work[length * rows + at], cyclic: cyclic)
            let sums = doubles(work + at)
            for segment in 0..<segments { separators.vector[segment * chain + i] = sums[segment] }
        }
        separators.solve()
    }

    /// The unknowns of all rows, from the separators' back.
    func solveBack(into solution: UnsafeMutablePointer<Lanes>, _ separators: Separators, cyclic: Bool) {
        takeSeparators(into: solution, separators, cyclic: cyclic)
        var t = length - 1
        while t >= 0 {
            findBack(plan(t), t, into: solution)
            t -= 1
        }
    }

    func takeSeparators(into solution: UnsafeMutablePointer<Lanes>, _ separators: Separators, cyclic: Bool) {
        let (rows, chain) = (front.rows, front.chain)
        for i in 0..<chain {
            let own = doubles(solution + front.locals + i)
            let following = doubles(solution + length * rows + front.locals + i)
            for segment in 0..<segments { own[segment] = separators.vector[segment * chain + i] }
            for segment in 0..<segments - 1 { following[segment] = own[segment + 1] }
            following[segments - 1] = cyclic ? own[0] : 0
        }
    }
}
