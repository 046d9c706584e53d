import Foundation
import TextFile

/// A program, its arguments, and the folder it runs in. A program name with a slash is a path from that
/// folder; any other name is searched in `PATH`.
public struct ProgramCommand: Hashable, Sendable, CustomStringConvertible {
    /// The program, then its arguments.
    public let words: [String]
    /// The folder in which it runs; empty for the working directory.
    public let folder: String

    /// A command of at least one word.
    public init(words: [String], folder: String) {
        precondition(!words.isEmpty)
        self.words = words
        self.folder = folder
    }

    /// The words with blanks between them.
    public var description: String { words.joined(separator: " ") }
}

/// A running program that reads and answers line by line, over one socket that is its input and output. Its
/// error output goes to the user's terminal. It leads a process group of its own, which ends with it.
final class Program {
    private static let longestLine = 256 << 20

    private let socket: Int32
    private let process: pid_t
    private var heard: [UInt8] = []

    init(_ command: ProgramCommand) throws(ProgramFailure) {
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw ProgramFailure("no socket: \(Self.reason(errno))")
        }
        defer { close(ends[1]) }
        do throws(ProgramFailure) {
            process = try Self.start(command, on: ends[1])
        } catch {
            close(ends[0])
            throw error
        }
        socket = ends[0]
        ExternalPrograms.add(process)
    }

    deinit {
        close(socket)
        ExternalPrograms.end(process)
    }

    /// `posix_spawn_file_actions_addchdir_np`, which glibc's header shows to C programs alone.
    private static let changeFolder = dlsym(nil, "posix_spawn_file_actions_addchdir_np").map {
        unsafeBitCast(
            $0,
            to: (@convention(c) (
                UnsafeMutablePointer<posix_spawn_file_actions_t>, UnsafePointer<CChar>
            ) -> Int32).self)
    }

    /// Starts the program itself, without a shell, with both standard streams on `socket`.
    private static func start(_ command: ProgramCommand, on socket: Int32) throws(ProgramFailure) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, socket, 0)
        posix_spawn_file_actions_adddup2(&actions, socket, 1)
        let folder = command.folder.isEmpty ? "." : command.folder
        guard let changeFolder, changeFolder(&actions, folder) == 0 else {
            throw ProgramFailure("it cannot be started: this system cannot start a program in another folder")
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // This program ignores some signals; another one does not expect that.
        var usual = sigset_t()
        sigfillset(&usual)
        posix_spawnattr_setsigdefault(&attributes, &usual)
        var blocked = sigset_t()
        sigemptyset(&blocked)
        posix_spawnattr_setsigmask(&attributes, &blocked)
        posix_spawnattr_setpgroup(&attributes, 0)
        let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
        posix_spawnattr_setflags(&attributes, Int16(flags))
        var arguments: [UnsafeMutablePointer<CChar>?] = command.words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var started = pid_t()
        let code = posix_spawnp(&started, command.words[0], &actions, &attributes, &arguments, environ)
        guard code == 0 else {
            throw ProgramFailure(
                "\(quoted(command.words[0])) cannot be started in folder \(quoted(folder)): \(reason(code))")
        }
        return started
    }

    /// Whether it has said something since its last answer.
    var hasSpokenUnasked: Bool {
        var byte = UInt8(0)
        return !heard.isEmpty || recv(socket, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT)) > 0
    }

    /// Sends a line and waits for one, `seconds` at most for both.
    func answer(to line: String, within seconds: Double) throws(ProgramFailure) -> [UInt8] {
        let deadline = Self.now + seconds
        try send(Array((line + "\n").utf8), deadline)
        return try receive(deadline, seconds)
    }

    private func send(_ bytes: [UInt8], _ deadline: Double) throws(ProgramFailure) {
        var sent = 0
        while sent < bytes.count {
            guard try wait(for: Int16(POLLOUT), until: deadline) else {
                throw ProgramFailure("it does not read its input")
            }
            let count = bytes.withUnsafeBytes {
                Foundation.send(
                    socket, $0.baseAddress! + sent, bytes.count - sent,
                    Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
            }
            if count > 0 { sent += count }
            guard count >= 0 || errno == EAGAIN || errno == EINTR else {
                throw ProgramFailure("it has ended")
            }
        }
    }

    private func receive(_ deadline: Double, _ seconds: Double) throws(ProgramFailure) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        var looked = 0
        while true {
            if let end = heard[looked...].firstIndex(of: 10) {
                defer { heard.removeSubrange(...end) }
                return Array(heard[..<end])
            }
            looked = heard.count
            guard looked < Self.longestLine else {
                throw ProgramFailure("its answer has no end of line within 256 MiB")
            }
            guard try wait(for: Int16(POLLIN), until: deadline) else {
                throw ProgramFailure("no answer within \(seconds) s")
            }
            let count = recv(socket, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            if count > 0 { heard += buffer[..<count] }
            guard count > 0 || count < 0 && (errno == EAGAIN || errno == EINTR) else {
                throw ProgramFailure("it has ended without an answer")
            }
        }
    }

    /// Whether the socket became ready in time.
    private func wait(for event: Int16, until deadline: Double) throws(ProgramFailure) -> Bool {
        while true {
            let left = deadline - Self.now
            guard left > 0 else { return false }
            var look = pollfd(fd: socket, events: event, revents: 0)
            let ready = poll(&look, 1, Int32(min(left * 1000 + 1, 1e9)))
            if ready > 0 { return true }
            guard ready == 0 || errno == EINTR else {
                throw ProgramFailure("its output cannot be read: \(Self.reason(errno))")
            }
        }
    }

    private static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    private static func reason(_ code: Int32) -> String { String(cString: strerror(code)) }
}
