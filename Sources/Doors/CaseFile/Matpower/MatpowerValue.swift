import TextFile

// What operators join: numbers, brackets, names, fields, their parts, and functions.
extension MatpowerReader {
    mutating func value() throws(MatpowerRefusal) -> MatpowerMatrix {
        let start = scanner.at
        if let number = scanner.number() { return MatpowerMatrix(number) }
        if scanner.byte == UInt8(ascii: "[") { return try matrix() }
        if scanner.byte == UInt8(ascii: "(") { return try arguments(1...1)[0] }
        guard let word = scanner.word() else { throw refusal("a value is expected; found \(scanner.found)") }
        if word == structure { return try field() }
        if word == "end", let extent { return MatpowerMatrix(Double(extent)) }
        if let known = values[word] { return try part(of: known) }
        if let constant = MatpowerNames.constants[word] { return MatpowerMatrix(constant) }
        if let function = MatpowerNames.functions[word] {
            guard scanner.byte == UInt8(ascii: "(") else {
                throw refusal("\(word) needs a value in brackets")
            }
            return try arguments(1...1)[0].map(function)
        }
        if let fill = MatpowerNames.fills[word] {
            return try filled(fill, scanner.byte == UInt8(ascii: "(") ? arguments(1...2) : [], start)
        }
        if let measure = MatpowerNames.measures[word] {
            let given = try arguments(1...(word == "size" ? 2 : 1))
            let whole = measure(given[0])
            guard given.count == 2 else { return whole }
            guard let side = given[1].scalar, side == 1 || side == 2 else {
                throw refusal("size counts sides 1 and 2", at: start)
            }
            return MatpowerMatrix(whole.values[Int(side) - 1])
        }
        if scanner.byte == UInt8(ascii: "(") {
            throw refusal(
                "the function '\(word.prefix(40))' is not carried out; MATPOWER's savecase writes the case in numbers",
                at: start)
        }
        let functions = MatpowerNames.functions.keys.sorted().joined(separator: ", ")
        throw refusal(
            "'\(word.prefix(40))' is not known; allowed are \(structure) and its fields, names set above, numbers, pi, and "
                + "functions such as \(functions)", at: start)
    }

    /// `zeros(n)`, `zeros(rows, columns)` and their like.
    private func filled(
        _ value: Double, _ given: [MatpowerMatrix], _ start: Int
    ) throws(MatpowerRefusal) -> MatpowerMatrix {
        let sizes = given.flatMap(\.values)
        let (rows, columns) = (sizes.first ?? 1, sizes.last ?? 1)
        guard sizes.count <= 2, rows.magnitude * columns.magnitude <= Double(Self.mostElements),
            rows == rows.rounded(), columns == columns.rounded(), max(rows, columns) < 1e9
        else { throw refusal("a size in whole numbers is expected", at: start) }
        let (height, width) = (Int(max(0, rows)), Int(max(0, columns)))
        return MatpowerMatrix(
            rows: height, columns: width, values: Array(repeating: value, count: height * width))
    }

    /// Values in round brackets, parted by commas; blanks don't count there even within square ones.
    private mutating func arguments(_ counts: ClosedRange<Int>) throws(MatpowerRefusal) -> [MatpowerMatrix] {
        let (outside, around) = (isInMatrix, extent)
        (isInMatrix, extent) = (false, nil)
        defer { (isInMatrix, extent) = (outside, around) }
        try take("(")
        var values = [try expression()]
        while true {
            skipBlanks()
            guard values.count < counts.upperBound, scanner.take(",") else { break }
            values.append(try expression())
        }
        try take(")")
        return values
    }

    /// What follows the name of the structure: a field, whole or a part of it.
    private mutating func field() throws(MatpowerRefusal) -> MatpowerMatrix {
        let start = scanner.at
        guard scanner.take("."), let name = scanner.word() else {
            throw refusal("a field such as \(structure).bus is expected", at: start)
        }
        guard let matrix = field(name) else {
            throw refusal("\(structure).\(name) has no value yet", at: start)
        }
        return try part(of: matrix)
    }

    /// The matrix, or the part of it that an index in brackets right behind chooses.
    private mutating func part(of matrix: MatpowerMatrix) throws(MatpowerRefusal) -> MatpowerMatrix {
        guard scanner.byte == UInt8(ascii: "(") else { return matrix }
        let index = try index(rows: matrix.rows, columns: matrix.columns, mayGrow: false)
        try spend(index.rows.count * index.columns.count)
        return matrix.part(index.rows, index.columns)
    }

    /// Row and column numbers in brackets, counted from 0. One number alone counts in a row or in a column;
    /// with `mayGrow` there may be new rows or columns, if they are whole.
    mutating func index(
        rows: Int, columns: Int, mayGrow: Bool
    ) throws(MatpowerRefusal) -> (rows: [Int], columns: [Int]) {
        let (outside, around) = (isInMatrix, extent)
        isInMatrix = false
        defer { (isInMatrix, extent) = (outside, around) }
        let isSingle = holdsOneIndex
        if isSingle, rows != 1, columns != 1 {
            throw refusal("a row and a column are expected in these brackets")
        }
        scanner.at += 1
        skipBlanks()
        let start = scanner.at
        if isSingle {
            let what = rows == 1 ? "columns" : "rows"
            let numbers = try index(upTo: rows * columns, what)
            try take(")")
            try check(numbers, rows * columns, what, start)
            return rows == 1 ? ([0], numbers) : (numbers, [0])
        }
        let rowNumbers = try index(upTo: rows, "rows")
        try take(",")
        skipBlanks()
        let columnStart = scanner.at
        let columnNumbers = try index(upTo: columns, "columns")
        try take(")")
        let isWholeRow = Set(columnNumbers).count >= columns
        let isWholeColumn = Set(rowNumbers).count >= rows
        if !(mayGrow && isWholeRow) { try check(rowNumbers, rows, "rows", start) }
        if !(mayGrow && isWholeColumn) { try check(columnNumbers, columns, "columns", columnStart) }
        return (rowNumbers, columnNumbers)
    }

    /// Whether the brackets that are next hold no comma of their own.
    private var holdsOneIndex: Bool {
        var (ahead, depth) = (scanner, 0)
        while let byte = ahead.byte, !ahead.isAtLineEnd {
            switch byte {
            case UInt8(ascii: "("), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: ")"), UInt8(ascii: "]"): depth -= 1
            case UInt8(ascii: ","): if depth == 1 { return false }
            default: break
            }
            if depth == 0 { return true }
            ahead.passToken()
        }
        return true
    }

    /// Numbers from 0; `:` stands for all of `count`, and `end` for the last.
    private mutating func index(upTo count: Int, _ what: String) throws(MatpowerRefusal) -> [Int] {
        skipBlanks()
        let start = scanner.at
        if scanner.take(":") { return Array(0..<count) }
        extent = count
        let chosen = try expression()
        if chosen.isTruth {
            guard chosen.values.count <= count else {
                throw refusal("\(chosen.values.count) values choose among \(count)", at: start)
            }
            return chosen.values.indices.filter { chosen.values[$0] != 0 }
        }
        for number in chosen.values
        where !(number >= 1 && number <= Double(Self.mostElements) && number == number.rounded()) {
            throw refusal("\(shortest(number)) is not among the \(count) \(what)", at: start)
        }
        return chosen.values.map { Int($0) - 1 }
    }

    private func check(
        _ numbers: [Int], _ count: Int, _ what: String, _ start: Int
    ) throws(MatpowerRefusal) {
        guard let beyond = numbers.first(where: { $0 >= count }) else { return }
        throw refusal("\(beyond + 1) is not among the \(count) \(what)", at: start)
    }
}
