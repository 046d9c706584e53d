/// Where something is written: counted from 1, columns in characters.
struct Mark: Hashable {
    let line: Int
    let column: Int
}

/// A piece of a scenario file: text, a list or a mapping. What a text means is decided where it is asked for.
struct Node {
    enum Content {
        /// `quoted` when it stands in quotes or in a block, and so cannot be a number or nothing at all.
        case text(String, quoted: Bool)
        case list([Node])
        case mapping([Entry])
    }

    /// One `key: value` of a mapping.
    struct Entry {
        let key: String
        let mark: Mark
        var value: Node
    }

    var content: Content
    let mark: Mark

    /// Nothing is written here, or `null`.
    var isNull: Bool {
        guard case .text(let text, false) = content else { return false }
        return text.isEmpty || text == "null" || text == "~"
    }

    /// As a mistake names it.
    var kind: String {
        switch content {
        case .text: isNull ? "nothing" : "a single value"
        case .list: "a list"
        case .mapping: "a mapping"
        }
    }
}
