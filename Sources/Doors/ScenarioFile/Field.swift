/// A place in the scenario: what stands there, what it is called, and where mistakes about it go.
struct Field {
    /// `devices.school-battery.efficiency.charge`; empty at the root.
    let path: String
    let node: Node
    let report: Report

    func mistake(_ message: String) {
        report.error(node.mark, path, message)
    }

    func warning(_ message: String) {
        report.warning(node.mark, path, message)
    }

    /// Says what was found where `expected` is meant; always nil.
    func refuse<Value>(_ expected: String) -> Value? {
        switch node.content {
        case .text(let text, _) where !node.isNull: mistake("\(quoted(text)) is not \(expected)")
        default: mistake("found \(node.kind), expected \(expected)")
        }
        return nil
    }

    /// The text, if a single value is written here.
    var text: String? {
        guard case .text(let text, _) = node.content, !node.isNull else { return nil }
        return text
    }

    /// The text outside quotes, which alone may be a number.
    var plainText: String? {
        guard case .text(let text, false) = node.content, !node.isNull else { return nil }
        return text
    }

    /// The text behind `key`, if this is a mapping with such a text.
    func text(at key: String) -> String? {
        guard case .mapping(let entries) = node.content, let entry = entries.first(where: { $0.key == key })
        else { return nil }
        return Field(path: path, node: entry.value, report: report).text
    }

    /// Reads a mapping. All of its keys have been asked for when `read` ends: any other is unknown.
    func mapping<Value>(_ read: (Mapping) -> Value?) -> Value? {
        guard case .mapping(let entries) = node.content else { return refuse("a mapping (key: value)") }
        let mapping = Mapping(self, entries)
        let value = read(mapping)
        mapping.refuseUnknownKeys()
        return value
    }

    /// The entries of a mapping whose keys are free names.
    func entries() -> [(name: Field, value: Field)]? {
        guard case .mapping(let entries) = node.content else { return refuse("a mapping (name: …)") }
        return entries.map { entry in
            let name = Node(content: .text(entry.key, quoted: false), mark: entry.mark)
            let inside = path.isEmpty ? entry.key : "\(path).\(entry.key)"
            return (
                Field(path: inside, node: name, report: report),
                Field(path: inside, node: entry.value, report: report)
            )
        }
    }

    func list() -> [Field]? {
        guard case .list(let items) = node.content else { return refuse("a list") }
        return items.enumerated().map { Field(path: "\(path)[\($0)]", node: $1, report: report) }
    }
}

/// A mapping while it is read: remembers which keys it was asked for.
final class Mapping {
    let field: Field
    private let entries: [Node.Entry]
    private var asked: [String] = []

    init(_ field: Field, _ entries: [Node.Entry]) {
        self.field = field
        self.entries = entries
    }

    /// What stands behind `key`; nil when it is left out.
    func optional(_ key: String) -> Field? {
        if !asked.contains(key) { asked.append(key) }
        guard let entry = entries.first(where: { $0.key == key }) else { return nil }
        return Field(path: inside(key), node: entry.value, report: field.report)
    }

    /// What stands behind `key`, which must be there.
    func required(_ key: String) -> Field? {
        let found = optional(key)
        if found == nil {
            field.report.error(field.node.mark, field.path, "the key \(quoted(key)) is missing")
        }
        return found
    }

    /// Takes every key as known: where it cannot be said which ones are.
    func takeAll() {
        asked += entries.map(\.key)
    }

    func refuseUnknownKeys() {
        for entry in entries where !asked.contains(entry.key) {
            let unused = asked.filter { key in !entries.contains { $0.key == key } }
            let hint = suggestion(entry.key, in: unused)
            let allowed = hint.isEmpty ? "; allowed are \(asked.joined(separator: ", "))" : hint
            field.report.error(entry.mark, field.path, "unknown key \(quoted(entry.key))\(allowed)")
        }
    }

    private func inside(_ key: String) -> String {
        field.path.isEmpty ? key : "\(field.path).\(key)"
    }
}
