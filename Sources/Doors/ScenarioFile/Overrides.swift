/// Named changes of a scenario, applied to its tree before it is read:
///
///     overrides:
///       no-battery: {devices.school-battery: null}       # null takes a key away
struct Overrides {
    /// The names that the scenario offers, in its order.
    let names: [String]
    private let sets: [(name: String, changes: [Node.Entry])]

    /// Takes the section `overrides` out of `root`.
    init(takenFrom root: inout Node, _ report: Report) {
        var entries: [Node.Entry] = []
        if case .mapping(let all) = root.content { entries = all }
        let section = entries.firstIndex { $0.key == "overrides" }.map {
            Field(path: "overrides", node: entries.remove(at: $0).value, report: report)
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

    /// Applies the set `name`. Sets applied later see what earlier ones changed.
    func apply(_ name: String, to root: inout Node, _ report: Report) {
        guard let set = sets.first(where: { $0.name == name }) else {
            let hint = suggestion(name, in: names)
            let known = names.isEmpty ? "; there are none" : "; there are \(names.joined(separator: ", "))"
            report.error(
                Mark(line: 1, column: 1), "overrides",
                "no override is called \(quoted(name))\(hint.isEmpty ? known : hint)")
            return
        }
        for change in set.changes {
            let path = change.key.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
            if let problem = root.set(path[...], to: change) {
                report.error(change.mark, "overrides.\(name)", problem)
            }
        }
    }
}

extension Node {
    /// Puts the value of `change` at `path` below this node; says why it cannot. All but the last key must be
    /// there; so must the last when it is to be taken away.
    fileprivate mutating func set(_ path: ArraySlice<String>, to change: Entry) -> String? {
        guard let key = path.first, case .mapping(var entries) = content else {
            return "\(quoted(change.key)) leads into \(kind), where there are no keys"
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
