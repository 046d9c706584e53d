import ArgumentParser
import Export
import ExternalDispatch
import Foundation

/// From now on a signal to stop (Ctrl-C) ends the program within a second, whatever it computes, with exit
/// code 1, after `clean`, which returns what the user is told. A loop that sees `Interruption.isRequested`
/// first ends by itself.
func stopOnInterruption(_ clean: @escaping @Sendable () -> String? = { nil }) {
    Interruption.watch {
        ExternalPrograms.endAll()
        note("Error: interrupted\(clean().map { "; \($0)" } ?? "")")
        _exit(1)
    }
}

/// Throws if someone has asked the program to stop.
func checkInterruption(after step: Int) throws {
    if Interruption.isRequested { throw ExportError("interrupted in step \(step + 1)") }
}

extension RunDirectory {
    /// Removes the directory when the program is asked to stop: a study has no part that is of use.
    func isRemovedOnInterruption() {
        // Not held: where the study itself ends early, the directory goes with it.
        let directory = Unheld(self)
        stopOnInterruption {
            directory.value?.discard()
            return nil
        }
    }
}

/// What only the thread that ends the program uses, while the others are left to themselves.
private struct Unheld<Value: AnyObject>: @unchecked Sendable {
    weak var value: Value?

    init(_ value: Value) { self.value = value }
}

/// The place of something new that `--output` names.
func outputPath(_ text: String) throws -> String {
    if text.isEmpty { throw ValidationError("--output must be the path of something new") }
    if text.hasPrefix("~") {
        throw ValidationError(
            "--output: the shell has not replaced the ~ of '\(text)'; write --output \(text), without '=' and "
                + "without quotes, or ./\(text) for that very name")
    }
    return text
}
