import Lanes
import Testing

/// Segments side by side give what one run from begin to end gives.
@Suite struct TimeSegmentsTests {
    /// A counter that every step changes by a rule of its own: it may keep the value, forget it, or count on.
    private struct Rules {
        let steps: [Int]

        init(seed: UInt64, count: Int, forgets: Int) {
            var state = seed
            steps = (0..<count).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                let number = Int(state >> 33)
                return number % max(forgets, 1) == 0 && forgets > 0 ? -(number % 5) - 1 : number % 3
            }
        }

        func next(_ value: Int, _ step: Int) -> Int {
            steps[step] < 0 ? -steps[step] : (value + steps[step]) % 1_000
        }

        /// From begin to end.
        func states(from start: Int) -> [Int] {
            var value = start
            return steps.indices.map {
                value = next(value, $0)
                return value
            }
        }
    }

    /// Where all workers write; each step is written by one worker at a time.
    private final class Record: @unchecked Sendable {
        let states: UnsafeMutableBufferPointer<Int>
        let results: UnsafeMutableBufferPointer<Int>
        let visits: UnsafeMutableBufferPointer<Int>

        init(_ count: Int) {
            states = .filled(count, with: -1)
            results = .filled(count, with: -1)
            visits = .filled(count, with: 0)
        }

        deinit {
            states.deallocate()
            results.deallocate()
            visits.deallocate()
        }
    }

    /// Needs a number of iterations for each step that depends on step and state.
    private final class Machine: SegmentRunner {
        private let rules: Rules
        private let record: Record
        private var values = [Int](repeating: 0, count: Lanes.scalarCount)
        private var left = [Int](repeating: 0, count: Lanes.scalarCount)
        private(set) var ended = 0

        init(_ rules: Rules, _ record: Record) {
            self.rules = rules
            self.record = record
        }

        func begin(_ lane: Int, at step: Int, from state: Int) {
            values[lane] = state
            proceed(lane, to: step)
        }

        func proceed(_ lane: Int, to step: Int) { left[lane] = 1 + (values[lane] + step) % 4 }

        func iterate() { for lane in left.indices { left[lane] -= 1 } }

        func finishes(_ step: Int, in lane: Int) -> Bool {
            guard left[lane] == 0 else { return false }
            record.results[step] = 7 * values[lane] + step
            record.visits[step] += 1
            values[lane] = rules.next(values[lane], step)
            return true
        }

        func recordState(after step: Int, in lane: Int) -> Bool {
            defer { record.states[step] = values[lane] }
            return record.states[step] == values[lane]
        }

        func end(_ lane: Int) { ended += 1 }

        func state(after step: Int) -> Int { record.states[step] }
    }

    @Test(arguments: [0, 1, 2, 9, 64, 300], [1, 2, 5, 8, 9, 24, 1_000])
    func anyCutEqualsOneRun(steps: Int, segments: Int) {
        for (forgets, seed) in [(0, 1), (1, 2), (7, 3), (50, 4)] as [(Int, UInt64)] {
            let rules = Rules(seed: seed, count: steps, forgets: forgets)
            for start in [0, 3, 999] {
                let expected = rules.states(from: start)
                for workers in [1, 3] {
                    let record = Record(steps)
                    let machines = (0..<workers).map { _ in Machine(rules, record) }
                    TimeSegments(steps: steps, count: segments, start: start).run(on: machines)
                    #expect(Array(record.states) == expected)
                    let before = [start] + expected.dropLast()
                    #expect(Array(record.results) == zip(before, expected.indices).map { 7 * $0 + $1 })
                }
            }
        }
    }

    /// A repair stops as soon as it reaches a state on record: where every step forgets the one before, only
    /// the first step of a segment is run twice.
    @Test func repairsStopEarly() {
        let rules = Rules(seed: 5, count: 400, forgets: 1)
        let record = Record(400)
        let machine = Machine(rules, record)
        TimeSegments(steps: 400, count: 10, start: 999).run(on: [machine])
        #expect(record.visits.reduce(0, +) == 409)
        #expect(machine.ended == 19)
        #expect((0..<400).allSatisfy { record.visits[$0] == ($0 > 0 && $0 % 40 == 0 ? 2 : 1) })
    }

    /// Where nothing depends on the past, nothing is run twice.
    @Test func rightAssumptionsNeedNoRepair() {
        let rules = Rules(seed: 5, count: 400, forgets: 1)
        let record = Record(400)
        let steady = Record(400)
        TimeSegments(steps: 400, count: 1, start: 2).run(on: [Machine(rules, record)])
        #expect(record.visits.allSatisfy { $0 == 1 })
        TimeSegments(steps: 0, count: 4, start: 2).run(on: [Machine(rules, steady)])
        #expect(steady.visits.allSatisfy { $0 == 0 })
    }
}
