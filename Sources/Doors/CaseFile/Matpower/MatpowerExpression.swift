import Glibc
import TextFile

// The arithmetic that case files carry, and nothing else:
//
//     sum     = product { (+ | -) product }
//     product = signed { (* | / | .* | ./) signed }
//     signed  = { + | - } power
//     power   = value { (^ | .^) { + | - } value }
//     value   = number | ( sum ) | [ matrix ] | name | function ( sum ) | mpc.field
//             | mpc.field ( index , index )
//     index   = : | sum | sum : sum

extension MatpowerReader {
    private static let deepest = 64

    mutating func expression() throws(MatpowerRefusal) -> MatpowerMatrix {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else {
            throw refusal("brackets are nested more than \(Self.deepest) deep")
        }
        var sum = try product()
        while true {
            skipBlanks()
            let start = scanner.at
            if scanner.take("+") {
                sum = try elementwise(sum, try product(), start, +)
            } else if scanner.take("-") {
                sum = try elementwise(sum, try product(), start, -)
            } else {
                return sum
            }
        }
    }

    private mutating func product() throws(MatpowerRefusal) -> MatpowerMatrix {
        var product = try signed()
        while true {
            skipBlanks()
            let start = scanner.at
            if scanner.take(".*") {
                product = try elementwise(product, try signed(), start, *)
            } else if scanner.take("./") {
                product = try elementwise(product, try signed(), start, /)
            } else if scanner.take("*") {
                product = try elementwise(product, try signed(), start, isMatrixRule: true, *)
            } else if scanner.take("/") {
                product = try elementwise(product, try signed(), start, isMatrixRule: true, /)
            } else {
                return product
            }
        }
    }

    private mutating func signed() throws(MatpowerRefusal) -> MatpowerMatrix {
        let isNegative = sign()
        let value = try power()
        return isNegative ? value.map { -$0 } : value
    }

    /// Takes signs; whether they amount to a minus.
    private mutating func sign() -> Bool {
        var isNegative = false
        skipBlanks()
        while scanner.byte == UInt8(ascii: "+") || scanner.byte == UInt8(ascii: "-") {
            if scanner.byte == UInt8(ascii: "-") { isNegative.toggle() }
            scanner.at += 1
            skipBlanks()
        }
        return isNegative
    }

    private mutating func power() throws(MatpowerRefusal) -> MatpowerMatrix {
        var power = try value()
        while true {
            skipBlanks()
            let start = scanner.at
            guard scanner.take("^") || scanner.take(".^") else { return power }
            let isMatrixRule = scanner.bytes[start] == UInt8(ascii: "^")
            let isNegative = sign()
            let exponent = try value()
            if isMatrixRule, power.scalar == nil || exponent.scalar == nil {
                throw refusal(
                    "a power of a matrix is not supported; write .^ for each element", at: start)
            }
            power = try elementwise(power, exponent, start) { pow($0, isNegative ? -$1 : $1) }
        }
    }

    private func elementwise(
        _ a: MatpowerMatrix, _ b: MatpowerMatrix, _ start: Int, isMatrixRule: Bool = false,
        _ operation: (Double, Double) -> Double
    ) throws(MatpowerRefusal) -> MatpowerMatrix {
        let isScaling = b.scalar != nil || (a.scalar != nil && scanner.bytes[start] == UInt8(ascii: "*"))
        if isMatrixRule, !isScaling {
            throw refusal(
                "a product of matrices is not supported; write .* or ./ for each element", at: start)
        }
        guard let result = MatpowerMatrix.combine(a, b, operation) else {
            throw refusal("the sizes of both sides differ: \(a.size) and \(b.size)", at: start)
        }
        return result
    }

    private mutating func value() throws(MatpowerRefusal) -> MatpowerMatrix {
        skipBlanks()
        let start = scanner.at
        if let number = leadingDecimal(scanner.bytes, from: &scanner.at) { return MatpowerMatrix(number) }
        if scanner.byte == UInt8(ascii: "[") { return try matrix() }
        if scanner.byte == UInt8(ascii: "(") { return try bracketed() }
        guard let word = scanner.word() else { throw refusal("a value is expected; found \(scanner.found)") }
        if word == structure { return try field() }
        if let known = names[word] { return known }
        if let constant = MatpowerNames.constants[word] { return MatpowerMatrix(constant) }
        if let function = MatpowerNames.functions[word] {
            guard scanner.byte == UInt8(ascii: "(") else {
                throw refusal("\(word) needs a value in brackets")
            }
            return try bracketed().map(function)
        }
        let functions = MatpowerNames.functions.keys.sorted().joined(separator: ", ")
        throw refusal(
            "'\(word.prefix(40))' is not known; allowed are \(structure) and its fields, names set above, numbers, pi, and "
                + "the functions \(functions)", at: start)
    }

    /// A sum in round brackets, where blanks don't count even within square ones.
    private mutating func bracketed() throws(MatpowerRefusal) -> MatpowerMatrix {
        let outside = isInMatrix
        isInMatrix = false
        defer { isInMatrix = outside }
        scanner.at += 1
        let value = try expression()
        try take(")")
        return value
    }

    /// What follows the name of the structure: a field, whole or a part of it.
    private mutating func field() throws(MatpowerRefusal) -> MatpowerMatrix {
        let start = scanner.at
        guard scanner.take("."), let name = scanner.word() else {
            throw refusal("a field such as \(structure).bus is expected", at: start)
        }
        guard let matrix = fields[name] else {
            throw refusal("\(structure).\(name) has no value yet", at: start)
        }
        guard scanner.byte == UInt8(ascii: "(") else { return matrix }
        let (rows, columns) = try indices(of: matrix)
        let values = rows.flatMap { row in columns.map { matrix[row, $0] } }
        return MatpowerMatrix(rows: rows.count, columns: columns.count, values: values)
    }

    /// Row and column numbers in brackets, counted from 0.
    mutating func indices(of matrix: MatpowerMatrix) throws(MatpowerRefusal) -> (rows: [Int], columns: [Int])
    {
        let outside = isInMatrix
        isInMatrix = false
        defer { isInMatrix = outside }
        scanner.at += 1
        let rows = try index(upTo: matrix.rows, "rows")
        try take(",")
        let columns = try index(upTo: matrix.columns, "columns")
        try take(")")
        return (rows, columns)
    }

    private mutating func index(upTo count: Int, _ what: String) throws(MatpowerRefusal) -> [Int] {
        skipBlanks()
        let start = scanner.at
        if scanner.take(":") { return Array(0..<count) }
        let first = try expression()
        skipBlanks()
        let last = scanner.take(":") ? try expression() : nil
        let numbers = first.values + (last?.values ?? [])
        for number in numbers where !(number >= 1 && number <= Double(count) && number == number.rounded()) {
            throw refusal("\(shortest(number)) is not among the \(count) \(what)", at: start)
        }
        guard let last else { return first.values.map { Int($0) - 1 } }
        guard let from = first.scalar, let to = last.scalar, from <= to else {
            throw refusal("a range is written FROM:TO, with FROM not above TO", at: start)
        }
        return Array(Int(from) - 1..<Int(to))
    }
}
