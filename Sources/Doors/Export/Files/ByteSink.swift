import Foundation

/// A file being written. Bytes gather in a block and go to the system a block at a time; an error is kept and
/// thrown at the next `check`.
final class ByteSink {
    private let name: String
    private let descriptor: Int32
    private let block: UnsafeMutablePointer<UInt8>
    private var used = 0
    private var failure: ExportError?
    private var isOpen = true
    private static let capacity = 1 << 16

    /// A new file in `directory`; one that is there already, or a link, is an error. Errors tell `title`, by
    /// default `name` alone: they may end up in a manifest, which knows no place.
    init(_ name: String, in directory: String, title: String? = nil) throws(ExportError) {
        descriptor = open(directory + "/" + name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        self.name = title ?? name
        guard descriptor >= 0 else { throw ExportError("cannot create \(self.name): \(systemError())") }
        block = .allocate(capacity: Self.capacity)
    }

    deinit {
        if isOpen { _ = Foundation.close(descriptor) }
        block.deallocate()
    }

    @inline(__always)
    func append(byte: UInt8) {
        reserve(1)
        block[used] = byte
        used += 1
    }

    @inline(__always)
    func append(_ value: Double, _ format: FixedDecimal) {
        reserve(FixedDecimal.width)
        if let count = format.write(value, to: block + used) {
            used += count
        } else {
            append(format.text(value).utf8)
        }
    }

    func append(_ value: Int) {
        reserve(FixedDecimal.width)
        used += FixedDecimal(decimals: 0).write(units: value, to: block + used)
    }

    func append(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { append(byte: byte) }
    }

    func check() throws(ExportError) {
        if let failure { throw failure }
    }

    /// Writes what is left, makes the system put it on the disk, and closes the file.
    func close() throws(ExportError) {
        guard isOpen else { return }
        flush()
        if failure == nil && fsync(descriptor) != 0 { keepError() }
        isOpen = false
        if Foundation.close(descriptor) != 0 { keepError() }
        try check()
    }

    @inline(__always)
    private func reserve(_ count: Int) {
        if Self.capacity - used < count { flush() }
    }

    private func flush() {
        var start = 0
        while start < used && failure == nil {
            let written = write(descriptor, block + start, used - start)
            if written >= 0 {
                start += written
            } else if errno != EINTR {
                keepError()
            }
        }
        used = 0
    }

    private func keepError() {
        failure = failure ?? ExportError("cannot write \(name): \(systemError())")
    }
}

/// What the system says of the last call that failed.
func systemError() -> String {
    String(cString: strerror(errno))
}
