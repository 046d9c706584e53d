import Foundation

/// What the program prints. Standard error takes messages; an error while they are written is ignored,
/// because nobody is left to be told. Standard output takes results; an error there is thrown.
public enum Terminal {
    /// Why standard output did not take a text.
    public struct Refusal: Error, Hashable, Sendable, CustomStringConvertible {
        /// One sentence for the user.
        public let description: String
    }

    /// Makes a failed write an error that is returned and not a signal that ends the program (a reader that
    /// goes away, a limit of file size), and opens `/dev/null` for every standard stream that is closed, so
    /// that no file of results takes the number of one. Called once, before anything is opened.
    public static func prepare() {
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
        for stream in STDIN_FILENO...STDERR_FILENO where fcntl(stream, F_GETFD) == -1 {
            // Opened for reading alone: what is written there still fails.
            _ = open("/dev/null", O_RDONLY)
        }
    }

    /// Writes one line of text, or several, to standard error, with invisible characters as `\u{…}`.
    public static func note(_ text: String) {
        draw(visible(text, keepingLines: true) + "\n")
    }

    /// Writes `text` to standard error as it is: a progress bar with its control characters.
    public static func draw(_ text: String) {
        _ = write(text, to: STDERR_FILENO)
    }

    /// Writes `text` and a line end to standard output, with invisible characters as `\u{…}`.
    public static func show(_ text: String) throws(Refusal) {
        try put(visible(text, keepingLines: true) + "\n")
    }

    /// Writes `text` to standard output as it is: data for another program.
    public static func put(_ text: String) throws(Refusal) {
        guard let code = write(text, to: STDOUT_FILENO) else { return }
        throw Refusal(description: "cannot write to standard output: \(String(cString: strerror(code)))")
    }

    /// The system's error code; nil if all was written.
    private static func write(_ text: String, to stream: Int32) -> Int32? {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.write(stream, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                var look = pollfd(fd: stream, events: Int16(POLLOUT), revents: 0)
                poll(&look, 1, 1000)
            } else if errno != EINTR {
                return errno
            }
        }
        return nil
    }
}
