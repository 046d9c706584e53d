import Export
import Foundation
import Report
import Results
import Simulator

/// A run while it is written. When the program is asked to stop during a long computation, another thread
/// marks the run as failed; so every call holds a lock.
final class RunSession: @unchecked Sendable {
    private let lock = NSLock()
    private let writer: RunWriter
    private let clock: StageClock
    private var hasEnded = false

    init(_ writer: RunWriter, _ clock: StageClock) {
        self.writer = writer
        self.clock = clock
    }

    func ended(_ stage: Stage) { lock.withLock { clock.ended(stage) } }

    func take(_ record: Record) throws {
        try lock.withLock {
            try writer.take(record)
            clock.ended(.output)
        }
    }

    /// Writes what is left, the report last, and publishes the directory.
    func complete() throws {
        try lock.withLock { try writer.finish() }
        let report = RunReport(writer.summary).html()
        try lock.withLock {
            try writer.add(report, as: "report.html")
            clock.ended(.report)
            try writer.publish(clock.timing(steps: writer.summary.steps))
            hasEnded = true
        }
    }

    /// Publishes the directory marked as failed; returns what became of it, for the user.
    func fail(_ reason: String) -> String {
        lock.withLock { failLocked(reason) }
    }

    /// As `fail`, on the thread that ends the program. The lock is never given back, so that no other thread
    /// writes any more. Does not return while a run that has ended by itself is reported.
    func stop() -> String? {
        lock.lock()
        if hasEnded {
            lock.unlock()
            while true { sleep(1) }
        }
        return failLocked("interrupted in step \(writer.summary.steps + 1)")
    }

    private func failLocked(_ reason: String) -> String {
        hasEnded = true
        let path = writer.directory.path
        do {
            try writer.fail(reason, clock.timing(steps: writer.summary.steps))
            return "\(path) is marked as failed"
        } catch {
            return "\(path) could not be marked as failed: \(error)"
        }
    }
}
