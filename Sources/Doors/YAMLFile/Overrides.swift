import TextFile

/// Named sets of changes that a YAML file offers; they are applied to its tree before the file is read:
///
///     overrides:
///       no-battery: {devices.school-battery: null}       # null removes a key
public struct Overrides {
    private let names: [String]
    private let sets: [(name: String, changes: [Node.Entry])]

    /// Removes the section `overrides` from `root` and keeps it.
    public init(takenFrom root: inout Node, _ collector: MistakeCollector) {
        var entries: [Node.Entry] = []
        if case .mapping(let all) = root.content { entries = all }
        let section = entries.firstIndex { $0.key == "overrides" }.map {
            Field(path: "overrides", node: entries.remove(at: $0).value, collector: collector)
        }
        if section != nil { root.content = .mapping(entries) }
        sets = (section?.entries() ?? []).compactMap { name, value in
            guard let text = name.name(), value.entries() != nil,
                case .mapping(let changes) = value.node.content
            else { return nil }
            return (text, changes)
        }
        names = sets.map(\.name)
    }

    /// Applies the set `name` to `root`; an error if the file offers no such set. Sets that are applied later
    /// work on the tree that earlier ones changed.
    public func apply(_ name: String, to root: inout Node, _ collector: MistakeCollector) {
        guard let set = sets.first(where: { $0.name == name }) else {
            let hint = suggestion(name, in: names)
            let known = names.isEmpty ? "; none is defined" : "; there are \(names.joined(separator: ", "))"
            collector.error(
                .begin, "overrides",
                "no override is called \(quoted(name))\(hint.isEmpty ? known : hint)")
            return
        }
        for change in set.changes {
            let path = change.key.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
            if let problem = root.set(path[...], to: change) {
                collector.error(change.mark, "overrides.\(name)", problem)
            }
        }
    }
}

extension Node {
    /// Puts the value of `change` at `path` below this node; returns the reason if it cannot. All keys but
    /// the last must exist; the last must exist too if it is removed.
    fileprivate mutating func set(_ path: ArraySlice<String>, to change: Entry) -> String? {
        guard let key = path.first, case .mapping(var entries) = content else {
            return "\(quoted(change.key)) goes through \(kind), which has no keys"
        }
        let at = entries.firstIndex { $0.key == key }
        guard at != nil || path.count == 1 && !change.value.isNull else {
            return "there is no key \(quoted(key)) for \(quoted(change.key))"
                + suggestion(key, in: entries.map(\.key))
        }
        if path.count > 1 {
            var inner = entries[at!].value
            let problem = inner.set(path.dropFirst(), to: change)
            entries[at!].value = inner
            content = .mapping(entries)
            return problem
        }
        if change.value.isNull {
            entries.remove(at: at!)
        } else if let at {
            entries[at].value = change.value
        } else {
            entries.append(Entry(key: key, mark: change.mark, value: change.value))
        }
        content = .mapping(entries)
        return nil
    }
}
