// Many steps in time, each of which begins in the state that the step before ends in, run side by side.
//
// The time is cut into segments, and eight segments run at once, one a lane. The state in which a segment
// begins is unknown until the one before has ended: each segment assumes the start state of the whole run,
// and is run. Then the repair: a segment that turns out to begin in another state, as the one before it
// ended, is run again from there. It stops where it reaches a state that is on record already, because from
// there on all results are the same; otherwise it runs to its end, and the next segment is looked at again.
// When no border disagrees any more, the states are those of one run from begin to end. A system that forgets
// its past soon runs little twice.

/// A system in eight independent lanes that `TimeSegments` steps through time. It holds the physics, and
/// writes the results and the states to a record that all runners of one run share.
///
/// Lanes do not wait for one another: each is at a step of its own. A step takes as many iterations as it
/// needs, and all lanes iterate together. Not thread-safe: create one instance per thread.
public protocol SegmentRunner: AnyObject, SendableMetatype {
    /// What a step hands to the next. From equal states follow equal states.
    associatedtype State: Equatable & Sendable

    /// Prepares a lane for `step`, the first of a segment, with the state before it.
    func begin(_ lane: Int, at step: Int, from state: State)

    /// Prepares a lane for `step`, after the step before it in the same lane.
    func proceed(_ lane: Int, to step: Int)

    /// Computes one iteration of all lanes at once.
    func iterate()

    /// Looks at what the last iteration found in a lane that works on `step`. Returns true when the step is
    /// done; its results are written by then.
    func finishes(_ step: Int, in lane: Int) -> Bool

    /// Writes the state that a lane has after `step` to the record. Returns whether the record held the same
    /// state before.
    func recordState(after step: Int, in lane: Int) -> Bool

    /// Is called when a lane has nothing left to do.
    func end(_ lane: Int)

    /// Returns the state on record after a step.
    func state(after step: Int) -> State
}

/// One stretch of time, and the state it is assumed to begin in.
@usableFromInline
struct TimeSegment<State> {
    @usableFromInline let steps: Range<Int>
    @usableFromInline var start: State

    @inlinable init(steps: Range<Int>, start: State) {
        self.steps = steps
        self.start = start
    }
}

/// A span of steps cut into segments that run side by side, with the result of one run from begin to end.
public struct TimeSegments<State: Equatable & Sendable> {
    @usableFromInline var all: [TimeSegment<State>]

    /// Cuts steps 0 ..< `steps` into `count` segments of the same length, give or take one; into fewer where
    /// the steps are fewer. `start` is the state before step 0.
    public init(steps: Int, count: Int, start: State) {
        precondition(steps >= 0 && count > 0)
        let count = min(count, steps)
        all = (0..<count).map {
            TimeSegment(steps: $0 * steps / count..<($0 + 1) * steps / count, start: start)
        }
    }

    /// Runs all steps, eight segments at a time, with a thread for each of `runners`, which share one record.
    /// The results depend on the number of segments at most by the tolerance of the runners' iterations, and
    /// not on the number of runners.
    @inlinable
    public consuming func run<Runner: SegmentRunner>(on runners: [Runner]) where Runner.State == State {
        guard let record = runners.first else { return }
        Self.run(all, on: runners, isRepair: false)
        while true {
            var wrong: [TimeSegment<State>] = []
            for index in all.indices.dropFirst() {
                let start = record.state(after: all[index].steps.lowerBound - 1)
                guard start != all[index].start else { continue }
                all[index].start = start
                wrong.append(all[index])
            }
            if wrong.isEmpty { return }
            Self.run(wrong, on: runners, isRepair: true)
        }
    }

    @inlinable
    static func run<Runner: SegmentRunner>(
        _ segments: [TimeSegment<State>], on runners: [Runner], isRepair: Bool
    ) where Runner.State == State {
        let crew = SegmentCrew(runners: runners, segments: segments)
        let groups = (segments.count + Lanes.scalarCount - 1) / Lanes.scalarCount
        concurrently(groups, workers: runners.count) { worker, group in
            let first = group * Lanes.scalarCount
            let end = min(first + Lanes.scalarCount, crew.segments.count)
            crew.runners[worker].run(crew.segments[first..<end], isRepair: isRepair)
        }
    }
}

/// What the workers share: each touches a runner of its own, and segments no two of which write the same
/// step.
@usableFromInline
struct SegmentCrew<Runner: SegmentRunner>: @unchecked Sendable {
    @usableFromInline let runners: [Runner]
    @usableFromInline let segments: [TimeSegment<Runner.State>]

    @inlinable init(runners: [Runner], segments: [TimeSegment<Runner.State>]) {
        self.runners = runners
        self.segments = segments
    }
}

extension SegmentRunner {
    /// Does nothing.
    @inlinable public func end(_ lane: Int) {}

    /// Runs at most eight segments, one a lane. In a repair, each stops where it reaches a state on record.
    @inlinable
    func run(_ segments: ArraySlice<TimeSegment<State>>, isRepair: Bool) {
        var steps = SIMD8<Int>.zero
        var ends = SIMD8<Int>.zero
        var busy = 0
        for (lane, segment) in segments.enumerated() where !segment.steps.isEmpty {
            (steps[lane], ends[lane]) = (segment.steps.lowerBound, segment.steps.upperBound)
            busy += 1
            begin(lane, at: steps[lane], from: segment.start)
        }
        while busy > 0 {
            iterate()
            for lane in 0..<Lanes.scalarCount where steps[lane] < ends[lane] {
                guard finishes(steps[lane], in: lane) else { continue }
                let isKnown = recordState(after: steps[lane], in: lane)
                steps[lane] += 1
                if isRepair && isKnown || steps[lane] == ends[lane] {
                    ends[lane] = steps[lane]
                    busy -= 1
                    end(lane)
                } else {
                    proceed(lane, to: steps[lane])
                }
            }
        }
    }
}
