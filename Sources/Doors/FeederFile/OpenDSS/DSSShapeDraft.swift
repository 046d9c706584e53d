import TextFile

/// A load shape while it is read.
struct DSSShapeDraft {
    /// Reads a file that the shape names.
    typealias Reader = (String) throws(DSSFolder.Refusal) -> [UInt8]

    private var points: Int?
    private var interval: Double? = 3600
    private var active: [Double] = []
    private var reactive: [Double] = []
    private var base = 0.0
    private var isActual = false
    private var isNormalized = false

    mutating func read(_ field: DSSFields.Field, _ fields: inout DSSFields, _ file: Reader) {
        switch field.key {
        case "npts":
            var count = 0
            fields.read(field, &count, in: 1...100_000_000)
            points = count
        case "interval", "minterval", "sinterval":
            let units: [String: Double] = ["interval": 3600, "minterval": 60, "sinterval": 1]
            let unit = units[field.key] ?? 1
            var length = 0.0
            fields.read(field, &length, in: 0...1e9)
            interval = length > 0 ? length * unit : nil
        case "mult", "pmult": active = values(field, &fields, file)
        case "qmult": reactive = values(field, &fields, file)
        case "csvfile": active = numbers(in: field.word.value, field, &fields, file)
        case "pqcsvfile":
            active = numbers(in: field.word.value, field, &fields, file)
            reactive = numbers(in: field.word.value, column: 2, field, &fields, file)
        case "sngfile": active = binary(field.word.value, field, &fields, file, isSingle: true)
        case "dblfile": active = binary(field.word.value, field, &fields, file, isSingle: false)
        case "useactual": fields.read(field, &isActual)
        case "action": isNormalized = field.word.value.lowercased().hasPrefix("n")
        case "pbase": fields.read(field, &base)
        case "hour": fields.refuse("points at hours of their own are not read; give Interval", field)
        default: break
        }
    }

    /// The shape; nil, with a mistake, where it is not complete.
    func shape(_ fields: inout DSSFields) -> DSSShape? {
        guard fields.mistakes.isEmpty else { return nil }
        guard let interval else {
            fields.refuse("a shape of an interval of 0 has hours of its own, which are not read")
            return nil
        }
        let count = min(points ?? active.count, active.count)
        guard count > 0 else {
            fields.refuse("it has no values")
            return nil
        }
        var shape = DSSShape(
            active: Array(active.prefix(count)), reactive: Array(reactive.prefix(count)), interval: interval,
            isActual: isActual)
        if isNormalized {
            let largest = base != 0 ? base : shape.active.map(\.magnitude).max() ?? 1
            if largest != 0 { shape.active = shape.active.map { $0 / largest } }
            let most = shape.reactive.map(\.magnitude).max() ?? 0
            if most != 0 { shape.reactive = shape.reactive.map { $0 / (base != 0 ? base : most) } }
        }
        return shape
    }

    /// An array, or the numbers of a file: `(file=load.csv, column=2, header=yes)`.
    private func values(_ field: DSSFields.Field, _ fields: inout DSSFields, _ file: Reader) -> [Double] {
        let text = field.word.value
        guard text.contains("=") else { return fields.numbers(field) }
        var scanner = DSSScanner(
            Array(text.utf8)[...], file: field.word.place.file, line: field.word.place.line)
        var (name, column, hasHeader, kind) = ("", 1, false, "")
        for word in scanner.words() {
            switch word.name {
            case "file", "sngfile", "dblfile": (name, kind) = (word.value, word.name ?? "")
            case "column", "col": column = Int(word.value) ?? 1
            case "header": hasHeader = word.value.lowercased().hasPrefix("y")
            default: fields.refuse("\(quoted(text)) is neither numbers nor (file=NAME)", field)
            }
        }
        if kind == "sngfile" || kind == "dblfile" {
            return binary(name, field, &fields, file, isSingle: kind == "sngfile")
        }
        return numbers(in: name, column: column, skips: hasHeader ? 1 : 0, field, &fields, file)
    }

    /// The numbers in a column of a text file, one a line.
    private func numbers(
        in name: String, column: Int = 1, skips: Int = 0, _ field: DSSFields.Field, _ fields: inout DSSFields,
        _ file: Reader
    ) -> [Double] {
        guard let bytes = contents(name, field, &fields, file) else { return [] }
        var found: [Double] = []
        for (number, line) in bytes.split(whereSeparator: { $0 == 10 || $0 == 13 }).enumerated() {
            let cells = line.split { $0.isBlank || $0 == UInt8(ascii: ",") }
            guard number >= skips, !cells.isEmpty else { continue }
            guard cells.indices.contains(column - 1), let value = decimal(cells[column - 1]) else {
                let text = String(decoding: line.prefix(60), as: UTF8.self)
                fields.refuse(
                    "in line \(number + 1) of \(quoted(name)), \(quoted(text)) has no number", field)
                return []
            }
            found.append(value)
        }
        return found
    }

    private func binary(
        _ name: String, _ field: DSSFields.Field, _ fields: inout DSSFields, _ file: Reader, isSingle: Bool
    ) -> [Double] {
        guard let bytes = contents(name, field, &fields, file) else { return [] }
        let size = isSingle ? 4 : 8
        let found = stride(from: 0, to: bytes.count / size * size, by: size).map { at -> Double in
            let bits = bytes[at..<at + size].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            return isSingle ? Double(Float(bitPattern: UInt32(bits))) : Double(bitPattern: bits)
        }
        guard found.allSatisfy(\.isFinite) else {
            fields.refuse("\(quoted(name)) does not hold numbers of \(size) bytes", field)
            return []
        }
        return found
    }

    private func contents(
        _ name: String, _ field: DSSFields.Field, _ fields: inout DSSFields, _ file: Reader
    ) -> [UInt8]? {
        do throws(DSSFolder.Refusal) {
            return try file(name)
        } catch {
            fields.refuse("\(quoted(name)): \(error.reason)", field)
            return nil
        }
    }
}
