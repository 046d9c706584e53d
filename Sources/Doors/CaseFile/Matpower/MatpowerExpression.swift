import Glibc
import TextFile

// The arithmetic that case files carry, and nothing else. Operators by how weakly they bind, with the value
// of MATLAB's for numbers; comparisons and the rest give 1 or 0:
//
//     ||  |      &&  &      ==  ~=  !=  <=  >=  <  >      :      +  -      *  /  .*  ./
//
// then signs and ~, then ^ and .^, then the transpose '. What stands in their places is, see `value`, a
// number, ( … ), [ … ], a name, a field, a part of one of these, or a function of `MatpowerNames`.

extension MatpowerReader {
    private static let deepest = 64
    private static let levels: [[StaticString]] = [
        ["||", "|"], ["&&", "&"], ["==", "~=", "!=", "<=", ">=", "<", ">"], [], ["+", "-"],
        [".*", "./", "*", "/"],
    ]
    private static let rangeLevel = 3

    mutating func expression() throws(MatpowerRefusal) -> MatpowerMatrix {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else {
            throw refusal("brackets are nested more than \(Self.deepest) deep")
        }
        skipBlanks()
        let value = try operation(0)
        try spend(value.values.count)
        return value
    }

    /// Operators of one level, from left to right.
    private mutating func operation(_ level: Int) throws(MatpowerRefusal) -> MatpowerMatrix {
        if level == Self.levels.count { return try signed() }
        if level == Self.rangeLevel { return try range() }
        var left = try operation(level + 1)
        while true {
            skipBlanks()
            let start = scanner.at
            guard let mark = Self.levels[level].first(where: { scanner.starts(with: $0) }) else {
                return left
            }
            _ = scanner.take(mark)
            scanner.skipBlanks()
            left = try apply("\(mark)", left, try operation(level + 1), start)
        }
    }

    /// `FROM:TO` or `FROM:STEP:TO`.
    private mutating func range() throws(MatpowerRefusal) -> MatpowerMatrix {
        let from = try operation(Self.rangeLevel + 1)
        var ends: [MatpowerMatrix] = []
        while ends.count < 2 {
            skipBlanks()
            guard scanner.byte == UInt8(ascii: ":") else { break }
            scanner.at += 1
            scanner.skipBlanks()
            ends.append(try operation(Self.rangeLevel + 1))
        }
        guard let last = ends.last else { return from }
        let step = ends.count == 2 ? ends[0].scalar : 1
        guard let first = from.scalar, let last = last.scalar, let step, step != 0 else {
            throw refusal("a range takes single numbers, and no step of 0")
        }
        let count = ((last - first) / step * (1 + 1e-15)).rounded(.down) + 1
        guard count <= Double(Self.mostElements) else { throw refusal("a range of too many numbers") }
        let numbers = (0..<max(0, Int(count))).map { first + Double($0) * step }
        return MatpowerMatrix(rows: 1, columns: numbers.count, values: numbers)
    }

    private mutating func signed() throws(MatpowerRefusal) -> MatpowerMatrix {
        if (scanner.starts(with: "~") || scanner.starts(with: "!")) && !scanner.starts(with: "~=") {
            scanner.at += 1
            scanner.skipBlanks()
            return try signed().mapTruth { $0 == 0 }
        }
        let isNegative = sign()
        let value = try power()
        return isNegative ? value.map { -$0 } : value
    }

    /// Takes signs; whether they amount to a minus.
    private mutating func sign() -> Bool {
        var isNegative = false
        while scanner.byte == UInt8(ascii: "+") || scanner.byte == UInt8(ascii: "-") {
            if scanner.byte == UInt8(ascii: "-") { isNegative.toggle() }
            scanner.at += 1
            scanner.skipBlanks()
        }
        return isNegative
    }

    private mutating func power() throws(MatpowerRefusal) -> MatpowerMatrix {
        var power = try transposed()
        while true {
            skipBlanks()
            let start = scanner.at
            guard scanner.take("^") || scanner.take(".^") else { return power }
            scanner.skipBlanks()
            let isNegative = sign()
            let exponent = try transposed().map { isNegative ? -$0 : $0 }
            power = try apply(scanner.bytes[start] == UInt8(ascii: "^") ? "^" : ".^", power, exponent, start)
        }
    }

    /// A value and the quotes right behind it.
    private mutating func transposed() throws(MatpowerRefusal) -> MatpowerMatrix {
        var value = try value()
        while scanner.byte == UInt8(ascii: "'") || scanner.starts(with: ".'") {
            scanner.at += scanner.byte == UInt8(ascii: "'") ? 1 : 2
            value = value.transposed
        }
        return value
    }

    private func apply(
        _ mark: String, _ a: MatpowerMatrix, _ b: MatpowerMatrix, _ start: Int
    ) throws(MatpowerRefusal) -> MatpowerMatrix {
        let isScaling = b.scalar != nil || (a.scalar != nil && mark == "*")
        if ["*", "/"].contains(mark), !isScaling {
            throw refusal(
                "a product of matrices is not supported; write .* or ./ for each element", at: start)
        }
        if mark == "^", a.scalar == nil || b.scalar == nil {
            throw refusal("a power of a matrix is not supported; write .^ for each element", at: start)
        }
        guard let operation = MatpowerNames.operators[mark],
            var result = MatpowerMatrix.combine(a, b, operation.value)
        else {
            throw refusal("the sizes of both sides differ: \(a.size) and \(b.size)", at: start)
        }
        result.isTruth = operation.isTruth
        return result
    }
}
