import Foundation

extension Job {
    static let valleyYear = Job(name: ValleyYearJob.name, run: ValleyYearJob.run)
}

/// The main job as a planner meets it: `karst run` on the valley scenario, from the files to the published
/// directory. Seconds on the wall; the split by room is the run's own `timing.json`.
private enum ValleyYearJob {
    static let name = "valley-year"
    private static let runs = 3

    private struct Timing: Decodable {
        let seconds: Double
        let stages: [String: Double]
        let peakMemoryMebibytes: Double
    }

    @Sendable static func run() throws -> JobResult {
        let house = Peers.root.appending(path: "..")
        let output = try Peers.exchange(name).appending(path: "run")
        print("\(name): 35,040 steps, re-planned every hour; medians of \(runs) runs after one to warm up")
        var timings: [Timing] = []
        for _ in 0...runs {
            try? FileManager.default.removeItem(at: output)
            let process = Process()
            process.executableURL = house.appending(path: ".build/release/karst")
            process.arguments = [
                "run", house.appending(path: "Scenarios/wujiang-valley/scenario.yaml").path(), "--quiet",
                "--output", output.path(),
            ]
            try process.run()
            process.waitUntilExit()
            let data = try Data(contentsOf: output.appending(path: "timing.json"))
            timings.append(try JSONDecoder().decode(Timing.self, from: data))
        }
        timings.removeFirst()
        for stage in timings[0].stages.keys.sorted() {
            print("  \(stage): \(Stopwatch.median(timings.map { $0.stages[stage]! }).short) s")
        }
        let seconds = Stopwatch.median(timings.map(\.seconds))
        print("  whole: \(seconds.short) s, \(timings.map(\.peakMemoryMebibytes).max()!.short) MiB at most")
        return JobResult(ours: seconds, unit: "s", target: .bound(60))
    }
}
