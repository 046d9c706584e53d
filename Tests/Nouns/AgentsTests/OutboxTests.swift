import Agents
import Testing

private struct Count: Payload, Equatable {
    let value: Int
    var byteCount: Int { 40 }
}

@Suite("The outbox")
struct OutboxTests {
    @Test("letters and timers leave in the order they came, and an emptied outbox shows nothing old")
    func order() {
        var outbox = Outbox<Count>()
        #expect(outbox.isEmpty)
        for value in 0..<100 {
            outbox.send(Count(value: value), to: NodeID(value % 7))
            outbox.wake(at: VirtualTime(seconds: Double(value)))
        }
        #expect(outbox.letters.map(\.body.value) == Array(0..<100))
        #expect(outbox.letters.map(\.receiver.index) == (0..<100).map { $0 % 7 })
        #expect(outbox.timers.map(\.nanoseconds) == (0..<100).map { $0 * 1_000_000_000 })
        outbox.removeAll()
        #expect(outbox.isEmpty && outbox.letters.isEmpty && outbox.timers.isEmpty)
        outbox.send(Count(value: 7), to: NodeID(1))
        #expect(outbox.letters.map(\.body.value) == [7] && outbox.timers.isEmpty)
    }

    @Test("a message's fixed part is 16 bytes: agents by their place, up to 2³² − 1")
    func size() {
        #expect(MemoryLayout<Message<Count>>.size == 16 + MemoryLayout<Count>.size)
        #expect(NodeID(4_294_967_295).index == 4_294_967_295)
    }
}
