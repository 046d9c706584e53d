/// A regular expression for names, as `BatchEdit` takes it: letters, `.`, sets such as `[a-c]`, `\d`, the
/// repetitions `*`, `+` and `?`, and the anchors `^` and `$`. Capital letters do not count.
struct DSSPattern {
    private enum Item {
        case any
        case set(Set<UInt8>, isNegated: Bool)

        func contains(_ byte: UInt8) -> Bool {
            switch self {
            case .any: true
            case .set(let bytes, let isNegated): bytes.contains(byte) != isNegated
            }
        }
    }

    private var items: [(item: Item, isOptional: Bool, isRepeated: Bool)] = []
    private var isAtStart = false
    private var isAtEnd = false

    /// Nil if `text` uses more than this.
    init?(_ text: String) {
        var bytes = Array(text.lowercased().utf8)[...]
        if bytes.first == UInt8(ascii: "^") {
            isAtStart = true
            bytes.removeFirst()
        }
        if bytes.last == UInt8(ascii: "$") {
            isAtEnd = true
            bytes.removeLast()
        }
        while let byte = bytes.popFirst() {
            guard let item = Self.item(byte, &bytes) else { return nil }
            let sign = bytes.first.flatMap { "*+?".utf8.contains($0) ? $0 : nil }
            if sign != nil { bytes.removeFirst() }
            let (star, plus) = (UInt8(ascii: "*"), UInt8(ascii: "+"))
            items.append((item, sign != nil && sign != plus, sign == star || sign == plus))
        }
    }

    private static func item(_ byte: UInt8, _ rest: inout ArraySlice<UInt8>) -> Item? {
        switch byte {
        case UInt8(ascii: "."): return .any
        case UInt8(ascii: "\\"):
            guard let next = rest.popFirst() else { return nil }
            if next == UInt8(ascii: "d") {
                return .set(Set(UInt8(ascii: "0")...UInt8(ascii: "9")), isNegated: false)
            }
            return (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(next)
                ? nil : .set([next], isNegated: false)
        case UInt8(ascii: "["): return set(&rest)
        default: return "*+?()|{}^$]".utf8.contains(byte) ? nil : .set([byte], isNegated: false)
        }
    }

    private static func set(_ rest: inout ArraySlice<UInt8>) -> Item? {
        guard let end = rest.firstIndex(of: UInt8(ascii: "]")) else { return nil }
        var inside = rest[..<end]
        rest = rest[(end + 1)...]
        let isNegated = inside.first == UInt8(ascii: "^")
        if isNegated { inside.removeFirst() }
        var bytes: Set<UInt8> = []
        while let first = inside.popFirst() {
            guard inside.count >= 2, inside.first == UInt8(ascii: "-") else {
                bytes.insert(first)
                continue
            }
            inside.removeFirst()
            let last = inside.removeFirst()
            guard first <= last else { return nil }
            bytes.formUnion(first...last)
        }
        return .set(bytes, isNegated: isNegated)
    }

    /// Whether some part of `name` fits, all of it between anchors.
    func matches(_ name: String) -> Bool {
        // The items that may come next; every letter moves each of them on.
        var states = closure([0])
        if states.contains(items.count), !isAtEnd || name.isEmpty { return true }
        for byte in name.lowercased().utf8 {
            var next: Set<Int> = []
            for state in states where state < items.count && items[state].item.contains(byte) {
                next.insert(state + 1)
                if items[state].isRepeated { next.insert(state) }
            }
            states = closure(isAtStart ? next : next.union([0]))
            if states.contains(items.count), !isAtEnd { return true }
        }
        return states.contains(items.count)
    }

    private func closure(_ states: Set<Int>) -> Set<Int> {
        var all = states
        for state in items.indices where all.contains(state) && items[state].isOptional {
            all.insert(state + 1)
        }
        return all
    }
}
