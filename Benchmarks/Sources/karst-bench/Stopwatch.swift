import Foundation

/// Median time of one repetition, s.
struct Timing {
    /// Of the clock on the wall, and of all threads of this process together.
    let wall: Double
    let cpu: Double
}

enum Stopwatch {
    /// Runs `body` to warm up, then `runs` times, and takes the medians.
    static func measure(runs: Int = 7, warmUp: Int = 2, _ body: () -> Void) -> Timing {
        for _ in 0..<warmUp { body() }
        var walls: [Double] = []
        var cpus: [Double] = []
        for _ in 0..<runs {
            let wall = seconds(CLOCK_MONOTONIC)
            let cpu = cpuSeconds
            body()
            cpus.append(cpuSeconds - cpu)
            walls.append(seconds(CLOCK_MONOTONIC) - wall)
        }
        return Timing(wall: median(walls), cpu: median(cpus))
    }

    /// One run of a program.
    static func command(_ program: URL, _ arguments: [String]) throws -> Timing {
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        let (wall, cpu) = (seconds(CLOCK_MONOTONIC), cpuSeconds(usage(RUSAGE_CHILDREN)))
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failed(description: "\(program.lastPathComponent) ended with \(process.terminationStatus)")
        }
        return Timing(
            wall: seconds(CLOCK_MONOTONIC) - wall, cpu: cpuSeconds(usage(RUSAGE_CHILDREN)) - cpu)
    }

    private struct Failed: Error, CustomStringConvertible {
        let description: String
    }

    /// Of this process so far, bytes.
    static var peakMemory: Int { usage(RUSAGE_SELF).ru_maxrss * 1024 }

    /// Of this process now, bytes.
    static var residentMemory: Int {
        let fields = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ")
        return fields.flatMap { Int($0[1]) }.map { $0 * Int(sysconf(Int32(_SC_PAGESIZE))) } ?? 0
    }

    private static var cpuSeconds: Double { cpuSeconds(usage(RUSAGE_SELF)) }

    private static func cpuSeconds(_ now: rusage) -> Double {
        Double(now.ru_utime.tv_sec + now.ru_stime.tv_sec)
            + Double(now.ru_utime.tv_usec + now.ru_stime.tv_usec) * 1e-6
    }

    private static func usage(_ of: __rusage_who) -> rusage {
        var usage = rusage()
        getrusage(__rusage_who_t(of.rawValue), &usage)
        return usage
    }

    private static func seconds(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }
}
