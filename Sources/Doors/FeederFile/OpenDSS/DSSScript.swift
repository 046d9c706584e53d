import TextFile
import YAMLFile

/// Reads a script and the files that it redirects to into the circuit that they build.
struct DSSScript {
    private static let deepest = 32

    /// Names of the files, as messages show them.
    private(set) var files: [String] = []
    /// What has been built.
    var circuit = DSSCircuit()
    private(set) var mistakes: [FileMistake] = []
    private(set) var warnings: [FileMistake] = []
    /// Values of variables by name, `@` included, in lower case.
    var variables: [String: DSSWord] = [:]
    /// How often a command or class was read past, and where first.
    private(set) var skipped: [String: (count: Int, place: DSSPlace)] = [:]
    /// Index of the object that `~` goes on with, and the property that a value without a name is meant for.
    var active: (object: Int, next: Int)?
    /// Whether the active object is of a class that is read past.
    private var isSkipping = false
    private var folder: DSSFolder
    /// The folder that file names begin from; empty for the working directory.
    private(set) var current: String
    private var depth = 0

    /// The script `path`, whose files lie within `root`.
    init(_ path: String, root: String) throws(FileMistakes) {
        do throws(DSSFolder.Refusal) {
            folder = try DSSFolder(root: root)
        } catch {
            throw FileMistakes([FileMistake(file: path, message: error.reason)])
        }
        current = ""
        read(path, from: nil, stays: true)
        guard circuit.circuit == nil, mistakes.isEmpty else { return }
        mistakes.append(
            FileMistake(
                file: path, message: "the script makes no circuit: there is no line 'New Circuit.NAME'"))
    }

    /// Reads the file `path` line by line. Where `stays`, the folder of the file is that of what follows too.
    mutating func read(_ path: String, from place: DSSPlace?, stays: Bool) {
        let before = current
        let bytes: [UInt8]
        do throws(DSSFolder.Refusal) {
            let found = place == nil ? path : try folder.path(path, from: current)
            guard depth < Self.deepest else {
                throw DSSFolder.Refusal(reason: "files redirect to each other more than \(Self.deepest) deep")
            }
            bytes = try folder.read(found)
            files.append(found)
            current = found.lastIndex(of: "/").map { String(found[..<$0]) } ?? ""
            if found.hasPrefix("/"), current.isEmpty { current = "/" }
        } catch {
            let message = place == nil ? error.reason : "\(quoted(path)): \(error.reason)"
            guard let place else { return mistakes.append(FileMistake(file: path, message: message)) }
            return refuse(message, place)
        }
        if let reason = TextEncoding.refusal(of: bytes) {
            mistakes.append(FileMistake(file: files[files.count - 1], message: reason))
        } else {
            depth += 1
            readLines(bytes, file: files.count - 1)
            depth -= 1
        }
        if !stays { current = before }
    }

    private mutating func readLines(_ bytes: [UInt8], file: Int) {
        var (line, start) = (0, bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0)
        var isComment = false
        while start < bytes.count {
            let end = bytes[start...].firstIndex { $0 == 10 || $0 == 13 } ?? bytes.count
            line += 1
            let text = bytes[start..<end].drop { $0.isBlank }
            if text.starts(with: [UInt8(ascii: "/"), UInt8(ascii: "*")]) { isComment = true }
            if isComment {
                isComment = !zip(text, text.dropFirst()).contains {
                    $0 == UInt8(ascii: "*") && $1 == UInt8(ascii: "/")
                }
            } else if !text.isEmpty {
                readLine(bytes[start..<end], file, line)
            }
            let isPair = end + 1 < bytes.count && bytes[end] == 13 && bytes[end + 1] == 10
            start = end + (isPair ? 2 : 1)
        }
    }

    private mutating func readLine(_ text: ArraySlice<UInt8>, _ file: Int, _ line: Int) {
        var scanner = DSSScanner(text, file: file, line: line)
        let words = scanner.words()
        for place in scanner.unclosed {
            warn(
                "the quotation mark or bracket is not closed in its line; the value ends with the line", place
            )
        }
        let isSound = words.allSatisfy { word in
            guard
                (word.name ?? "").unicodeScalars.contains("\u{FFFD}")
                    || word.value.unicodeScalars.contains("\u{FFFD}")
            else { return true }
            refuse(TextEncoding.complaint(about: text), word.place)
            return false
        }
        guard isSound, let first = words.first else { return }
        let rest = variables.isEmpty ? Array(words.dropFirst()) : words.dropFirst().map { substituted($0) }
        carryOut(first, rest[...])
    }

    /// Reads a file that an object names.
    func contents(of name: String, for object: DSSObject) throws(DSSFolder.Refusal) -> [UInt8] {
        var folder = folder
        return try folder.read(try folder.path(name, from: object.folder))
    }

    // MARK: Messages

    /// A mistake or warning at a place.
    func message(_ text: String, _ place: DSSPlace, _ severity: FileMistake.Severity = .error) -> FileMistake
    {
        FileMistake(
            severity: severity, file: files[place.file], line: place.line, column: place.column, message: text
        )
    }

    mutating func refuse(_ text: String, _ place: DSSPlace) { mistakes.append(message(text, place)) }

    mutating func warn(_ text: String, _ place: DSSPlace) { warnings.append(message(text, place, .warning)) }

    /// Notes that a command or class is read past.
    mutating func skip(_ name: String, _ place: DSSPlace) {
        skipped[name, default: (0, place)].count += 1
    }

    // MARK: Objects

    /// Makes the object that `word` names, or goes on with it if there is one, and takes its properties.
    mutating func make(_ word: DSSWord, _ rest: ArraySlice<DSSWord>) {
        isSkipping = false
        active = nil
        guard let (kind, name) = split(word) else { return }
        if kind == "circuit" { return makeCircuit(name, word, rest) }
        if skips(kind, word) { return }
        guard let known = DSSClass.all[kind] else { return refuse(unknownClass(kind), word.place) }
        guard circuit.circuit != nil || !known.isElement else {
            return refuse("\(known.name) needs a circuit: write 'New Circuit.NAME' before", word.place)
        }
        if let old = circuit.index(kind, name), !allowsDuplicates || !known.isElement {
            if known.isElement {
                let place = circuit.objects[old].place
                refuse(
                    "\(known.name).\(name) stands in \(files[place.file]):\(place.line) already; "
                        + "write 'Edit' to change it", word.place)
            }
            active = (old, 0)
        } else {
            active = (circuit.add(DSSObject(kind: known, name: name, place: word.place, folder: current)), 0)
        }
        set(rest)
    }

    /// Goes on with an object that is there.
    mutating func edit(_ word: DSSWord, _ rest: ArraySlice<DSSWord>) {
        isSkipping = false
        active = nil
        guard let (kind, name) = split(word) else { return }
        if kind == "circuit", let vsource = circuit.index("vsource", "source") {
            active = (vsource, 0)
            return set(rest)
        }
        if skips(kind, word) { return }
        guard DSSClass.all[kind] != nil else { return refuse(unknownClass(kind), word.place) }
        guard let index = circuit.index(kind, name) else { return refuse(unknown(kind, name), word.place) }
        active = (index, 0)
        set(rest)
    }

    /// Takes more properties of the active object.
    mutating func set(_ words: ArraySlice<DSSWord>) {
        guard let (object, start) = active else {
            if let first = words.first, !isSkipping {
                refuse("there is no object that this line could go on with", first.place)
            }
            return
        }
        let kind = circuit.objects[object].kind
        var next = start
        for word in words {
            var property = next < kind.properties.count ? next : nil
            if let name = word.name {
                property = kind.property(name)
                if property == nil { refuse(unknownProperty(name, kind), word.place) }
            } else if property == nil {
                refuse("\(kind.name) has no more properties", word.place)
            }
            guard let property else { continue }
            next = property + 1
            take(property, word, for: object)
        }
        active = (object, next)
    }

    private mutating func take(_ property: Int, _ word: DSSWord, for index: Int) {
        let object = circuit.objects[index]
        let name = object.kind.properties[property]
        switch object.kind.effects[property] {
        case .none: break
        case .refused:
            refuse("the property \(name) of a \(object.kind.name) is not read", word.place)
        case .read where object.kind.key(property) == "like":
            guard let other = circuit.object(object.kind.name, word.value) else {
                return refuse(unknown(object.kind.name, word.value), word.place)
            }
            circuit.objects[index].settings += other.settings.filter { !object.kind.isBus($0.property) }
        case .read:
            if word.value.isEmpty { return refuse("\(name) has no value", word.place) }
            circuit.objects[index].settings.append(DSSSetting(property: property, word: word))
        }
    }

    private mutating func makeCircuit(_ name: String, _ word: DSSWord, _ rest: ArraySlice<DSSWord>) {
        if let (old, place) = circuit.circuit {
            return refuse(
                "a script has one circuit, and \(quoted(old)) was made in line \(place.line); 'Clear' before a "
                    + "new one", word.place)
        }
        circuit.circuit = (name, word.place)
        let source = DSSObject(
            kind: DSSClass.all["vsource"]!, name: "source", place: word.place, folder: current)
        active = (circuit.add(source), 0)
        set(rest)
    }

    /// Whether objects of the class are read past.
    private mutating func skips(_ kind: String, _ word: DSSWord) -> Bool {
        guard DSSClass.withoutEffect.contains(kind) || DSSClass.protection.contains(kind) else {
            return false
        }
        isSkipping = true
        skip(kind, word.place)
        return true
    }

    /// Class, in lower case, and name of an object.
    private mutating func split(_ word: DSSWord) -> (kind: String, name: String)? {
        guard let dot = word.value.firstIndex(of: "."), dot != word.value.startIndex,
            word.value.index(after: dot) != word.value.endIndex
        else {
            refuse("\(quoted(word.value)) is not CLASS.NAME", word.place)
            return nil
        }
        return (word.value[..<dot].lowercased(), String(word.value[word.value.index(after: dot)...]))
    }

    private var allowsDuplicates: Bool {
        circuit.options["allowduplicates"]?.value.lowercased().first.map { "yt".contains($0) } ?? false
    }

    // MARK: What is not known

    /// What to say of an object that is not there. Names are compared while there are few mistakes: of many,
    /// the rest is not shown.
    func unknown(_ kind: String, _ name: String, mistakes count: Int? = nil) -> String {
        let kindName = DSSClass.all[kind.lowercased()]?.name ?? kind
        let near = (count ?? mistakes.count) < 60 ? suggestion(name, in: circuit.names(kind)) : ""
        return "there is no \(kindName) \(quoted(name))\(near)"
    }

    private func unknownClass(_ kind: String) -> String {
        let names = DSSClass.all.values.map(\.name).sorted()
        let hint = suggestion(kind, in: names)
        return "objects of the class \(quoted(kind)) are not read"
            + (hint.isEmpty ? "; those that are: \(names.joined(separator: ", "))" : hint)
    }

    private func unknownProperty(_ name: String, _ kind: DSSClass) -> String {
        let hint = suggestion(name, in: kind.properties)
        return "a \(kind.name) has no property \(quoted(name))"
            + (hint.isEmpty ? "; those that are read: \(kind.readNames.joined(separator: ", "))" : hint)
    }
}
