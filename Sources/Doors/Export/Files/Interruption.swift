import Foundation

/// Whether someone has asked the program to stop (Ctrl-C, a polite `kill`, a closed terminal): the first time
/// is remembered, so that a run can end as a failed one; the second time ends the program at once.
public enum Interruption {
    private nonisolated(unsafe) static var signals: sig_atomic_t = 0

    /// Handles the signals from now on; a broken pipe is ignored.
    public static func watch() {
        // A reader of the progress that goes away is no reason to stop.
        signal(SIGPIPE, SIG_IGN)
        for number in [SIGINT, SIGTERM, SIGHUP] {
            signal(number) { number in
                Interruption.signals = 1
                signal(number, SIG_DFL)
            }
        }
    }

    /// Whether a signal to stop has come.
    public static var isRequested: Bool { signals != 0 }
}
