import TextFile
import YAMLFile

extension DSSScript {
    /// Carries out the command of one line.
    mutating func carryOut(_ verb: DSSWord, _ rest: ArraySlice<DSSWord>) {
        if let name = verb.name { return assign(name, verb, rest) }
        if verb.value.hasPrefix("?") { return skip("?", verb.place) }
        guard let (command, effect) = DSSVocabulary.command(verb.value) else {
            let hint = suggestion(verb.value, in: DSSVocabulary.known)
            return refuse("there is no command \(quoted(verb.value))\(hint)", verb.place)
        }
        switch effect {
        case .none:
            // What a power flow does anyway is not told.
            if !["calcvoltagebases", "makebuslist", "buildy", "get", "?"].contains(command) {
                skip(command, verb.place)
            }
        case .refused:
            refuse(
                "the command \(quoted(verb.value)) can change the feeder and is not read; write what it leads to",
                verb.place)
        case .read: carryOut(command, verb, rest)
        }
    }

    private mutating func carryOut(_ command: String, _ verb: DSSWord, _ rest: ArraySlice<DSSWord>) {
        switch command {
        case "more", "m", "~": set(rest)
        case "set": setOptions(rest)
        case "solve": setOptions(rest)
        case "clear", "clearall": clear()
        case "var": setVariables(rest)
        case "//": break
        default:
            guard let first = rest.first else { return refuse("\(quoted(verb.value)) of what?", verb.place) }
            switch command {
            case "new": make(first, rest.dropFirst())
            case "edit", "select": edit(first, rest.dropFirst())
            case "redirect", "compile":
                read(first.value, from: first.place, stays: command == "compile")
            case "open", "close": switchTerminal(first, rest.dropFirst(), isClosed: command == "close")
            case "enable", "disable":
                let value = command == "enable" ? "yes" : "no"
                edit(
                    first,
                    [DSSWord(name: "enabled", value: value, isQuoted: false, place: first.place)])
            case "batchedit": editAll(first, rest.dropFirst())
            default: preconditionFailure("the command \(command) is in the vocabulary")
            }
        }
    }

    /// `Load.s1.kW=5 kvar=2`, or `kW=5` for the active object.
    private mutating func assign(_ name: String, _ word: DSSWord, _ rest: ArraySlice<DSSWord>) {
        var first = word
        if let dot = name.lastIndex(of: ".") {
            first.name = String(name[name.index(after: dot)...])
            let object = DSSWord(
                name: nil, value: String(name[..<dot]), isQuoted: false, place: word.place)
            edit(object, [first] + rest)
        } else if name.isEmpty {
            refuse("a name is missing before '='", word.place)
        } else {
            set([word] + rest)
        }
    }

    /// Sets options; the last value holds.
    private mutating func setOptions(_ words: ArraySlice<DSSWord>) {
        for word in words {
            guard let name = word.name else {
                refuse("write NAME=VALUE", word.place)
                continue
            }
            guard let (option, effect) = DSSVocabulary.option(name) else {
                refuse(
                    "there is no option \(quoted(name))\(suggestion(name, in: DSSVocabulary.optionNames))",
                    word.place)
                continue
            }
            switch effect {
            case .read where option == "allocationfactors" || option == "cfactors":
                // All loads that are there so far take the factor.
                let property = option == "cfactors" ? "cfactor" : "allocationfactor"
                for index in circuit.objects.indices where circuit.objects[index].kind.name == "Load" {
                    guard let place = circuit.objects[index].kind.property(property) else { continue }
                    circuit.objects[index].settings.append(DSSSetting(property: place, word: word))
                }
            case .read: circuit.options[option] = word
            case .none: break
            case .refused: refuse("the option \(quoted(option)) is not read", word.place)
            }
        }
    }

    /// `var @length=5 @code=main`
    private mutating func setVariables(_ words: ArraySlice<DSSWord>) {
        for word in words {
            guard let name = word.name, name.hasPrefix("@"), name.count > 1 else {
                refuse("write @NAME=VALUE", word.place)
                continue
            }
            variables[name] = word
        }
    }

    /// A word with what its variables stand for. A variable ends at a dot: `@bus.1.2`.
    mutating func substituted(_ word: DSSWord) -> DSSWord {
        guard word.value.contains("@") else { return word }
        var word = word
        if !word.isQuoted, let value = variables[word.value.lowercased()] {
            (word.value, word.isQuoted) = (value.value, value.isQuoted)
            return word
        }
        var text = ""
        var rest = word.value[...]
        while let at = rest.firstIndex(of: "@") {
            text += rest[..<at]
            let end = rest[at...].firstIndex { " ,|.)]}^".contains($0) } ?? rest.endIndex
            let name = rest[at..<end].lowercased()
            // Elsewhere than where a value begins, it is a letter of a name.
            let isStart = text.last.map { " ,|([{\"'".contains($0) } ?? true
            if isStart, let value = variables[name] {
                text += value.isQuoted ? "(\(value.value))" : value.value
            } else {
                if isStart { refuse("there is no variable \(quoted(name))", word.place) }
                text += rest[at..<end]
            }
            rest = rest[end...]
        }
        word.value = text + rest
        return word
    }

    /// Forgets the circuit; options of frequency stay.
    private mutating func clear() {
        let kept = circuit.options.filter { $0.key == "defaultbasefrequency" || $0.key == "earthmodel" }
        circuit = DSSCircuit()
        circuit.options = kept
        active = nil
    }

    /// `Open Line.Sw7 2` or `Open Line.Sw7 terminal=2 conductor=1`.
    private mutating func switchTerminal(_ word: DSSWord, _ rest: ArraySlice<DSSWord>, isClosed: Bool) {
        edit(word, [])
        guard let (object, _) = active else { return }
        var numbers = [1, 0]
        for (index, number) in rest.enumerated() {
            let place = number.name.map { $0.hasPrefix("t") ? 0 : 1 } ?? index
            guard place < 2, let value = Int(number.value), (0...100).contains(value) else {
                refuse("after the element stand the numbers of a terminal and of a conductor", number.place)
                continue
            }
            numbers[place] = value
        }
        circuit.objects[object].switchings.append(
            DSSObject.Switching(terminal: numbers[0], conductor: numbers[1], isClosed: isClosed))
    }

    /// `BatchEdit Load..* kW=5`: the same properties for all objects of a class whose names fit.
    private mutating func editAll(_ word: DSSWord, _ rest: ArraySlice<DSSWord>) {
        let parts = word.value.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let kind = parts[0].lowercased()
        guard parts.count == 2, DSSClass.all[kind] != nil else {
            guard !DSSClass.withoutEffect.contains(kind), !DSSClass.protection.contains(kind) else { return }
            return refuse("\(quoted(word.value)) is not CLASS.PATTERN of a class that is read", word.place)
        }
        guard let pattern = DSSPattern(String(parts[1])) else {
            return refuse(
                "the pattern \(quoted(String(parts[1]))) is not read; letters, '.', [a-z], \\d, *, +, ?, ^ and $ are",
                word.place)
        }
        for name in circuit.names(kind) where pattern.matches(name) {
            active = circuit.index(kind, name).map { ($0, 0) }
            set(rest)
        }
    }
}
