/// One event to come: the arrival of a message on a link, or a timer of a node. 24 bytes.
@usableFromInline
struct Event: Sendable {
    /// Virtual time, ns.
    @usableFromInline let time: Int64
    /// Directed link on which a message arrives; for a timer, the node with the highest bit set, so that
    /// timers come after the messages of the same time.
    @usableFromInline let source: UInt32
    /// Number of the message on its link, or of the timer of its node.
    @usableFromInline let sequence: UInt32
    /// Place of the message; for a timer, how often the node had crashed when it was set.
    @usableFromInline let content: UInt32
    /// Node at which it happens.
    @usableFromInline let node: UInt32

    @inlinable
    init(time: Int64, source: UInt32, sequence: UInt32, content: UInt32, node: UInt32) {
        self.time = time
        self.source = source
        self.sequence = sequence
        self.content = content
        self.node = node
    }

    /// Highest bit of `source`: the event is a timer.
    @usableFromInline static let timer: UInt32 = 0x8000_0000

    @inlinable var isTimer: Bool { source >= 0x8000_0000 }

    /// The order of events: time, source, number.
    @inline(__always)
    func precedes(_ other: Event) -> Bool {
        if time != other.time { return time < other.time }
        return (source, sequence) < (other.source, other.sequence)
    }
}

/// Events in order of time, source and number: a timing wheel. A slot is an unordered list, sorted when it
/// comes due; events beyond the wheel, and those for the slot that is due, are in heaps.
///
/// Source: Varghese and Lauck, "Hashed and hierarchical timing wheels", IEEE/ACM Trans. Networking 5 (1997).
@usableFromInline
struct EventWheel: Sendable {
    /// Number of events.
    @usableFromInline private(set) var count = 0
    private var slots: EventSlots
    /// A slot is 2^shift ns wide.
    private let shift: Int64
    /// Number of the slot that is due, counted from time zero.
    private var cursor: Int64 = -1
    /// Events of the slot that is due, the next one last.
    private var due: [Event] = []
    private var late = EventHeap()
    private var far = EventHeap()

    /// Creates an empty wheel of at least `size` slots for delays of mostly up to `reach` ns.
    init(size: Int, reach: Double) {
        slots = EventSlots(size)
        shift = Int64(max(1, min(4 * reach / Double(slots.count), 0x1p50)).exponent)
    }

    /// Inserts an event.
    @usableFromInline
    mutating func push(_ event: Event) {
        count += 1
        let number = event.time >> shift
        if number <= cursor {
            late.push(event)
        } else if number - Int64(slots.count) <= cursor {
            slots.insert(event, number)
        } else {
            far.push(event)
        }
    }

    /// Removes and returns the next event no later than `deadline`; nil when there is none.
    @usableFromInline
    mutating func pop(by deadline: Int64) -> Event? {
        while count > 0 {
            if let first = late.first, due.last.map({ first.precedes($0) }) ?? true {
                guard first.time <= deadline else { return nil }
                count -= 1
                return late.pop()
            }
            if let first = due.last {
                guard first.time <= deadline else { return nil }
                count -= 1
                due.removeLast()
                return first
            }
            guard let next = nextSlot(), next << shift <= deadline else { return nil }
            advance(to: next)
        }
        return nil
    }

    /// Brings the wheel forward to `now`, so that delays from there fall into slots. Earlier events stay
    /// first.
    @usableFromInline
    mutating func skip(to now: Int64) {
        let last = (nextSlot() ?? .max) - 1
        cursor = max(cursor, min(last, (now >> shift) - 1))
    }

    private mutating func advance(to number: Int64) {
        cursor = number
        slots.take(number, into: &due)
        while let first = far.first, first.time >> shift <= number { due.append(far.pop()) }
        due.sortDescending()
    }

    /// Number of the first slot after `cursor` that holds events or begins those beyond the wheel.
    private func nextSlot() -> Int64? {
        let beyond = far.first.map { $0.time >> shift }
        guard let next = slots.next(after: cursor) else { return beyond }
        return min(next, beyond ?? next)
    }
}

/// The slots of a wheel: lists of events in blocks of eight, all in one array.
struct EventSlots: Sendable {
    /// Number of slots, a power of two.
    let count: Int
    /// Place of each slot's last event; −1: the slot is empty.
    private var last: [Int32]
    /// One bit a slot: whether it holds events.
    private var occupied: [UInt64]
    private var events: [Event] = []
    /// The block before each block in its slot, or among those that are free; −1: there is none.
    private var previous: [Int32] = []
    private var free: Int32 = -1

    private static let block = 8

    init(_ size: Int) {
        count = max(64, 1 << (Int.bitWidth - max(size - 1, 1).leadingZeroBitCount))
        last = Array(repeating: -1, count: count)
        occupied = Array(repeating: 0, count: count / 64)
    }

    /// Inserts an event into slot `number`, counted from time zero.
    mutating func insert(_ event: Event, _ number: Int64) {
        let slot = Int(truncatingIfNeeded: number) & (count - 1)
        let end = Int(last[slot])
        if end >= 0, end & (Self.block - 1) != Self.block - 1 {
            events[end + 1] = event
            last[slot] = Int32(truncatingIfNeeded: end + 1)
            return
        }
        let block = newBlock()
        previous[block] = end < 0 ? -1 : Int32(truncatingIfNeeded: end / Self.block)
        events[block * Self.block] = event
        last[slot] = Int32(block * Self.block)
        occupied[slot >> 6] |= 1 << UInt64(slot & 63)
    }

    private mutating func newBlock() -> Int {
        if free >= 0 {
            let block = Int(free)
            free = previous[block]
            return block
        }
        previous.append(-1)
        let none = Event(time: 0, source: 0, sequence: 0, content: 0, node: 0)
        events.append(contentsOf: repeatElement(none, count: Self.block))
        return previous.count - 1
    }

    /// Moves the events of slot `number` to the end of `list`.
    mutating func take(_ number: Int64, into list: inout [Event]) {
        let slot = Int(truncatingIfNeeded: number) & (count - 1)
        var end = Int(last[slot])
        guard end >= 0 else { return }
        last[slot] = -1
        occupied[slot >> 6] &= ~(1 << UInt64(slot & 63))
        while end >= 0 {
            let block = end / Self.block
            // Backwards: what was inserted in order comes out in the order of `sortDescending`.
            var place = end
            while place >= block * Self.block {
                list.append(events[place])
                place -= 1
            }
            let before = Int(previous[block])
            previous[block] = free
            free = Int32(block)
            end = before < 0 ? -1 : before * Self.block + Self.block - 1
        }
    }

    /// Number of the first slot after slot `number` that holds events, within one turn of the wheel.
    func next(after number: Int64) -> Int64? {
        let begin = Int(truncatingIfNeeded: number &+ 1) & (count - 1)
        var word = begin >> 6
        var bits = occupied[word] & (~0 << UInt64(begin & 63))
        for _ in 0...occupied.count {
            if bits != 0 {
                let slot = word << 6 | bits.trailingZeroBitCount
                return number + 1 + Int64((slot - begin) & (count - 1))
            }
            word = word + 1 == occupied.count ? 0 : word + 1
            bits = occupied[word]
        }
        return nil
    }
}

extension [Event] {
    /// Sorts so that the next event is the last.
    mutating func sortDescending() {
        let count = count
        guard count <= 32 else { return sort { $1.precedes($0) } }
        withUnsafeMutableBufferPointer { events in
            guard let events = events.baseAddress else { return }
            for place in 1..<Swift.max(1, count) {
                let event = events[place]
                var hole = place
                while hole > 0, events[hole - 1].precedes(event) {
                    events[hole] = events[hole - 1]
                    hole -= 1
                }
                events[hole] = event
            }
        }
    }
}

/// A binary heap of events, the first one on top.
struct EventHeap: Sendable {
    private var events: [Event] = []

    var first: Event? { events.first }

    mutating func push(_ event: Event) {
        events.append(event)
        var child = events.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard event.precedes(events[parent]) else { break }
            events[child] = events[parent]
            child = parent
        }
        events[child] = event
    }

    /// Removes and returns the first event; there must be one.
    mutating func pop() -> Event {
        let first = events[0]
        let last = events.removeLast()
        guard !events.isEmpty else { return first }
        var hole = 0
        while 2 * hole + 1 < events.count {
            var child = 2 * hole + 1
            if child + 1 < events.count, events[child + 1].precedes(events[child]) { child += 1 }
            guard events[child].precedes(last) else { break }
            events[hole] = events[child]
            hole = child
        }
        events[hole] = last
        return first
    }
}
