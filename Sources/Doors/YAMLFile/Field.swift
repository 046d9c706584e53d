import TextFile

/// A value in a file: its content, its path, and the collector that takes its mistakes.
///
/// The reading functions (`quantity`, `choice`, `reference`, …) return nil after they have reported what is
/// wrong, so that a reader goes on and reports every mistake of the file at once.
public struct Field {
    /// Path from the root, `devices.school-battery.efficiency.charge`; empty at the root. Of a cell of a
    /// table, the name of its column.
    public let path: String
    /// What is written, and where.
    public let node: Node
    /// Takes the mistakes of this field.
    public let collector: MistakeCollector
    /// The file in which it is written.
    let file: String

    /// - Parameter file: the file in which it is written; nil: the collector's.
    public init(path: String, node: Node, collector: MistakeCollector, file: String? = nil) {
        self.path = path
        self.node = node
        self.collector = collector
        self.file = file ?? collector.file
    }

    /// Reports an error of this field.
    public func mistake(_ message: String) {
        collector.add(.error, file, node.mark, path, message)
    }

    /// Reports a warning about this field: the file can be used as it is.
    public func warning(_ message: String) {
        collector.add(.warning, file, node.mark, path, message)
    }

    /// Reports what was found instead of `expected`; returns nil.
    public func refuse<Value>(_ expected: String) -> Value? {
        switch node.content {
        case .text(let text, _) where !node.isNull: mistake("\(quoted(text)) is not \(expected)")
        default: mistake("found \(node.kind), expected \(expected)")
        }
        return nil
    }

    /// The text, if this is a single value other than null.
    public var text: String? {
        guard case .text(let text, _) = node.content, !node.isNull else { return nil }
        return text
    }

    /// Whether it is a single text and neither a mapping nor a list.
    public var isText: Bool {
        if case .text = node.content { true } else { false }
    }

    /// The text outside quotes: only such text may be a number.
    var plainText: String? {
        guard case .text(let text, false) = node.content, !node.isNull else { return nil }
        return text
    }

    /// The text behind `key`, if this is a mapping with such a text.
    public func text(at key: String) -> String? {
        guard case .mapping(let entries) = node.content, let entry = entries.first(where: { $0.key == key })
        else { return nil }
        return inside(key, entry.value).text
    }

    /// Reads a mapping. `read` must ask for every key that is allowed; any other key is an error.
    public func mapping<Value>(_ read: (Mapping) -> Value?) -> Value? {
        guard case .mapping(let entries) = node.content else { return refuse("a mapping (key: value)") }
        let mapping = Mapping(self, entries)
        let value = read(mapping)
        mapping.refuseUnknownKeys()
        return value
    }

    /// The entries of a mapping whose keys are free names, in the order of the file.
    public func entries() -> [(name: Field, value: Field)]? {
        guard case .mapping(let entries) = node.content else { return refuse("a mapping (name: …)") }
        return entries.map { entry in
            let name = Node(content: .text(entry.key, quoted: false), mark: entry.mark)
            return (inside(entry.key, name), inside(entry.key, entry.value))
        }
    }

    /// The items of a list, in order.
    public func list() -> [Field]? {
        guard case .list(let items) = node.content else { return refuse("a list") }
        return items.enumerated().map {
            Field(path: "\(path)[\($0)]", node: $1, collector: collector, file: file)
        }
    }

    /// The field behind `key` with the content `node`.
    fileprivate func inside(_ key: String, _ node: Node) -> Field {
        Field(path: path.isEmpty ? key : "\(path).\(key)", node: node, collector: collector, file: file)
    }
}

/// A mapping while it is read: it remembers which keys the reader asked for.
public final class Mapping {
    /// The mapping as a whole.
    public let field: Field
    private let entries: [Node.Entry]
    private var asked: [String] = []

    init(_ field: Field, _ entries: [Node.Entry]) {
        self.field = field
        self.entries = entries
    }

    /// The value behind `key`; nil if the key is left out.
    public func optional(_ key: String) -> Field? {
        if !asked.contains(key) { asked.append(key) }
        return entries.first { $0.key == key }.map { field.inside(key, $0.value) }
    }

    /// The value behind `key`; nil, with an error, if the key is missing.
    public func required(_ key: String) -> Field? {
        let found = optional(key)
        if found == nil { field.mistake("the key \(quoted(key)) is missing") }
        return found
    }

    /// Allows every key: for a mapping whose kind could not be read, so that its keys are not known.
    public func allowAllKeys() {
        asked += entries.map(\.key)
    }

    /// The text at the end of `path`, without asking for its keys; nil if there is no such text.
    public func text(at path: [String]) -> String? {
        var node: Node? = field.node
        for key in path {
            guard case .mapping(let entries) = node?.content else { return nil }
            node = entries.first { $0.key == key }?.value
        }
        guard case .text(let text, _) = node?.content else { return nil }
        return text
    }

    func refuseUnknownKeys() {
        let written = Set(entries.map(\.key))
        let unused = asked.filter { !written.contains($0) }
        for entry in entries where !asked.contains(entry.key) {
            let hint = field.collector.wantsHints ? suggestion(entry.key, in: unused) : ""
            let allowed = hint.isEmpty ? "; allowed are \(asked.joined(separator: ", "))" : hint
            field.collector.add(
                .error, field.file, entry.mark, field.path, "unknown key \(quoted(entry.key))\(allowed)")
        }
    }
}
