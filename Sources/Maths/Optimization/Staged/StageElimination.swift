import CMemory
import Lanes

/// One stage of the normal equations, in all segments at once: its front filled and eliminated, its
/// right-hand sides carried forward, its unknowns found on the way back.
extension SegmentMemory {
    /// Takes over what the last stage left and clears the rest.
    @inline(__always)
    func openFront(_ plan: EliminationPlan) {
        for k in 0..<plan.to.count { triangle[Int(plan.to[k])] = triangle[Int(plan.from[k])] }
        let zero = Lanes(repeating: 0)
        for k in plan.clears { triangle[Int(k)] = zero }
    }

    /// Adds Θ·a·aᵀ of the columns, Θ the third of their numbers.
    @inline(__always)
    func addProducts(_ plan: EliminationPlan) {
        plan.products.add(to: triangle, now + matrix.columns * Field.count, matrix.work)
    }

    /// Eliminates the stage's rows from its front, and leaves multipliers and reciprocals of pivots.
    ///
    /// A pivot p that rounding has made as small as that of its diagonal element d, or negative, decides
    /// nothing: its reciprocal is p/(p² + ε²) with ε = 1e-14 d, which is 1/p for every other.
    @inline(__always)
    func eliminate(_ plan: EliminationPlan, _ t: Int) {
        var multiplier = multipliers(t)
        let inverse = inverses + t * front.rows
        for k in 0..<plan.pivots.count {
            let pivot = plan.pivots[k]
            let position = Int(pivot.position)
            let p = triangle[position &* (position &+ 3) / 2]
            let least = 1e-14 * inverse[position]
            let reciprocal = p / (Lanes(repeating: 1e-290) + Lanes.fused(p, p, least * least))
            inverse[position] = reciprocal
            let (first, count) = (Int(pivot.first), Int(pivot.all))
            for i in 0..<count {
                let place = Int(plan.places[first &+ i])
                let row =
                    place > position
                    ? Int(plan.rowStarts[first &+ i]) &+ position
                    : position &* (position &+ 1) / 2 &+ place
                let element = triangle[row]
                pivotColumn[i] = element
                multiplier[i] = 0 - element * reciprocal
            }
            for i in 0..<count {
                let row = triangle + Int(plan.rowStarts[first &+ i])
                let factor = multiplier[i]
                for j in 0...i {
                    let place = Int(plan.places[first &+ j])
                    row[place] = .fused(factor, pivotColumn[j], row[place])
                }
            }
            multiplier += count
        }
    }

    /// Notes the diagonal elements, against which pivots are measured.
    @inline(__always)
    func noteDiagonal(_ t: Int, isOpening: Bool) {
        let inverse = inverses + t * front.rows
        for i in 0..<(isOpening ? front.locals : front.rows) { inverse[i] = triangle[i &* (i &+ 3) / 2] }
    }

    /// Parts the stages after t from the separator behind if nothing of it is felt there any more: every
    /// element e that joins the two, of diagonal elements d and d′, has e² ≤ 1e-40 d·d′, far below the
    /// rounding of d and d′.
    func part(_ t: Int) {
        let next = front.locals + front.chain
        let own = next + front.chain
        for i in next..<own {
            let row = triangle + i * (i + 1) / 2
            for j in own..<own + front.chain {
                let element = triangle[j * (j + 1) / 2 + i]
                let bound = 1e-40 * row[i] * triangle[j * (j + 3) / 2]
                guard all(element * element .<= bound) else { return }
            }
        }
        for i in next..<own {
            for j in own..<own + front.chain { triangle[j * (j + 1) / 2 + i] = Lanes(repeating: 0) }
        }
        parting.pointee = t + 1
    }

    /// Carries the stage's right-hand side into the rows still to come, and divides it by the pivots.
    @inline(__always)
    func carryForward(_ plan: EliminationPlan, _ t: Int) {
        var multiplier = multipliers(t)
        let ahead = plan.multipliers
        let record = work + t * front.rows
        let inverse = inverses + t * front.rows
        for k in 0..<plan.pivots.count {
            let pivot = plan.pivots[k]
            let (first, near, count) = (Int(pivot.first), Int(pivot.near), Int(pivot.all))
            let own = record[Int(pivot.position)]
            for i in 0..<near {
                prefetch(multiplier + (ahead &+ i))
                let at = Int(plan.offsets[first &+ i])
                record[at] = .fused(multiplier[i], own, record[at])
            }
            for i in near..<count {
                let at = Int(plan.offsets[first &+ i])
                work[at] = .fused(multiplier[i], own, work[at])
            }
            record[Int(pivot.position)] = own * inverse[Int(pivot.position)]
            multiplier += count
        }
    }

    /// The stage's unknowns, from those of the next stage and of the separator, into `solution`.
    @inline(__always)
    func findBack(_ plan: EliminationPlan, _ t: Int, into solution: UnsafeMutablePointer<Lanes>) {
        let ahead = plan.multipliers
        var multiplier = multipliers(t) + ahead
        let record = solution + t * front.rows
        let halfway = work + t * front.rows
        var k = plan.pivots.count
        while k > 0 {
            k &-= 1
            let pivot = plan.pivots[k]
            let (first, near, count) = (Int(pivot.first), Int(pivot.near), Int(pivot.all))
            multiplier -= count
            var sum = halfway[Int(pivot.position)]
            var other = Lanes(repeating: 0)
            for i in near..<count {
                other = .fused(multiplier[i], solution[Int(plan.offsets[first &+ i])], other)
            }
            for i in 0..<near {
                prefetch(multiplier + (i &- ahead))
                sum = .fused(multiplier[i], record[Int(plan.offsets[first &+ i])], sum)
            }
            record[Int(pivot.position)] = sum + other
        }
    }
}
