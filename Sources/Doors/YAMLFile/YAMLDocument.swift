import TextFile
import Yams

/// Reads a YAML file as a tree. Only mappings, lists and plain values are allowed; anchors, aliases, merge
/// keys, tags, further documents and keys that are not words are errors. The YAML library never decides the
/// type of a value.
///
/// A reader of a file family starts like this:
///
///     let collector = MistakeCollector(file: path)
///     let folder = try InputFolder(ofFile: path)
///     if let root = YAMLDocument.read(try folder.readDocument(), collector) {
///         Field(path: "", node: root, collector: collector).mapping { section in
///             section.quantity("capacity", .power, in: .positive)
///         }
///     }
public enum YAMLDocument {
    /// The tree of a file in UTF-8; nil, with the reason reported, if it has none.
    public static func read(_ bytes: [UInt8], _ collector: MistakeCollector) -> Node? {
        text(of: bytes, collector).flatMap { read($0, collector) }
    }

    private static func read(_ text: String, _ collector: MistakeCollector) -> Node? {
        // Checked before the library reads the text: keys that are nested aliases take it without end.
        if let mark = aliasedAnchor(in: text) {
            collector.error(mark, "", "anchors and aliases (& and *) are not supported; write the value out")
            return nil
        }
        do {
            let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
            guard let root = try parser.singleRoot() else {
                collector.error(.begin, "", "the file is empty; write at least one 'key: value'")
                return nil
            }
            // The tree loses its anchors when the parser is freed.
            return try withExtendedLifetime(parser) { () throws(Refusal) in
                try convert(root, path: "", collector)
            }
        } catch let refusal as Refusal {
            collector.error(refusal.mark, refusal.path, refusal.message)
        } catch let error as YamlError {
            describe(error, in: text, collector)
        } catch {
            collector.error(.begin, "", "this is not YAML: \(error)")
        }
        return nil
    }

    /// Why the tree is not read further.
    private struct Refusal: Error {
        let mark: Mark
        let path: String
        let message: String
    }

    /// Levels of nesting allowed.
    private static let deepest = 100

    /// Ends at the first anchor: where there is no anchor, no alias makes the tree larger than its text.
    private static func convert(
        _ node: Yams.Node, path: String, depth: Int = 1, _ collector: MistakeCollector
    ) throws(Refusal) -> Node {
        let mark = Mark(node.mark)
        guard depth <= deepest else {
            throw Refusal(mark: mark, path: "", message: "lists and mappings are nested too deeply")
        }
        if node.anchor != nil {
            throw Refusal(
                mark: mark, path: path, message: "anchors (&) are not supported; write the value out")
        }
        switch node {
        case .scalar(let scalar):
            let quoted = scalar.style != .plain
            refuse(scalar.tag, besides: quoted ? .str : .implicit, mark, path, collector)
            return Node(content: .text(scalar.string, quoted: quoted), mark: mark)
        case .sequence(let sequence):
            refuse(sequence.tag, besides: .implicit, mark, path, collector)
            var items: [Node] = []
            for (index, item) in sequence.enumerated() {
                items.append(try convert(item, path: "\(path)[\(index)]", depth: depth + 1, collector))
            }
            return Node(content: .list(items), mark: mark)
        case .mapping(let mapping):
            refuse(mapping.tag, besides: .implicit, mark, path, collector)
            return Node(
                content: .mapping(try entries(mapping, path: path, depth: depth + 1, collector)), mark: mark)
        case .alias:
            throw Refusal(
                mark: mark, path: path, message: "aliases (*) are not supported; write the value out")
        }
    }

    private static func entries(
        _ mapping: Yams.Node.Mapping, path: String, depth: Int, _ collector: MistakeCollector
    ) throws(Refusal) -> [Node.Entry] {
        var entries: [Node.Entry] = []
        for (key, value) in mapping {
            guard let scalar = key.scalar else {
                collector.error(Mark(key.mark), path, "a key must be a single word, not a list or a mapping")
                continue
            }
            // The library tags every key as text when it looks for repeated keys.
            refuse(scalar.tag, besides: .str, Mark(key.mark), path, collector)
            let inside = path.isEmpty ? scalar.string : "\(path).\(scalar.string)"
            entries.append(
                Node.Entry(
                    key: scalar.string, mark: Mark(key.mark),
                    value: try convert(value, path: inside, depth: depth, collector)))
        }
        return entries
    }

    private static func refuse(
        _ tag: Tag, besides harmless: Tag.Name, _ mark: Mark, _ path: String, _ collector: MistakeCollector
    ) {
        guard tag.rawValue != harmless.rawValue else { return }
        collector.error(mark, path, "tags are not supported, found \(quoted(tag.rawValue))")
    }

    private static func describe(_ error: YamlError, in text: String, _ collector: MistakeCollector) {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            collector.error(
                Mark(mark), "", explain(problem, context: context?.text, at: Mark(mark), in: text))
        case .reader(let problem, let offset, _, _):
            collector.error(Mark(offset: offset ?? 0, in: text), "", "this is not text: \(problem)")
        case .duplicatedKeysInMapping(let keys, let context):
            collector.error(
                Mark(context.mark), "", "the key \(quoted(keys.first ?? "")) is written twice in one mapping")
        default:
            collector.error(.begin, "", "this is not YAML")
        }
    }

    private static func explain(_ problem: String, context: String?, at mark: Mark, in text: String) -> String
    {
        if problem.contains("another document") {
            return "the file holds a second YAML document; only one is allowed"
        }
        if problem.contains("nesting level") { return "lists and mappings are nested too deeply" }
        let line = text.split(separator: "\n", maxSplits: mark.line, omittingEmptySubsequences: false)
            .dropFirst(mark.line - 1).first
        let atTab = line?.unicodeScalars.dropFirst(mark.column - 1).first == "\t"
        if problem.contains("tab character") || atTab && problem.contains("cannot start any token") {
            return "a tab cannot indent YAML; use spaces"
        }
        return "this is not YAML: " + [context, problem].compactMap(\.self).joined(separator: " ")
    }

    /// The first `&name` with a `*name` after it, judged by the characters alone. Lines count line feeds;
    /// what else the library takes for a line break (NEL, U+2028, U+2029), or skips (a byte order mark), is a
    /// character that is not ASCII, and an anchor may stand behind each of these.
    private static func aliasedAnchor(in text: String) -> Mark? {
        var anchors: [String: Mark] = [:]
        var line = 1
        for content in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            for (column, name, sign) in marked(in: content) {
                if sign == UInt8(ascii: "&"), anchors[name] == nil {
                    anchors[name] = Mark(line: line, column: column)
                } else if sign == UInt8(ascii: "*"), let mark = anchors[name] {
                    return mark
                }
            }
            line += 1
        }
        return nil
    }
}

/// The tokens of a line that look like an anchor or alias: their column, name and sign.
private func marked(
    in line: Substring.UTF8View
) -> [(column: Int, name: String, sign: UInt8)] {
    var found: [(column: Int, name: String, sign: UInt8)] = []
    var before = UInt8(ascii: " ")
    var column = 0
    for index in line.indices {
        let byte = line[index]
        if byte & 0xC0 != 0x80 { column += 1 }
        if byte == UInt8(ascii: "&") || byte == UInt8(ascii: "*"),
            before >= 0x80 || " \t[]{},:-?\r".utf8.contains(before)
        {
            let name = line[line.index(after: index)...].prefix { isNameByte($0) }
            if !name.isEmpty { found.append((column, String(Substring(name)), byte)) }
        }
        before = byte
    }
    return found
}

private func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
        true
    default: false
    }
}

extension Mark {
    init(_ mark: Yams.Mark?) {
        self.init(line: max(1, mark?.line ?? 1), column: max(1, mark?.column ?? 1))
    }

    /// The place of the character `offset` characters into `text`.
    init(offset: Int, in text: String) {
        let before = text.prefix(offset)
        let lineBegin = before.lastIndex(of: "\n").map { before.index(after: $0) } ?? before.startIndex
        self.init(
            line: before.count { $0 == "\n" || $0 == "\r\n" } + 1,
            column: before[lineBegin...].unicodeScalars.count + 1)
    }
}
