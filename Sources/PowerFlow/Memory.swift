// New memory, for its owner to deallocate.
extension UnsafeMutableBufferPointer {
    static func filled(_ count: Int, with value: Element) -> Self {
        let buffer = allocate(capacity: count)
        buffer.initialize(repeating: value)
        return buffer
    }

    static func copy(of values: [Element]) -> Self {
        let copy = allocate(capacity: values.count)
        _ = copy.initialize(from: values)
        return copy
    }
}
