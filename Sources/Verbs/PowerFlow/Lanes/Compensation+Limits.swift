// A reactive power at its limit stays there, by lane: the unknown and its equation leave the system, whose
// inverse for that set of limited buses is kept for the next time. It comes back when the voltage shows that
// the limit no longer binds; a bus may do so a few times in one step and then stays.

import Grid
import Lanes
import LinearAlgebra

extension Compensation {
    /// The same for one lane, whose regulators stop at their limits. Infinite where the set of those changed.
    func moveWithLimits(_ lane: Int) -> Double {
        let (count, first) = (unknowns.count, 2 * chords.count)
        var isChanged = release(lane)
        var wrong = 0.0
        for i in 0..<count {
            let isLimited = i >= first && limited[lane] & 1 << UInt64(i - first) != 0
            let gap = isLimited ? 0 : gaps[i][lane] * basePower
            if i >= first { wrong += gap * gap }
            moves[i][lane] = 0
        }
        // What a limit cuts off, the other unknowns must not expect: they are asked again.
        repeat {
            let inverse = inverse(without: limited[lane])
            for i in 0..<count where i < first || limited[lane] & 1 << UInt64(i - first) == 0 {
                var move = 0.0
                for j in 0..<count { move += gaps[j][lane] * inverse[i * count + j] }
                moves[i][lane] = move
            }
            guard limit(lane) else { break }
            isChanged = true
        } while true
        for i in 0..<first { wrong += moves[i][lane] * moves[i][lane] }
        for i in 0..<count { unknowns[i][lane] += moves[i][lane] }
        for (index, regulator) in regulators.enumerated() where limited[lane] & 1 << UInt64(index) != 0 {
            let isUpper = upper[lane] & 1 << UInt64(index) != 0
            unknowns[first + index][lane] = isUpper ? regulator.most : regulator.least
        }
        return isChanged ? .infinity : wrong
    }

    /// Stops at their limits the regulators that would pass them, and counts what that much closes of each
    /// gap. False where none would.
    private func limit(_ lane: Int) -> Bool {
        let first = 2 * chords.count
        var isChanged = false
        for (index, regulator) in regulators.enumerated() where limited[lane] & 1 << UInt64(index) == 0 {
            let (q, move) = (unknowns[first + index][lane], moves[first + index][lane])
            let kept = min(max(q + move, regulator.least), regulator.most)
            guard kept != q + move else { continue }
            moves[first + index][lane] = kept - q
            for j in 0..<unknowns.count { gaps[j][lane] += response[j, first + index] * (kept - q) }
            limited[lane] |= 1 << UInt64(index)
            if kept == regulator.most {
                upper[lane] |= 1 << UInt64(index)
            } else {
                upper[lane] &= ~(1 << UInt64(index))
            }
            isChanged = true
        }
        return isChanged
    }

    /// Lets go of limits that no longer bind: at the most with too high a voltage, at the least with too low.
    private func release(_ lane: Int) -> Bool {
        guard limited[lane] != 0 else { return false }
        let first = 2 * chords.count
        var isChanged = false
        for index in regulators.indices where limited[lane] & 1 << UInt64(index) != 0 {
            let gap = gaps[first + index][lane]
            let isAtMost = upper[lane] & 1 << UInt64(index) != 0
            let place = index * Lanes.scalarCount + lane
            guard isAtMost ? gap > 1e-9 : gap < -1e-9, released[place] < Self.releases else { continue }
            released[place] += 1
            limited[lane] &= ~(1 << UInt64(index))
            isChanged = true
        }
        return isChanged
    }

    /// Where a rare set makes the response singular, nothing is a number, and the step is not solved here.
    private func inverse(without set: UInt64) -> [Double] {
        if let known = inverses[set] { return known }
        let left = regulators.indices.filter { set & 1 << UInt64($0) != 0 }.map { 2 * chords.count + $0 }
        let made = response.negativeInverse(without: left) ?? Array(repeating: .nan, count: inverse.count)
        inverses[set] = made
        return made
    }
}
