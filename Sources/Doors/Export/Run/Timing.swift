import Foundation
public import Simulator

/// `timing.json`: all that depends on the clock, apart from everything else.
public struct Timing: Hashable, Sendable, Codable {
    /// When the run began, UTC, ISO 8601.
    public let started: String
    /// Duration, s.
    public let seconds: Double
    /// Simulated steps per second.
    public let stepsPerSecond: Double
    /// Seconds by stage of a step, and by part of the run outside the steps: `reading` of the scenario and
    /// its files, `preparation` (weather, loads, the new directory), `output` (writing of records) and
    /// `report`.
    public let stages: [String: Double]
    /// Most memory the process held, MiB.
    public let peakMemoryMebibytes: Double
}

/// A stop-watch for the parts of a run: give `ended` to the simulation as its hook.
public final class StageClock {
    /// A part of a run outside the stages of a step.
    public enum Part: String, CaseIterable, Sendable {
        case reading, preparation, output, report
    }

    private let start = ContinuousClock.now
    private let started = Date()
    private var last = ContinuousClock.now
    private var spent = Array(repeating: Duration.zero, count: Stage.allCases.count)
    private var parts = Array(repeating: Duration.zero, count: Part.allCases.count)

    /// Starts the clock.
    public init() {}

    /// A stage of a step has ended.
    public func ended(_ stage: Stage) {
        spent[Stage.allCases.firstIndex(of: stage)!] += lap()
    }

    /// A part of the run has ended.
    public func ended(_ part: Part) {
        parts[Part.allCases.firstIndex(of: part)!] += lap()
    }

    /// Time so far, for a run of `steps` steps.
    public func timing(steps: Int) -> Timing {
        let seconds = (ContinuousClock.now - start).inSeconds
        var stages = Dictionary(
            uniqueKeysWithValues: zip(Stage.allCases, spent).map { ($0.rawValue, $1.inSeconds) })
        for (part, time) in zip(Part.allCases, parts) { stages[part.rawValue] = time.inSeconds }
        return Timing(
            started: started.formatted(.iso8601), seconds: seconds,
            stepsPerSecond: seconds > 0 ? Double(steps) / seconds : 0, stages: stages,
            peakMemoryMebibytes: Self.peakMemory)
    }

    private func lap() -> Duration {
        let now = ContinuousClock.now
        defer { last = now }
        return now - last
    }

    /// The most memory this process has held.
    private static var peakMemory: Double {
        var usage = rusage()
        #if os(macOS)
            getrusage(RUSAGE_SELF, &usage)
            return Double(usage.ru_maxrss) / 1_048_576
        #else
            getrusage(RUSAGE_SELF.rawValue, &usage)
            return Double(usage.ru_maxrss) / 1024
        #endif
    }
}

extension Duration {
    fileprivate var inSeconds: Double { self / .seconds(1) }
}
