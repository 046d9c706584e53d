import EconomicDispatch
import Export
import Foundation
import Optimization
import Planning
import Scheduling
import Simulator
import TextFile

extension Scenario {
    /// The same scenario, but unit commitment prints its progress to the terminal, in place of the run's
    /// progress bar, and ends when the run is interrupted.
    func printingSearches() -> Scenario {
        guard isatty(STDERR_FILENO) == 1 else { return self }
        var scenario = self
        let maker = planning.dispatcher
        scenario.planning.dispatcher = DispatcherMaker(name: maker.name) {
            let dispatcher = maker.make()
            guard let commitment = dispatcher as? UnitCommitment else { return dispatcher }
            var progress = SearchProgress()
            return commitment.telling {
                progress.tell($0)
                return !Interruption.isRequested
            }
        }
        return scenario
    }
}

/// Prints one line every `pause` seconds of a search.
private struct SearchProgress {
    private static let pause = 3.0
    private var told = 0.0

    mutating func tell(_ progress: MixedIntegerProgress) {
        // A new search begins at 0.
        if progress.seconds < told { told = 0 }
        guard progress.seconds >= told + Self.pause else { return }
        told = progress.seconds
        let gap = progress.gap.isFinite ? String(format: "gap %.2g %%", progress.gap * 100) : "no plan yet"
        let text = String(format: "\r\u{1b}[Kunit commitment: %.0f s, ", progress.seconds) + gap
        Terminal.draw(text)
    }
}
