import Foundation

/// What the program does when someone asks it to stop (Ctrl-C, a polite `kill`, a closed terminal). The
/// second time ends it at once.
public enum Interruption {
    private nonisolated(unsafe) static var signals: sig_atomic_t = 0
    private nonisolated(unsafe) static let wake = {
        let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)
        sem_init(semaphore, 0, 0)
        return semaphore
    }()

    /// Handles the signals from now on. Half a second after one, `end` runs on a thread of its own, whatever
    /// the others compute: it cleans up and ends the program. Until then a loop may see `isRequested` and end
    /// by itself.
    public static func watch(_ end: @escaping @Sendable () -> Void) {
        _ = wake
        // Whoever started the program may have blocked them.
        var stops = sigset_t()
        sigemptyset(&stops)
        for number in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&stops, number) }
        pthread_sigmask(SIG_UNBLOCK, &stops, nil)
        Thread.detachNewThread {
            while sem_wait(wake) != 0 {}
            usleep(500_000)
            end()
        }
        for number in [SIGINT, SIGTERM, SIGHUP] where !isIgnored(number) {
            signal(number) { number in
                Interruption.signals = 1
                signal(number, SIG_DFL)
                sem_post(Interruption.wake)
            }
        }
    }

    /// Whether a signal to stop has come.
    public static var isRequested: Bool { signals != 0 }

    /// Whether `nohup` has asked that the terminal may close.
    private static func isIgnored(_ number: Int32) -> Bool {
        guard number == SIGHUP else { return false }
        let former = signal(number, SIG_DFL)
        defer { signal(number, former) }
        return unsafeBitCast(former, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}
