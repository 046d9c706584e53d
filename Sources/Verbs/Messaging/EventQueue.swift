import Agents

/// Events in order of time; events at the same time leave in order of insertion. A binary heap on (time,
/// sequence).
struct EventQueue<Event: Sendable>: Sendable {
    private struct Entry: Sendable {
        let time: VirtualTime
        let sequence: UInt64
        let event: Event

        func precedes(_ other: Entry) -> Bool {
            time == other.time ? sequence < other.sequence : time < other.time
        }
    }

    private var heap: [Entry] = []
    private var pushed: UInt64 = 0

    /// Events that have not left.
    var count: Int { heap.count }

    /// Time of the next event; nil when there is none.
    var firstTime: VirtualTime? { heap.first?.time }

    /// Inserts an event.
    mutating func push(_ event: Event, at time: VirtualTime) {
        heap.append(Entry(time: time, sequence: pushed, event: event))
        pushed += 1
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].precedes(heap[parent]) else { break }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    /// Removes and returns the next event; nil when there is none.
    mutating func pop() -> (time: VirtualTime, event: Event)? {
        guard let first = heap.first else { return nil }
        let last = heap.removeLast()
        if !heap.isEmpty {
            heap[0] = last
            siftDown()
        }
        return (first.time, first.event)
    }

    private mutating func siftDown() {
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
                if heap[child].precedes(heap[least]) { least = child }
            }
            guard least != parent else { return }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
