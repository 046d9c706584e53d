import ArgumentParser
import Foundation
import ScenarioFile
import TextFile

extension LoadedScenario {
    /// Reads the scenario at `path` and names on standard error the file that is read, when this takes longer
    /// than a second and not `quiet`. Prints every mistake to standard error; the exit code is then 2.
    static func read(
        _ path: String, _ overrides: [String], _ dispatch: [DispatchChoice], quiet: Bool = false
    ) throws -> LoadedScenario {
        let progress = quiet ? nil : ReadingProgress()
        defer { progress?.end() }
        do {
            return try ScenarioFile.load(path: path, overrides: overrides, dispatch: dispatch) {
                progress?.begin($0)
            }
        } catch {
            progress?.end()
            note(error.description)
            throw ExitCode(2)
        }
    }
}

/// Names the file that is read, once a second: on a terminal in a line that is written over, elsewhere once
/// for each file.
private final class ReadingProgress: @unchecked Sendable {
    /// Guards the other properties: a thread of its own writes.
    private let lock = NSLock()
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private let started = ContinuousClock.now
    private var file = ""
    private var told = ""
    private var hasEnded = false

    init() {
        Thread.detachNewThread { [weak self] in
            repeat { Thread.sleep(forTimeInterval: 1) } while self?.tell() == true
        }
    }

    func begin(_ name: String) {
        lock.withLock { file = name }
    }

    func end() {
        lock.withLock {
            if isTerminal, !told.isEmpty, !hasEnded { Terminal.draw("\r\u{1b}[K") }
            hasEnded = true
        }
    }

    /// Writes the name of the file; false after the end.
    private func tell() -> Bool {
        lock.withLock {
            guard !hasEnded, isTerminal || file != told else { return !hasEnded }
            told = file
            let seconds = (ContinuousClock.now - started).components.seconds
            Terminal.draw(isTerminal ? "\r\u{1b}[Kreading \(file) · \(seconds) s" : "reading \(file)\n")
            return true
        }
    }
}
