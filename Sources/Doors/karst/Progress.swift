import Foundation
import TextFile

/// Prints the progress of a run and the time left to standard error: a moving bar on a terminal, elsewhere a
/// line after each tenth of the steps. Prints nothing in the first second.
struct Progress {
    private let total: Int
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private let started = ContinuousClock.now
    private var shown = ContinuousClock.now
    private var tenth = 0

    init(total: Int) { self.total = total }

    mutating func advance(to done: Int) {
        guard isTerminal ? done % 64 == 0 || done == total : done * 10 / total > tenth else { return }
        let now = ContinuousClock.now
        tenth = done * 10 / total
        let pause = isTerminal ? Duration.milliseconds(100) : .seconds(1)
        guard done == total && isTerminal || now - shown > pause else { return }
        shown = now
        let elapsed = seconds(now - started)
        let left = elapsed / Double(done) * Double(total - done)
        let text = done == total ? clock(elapsed) : "\(clock(left)) left"
        let percent = done * 100 / total
        if isTerminal {
            let filled = done * 40 / total
            let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 40 - filled)
            write("\r\u{1b}[K\(bar) \(percent) % · \(text)\(done == total ? "\n" : "")")
        } else {
            write("\(percent) % · \(text)\n")
        }
    }

    private func clock(_ seconds: Double) -> String {
        seconds < 60
            ? String(format: "%.1f s", seconds)
            : "\(Int(seconds) / 60) min \(Int(seconds) % 60) s"
    }

    private func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
    }

    private func write(_ text: String) {
        Terminal.draw(text)
    }
}
