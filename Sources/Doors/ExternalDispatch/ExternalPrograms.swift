import Foundation

/// The programs that run now. Each leads a process group, so that those it has started end with it.
public enum ExternalPrograms {
    private static let lock = NSLock()
    private nonisolated(unsafe) static var running: Set<pid_t> = []

    static func add(_ process: pid_t) { lock.withLock { _ = running.insert(process) } }

    /// Ends the group of `process`, once.
    static func end(_ process: pid_t) {
        guard lock.withLock({ running.remove(process) }) != nil else { return }
        kill(-process, SIGKILL)
        var status: Int32 = 0
        while waitpid(process, &status, 0) == -1, errno == EINTR {}
    }

    /// Ends all of them: before this program ends without freeing its dispatchers.
    public static func endAll() {
        for process in lock.withLock({ running }) { end(process) }
    }
}
