/// A place in a file, counted from 1; the column counts characters.
public struct Mark: Hashable, Sendable {
    /// Line from 1; 0 means the whole file.
    public let line: Int
    /// Column from 1, in characters; 0 means the whole line.
    public let column: Int

    /// The place at `line` and `column`.
    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// The first character of a file.
    public static let begin = Mark(line: 1, column: 1)
}

/// A piece of a YAML file: a single value, a list or a mapping. The reader of a field decides what type a
/// single value has.
public struct Node: Sendable {
    /// What is written.
    public enum Content: Sendable {
        /// A single value; `quoted` if it stands in quotes or in a block, and so cannot be a number or null.
        case text(String, quoted: Bool)
        /// A list, in order.
        case list([Node])
        /// A mapping, in the order of the file.
        case mapping([Entry])
    }

    /// One `key: value` of a mapping.
    public struct Entry: Sendable {
        /// The key, as text.
        public let key: String
        /// Where the key is written.
        public let mark: Mark
        /// The value behind the key.
        public var value: Node
    }

    /// What is written here.
    public var content: Content
    /// Where it begins.
    public let mark: Mark

    /// A node with `content` at `mark`.
    public init(content: Content, mark: Mark) {
        self.content = content
        self.mark = mark
    }

    /// True if nothing is written here, or `null`.
    public var isNull: Bool {
        guard case .text(let text, false) = content else { return false }
        return text.isEmpty || text == "null" || text == "~"
    }

    /// The name of this kind of content in a mistake.
    var kind: String {
        switch content {
        case .text: isNull ? "nothing" : "a single value"
        case .list: "a list"
        case .mapping: "a mapping"
        }
    }
}
