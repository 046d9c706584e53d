// New memory, for its owner to deallocate. It begins at a cache line, so that eight lanes never straddle two:
// the language itself aligns nothing to more than 16 bytes.
extension UnsafeMutableBufferPointer {
    private static func lines(_ count: Int) -> Self {
        let memory = UnsafeMutableRawPointer.allocate(
            byteCount: Swift.max(1, count * MemoryLayout<Element>.stride), alignment: 64)
        return Self(start: memory.bindMemory(to: Element.self, capacity: count), count: count)
    }

    /// Allocates `count` elements, each with `value`, from the start of a cache line on. The caller
    /// deallocates them.
    public static func filled(_ count: Int, with value: Element) -> Self {
        let buffer = lines(count)
        buffer.initialize(repeating: value)
        return buffer
    }

    /// Allocates a copy of `values` from the start of a cache line on. The caller deallocates it.
    public static func copy(of values: some Collection<Element>) -> Self {
        let copy = lines(values.count)
        _ = copy.initialize(from: values)
        return copy
    }
}
