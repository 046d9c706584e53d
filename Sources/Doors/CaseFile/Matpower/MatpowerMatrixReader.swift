import TextFile

extension MatpowerReader {
    /// A matrix in square brackets. Mistakes in its elements are told one by one, so that all are known.
    mutating func matrix() throws(MatpowerRefusal) -> MatpowerMatrix {
        let open = scanner.at
        let outside = isInMatrix
        isInMatrix = true
        defer { isInMatrix = outside }
        scanner.at += 1
        var matrix = MatpowerMatrix(rows: 0, columns: 0, values: [])
        var (rowStart, isBroken) = (scanner.at, false)
        while true {
            scanner.skipBlanks()
            guard let byte = scanner.byte else { throw refusal("this bracket is not closed", at: open) }
            switch byte {
            case UInt8(ascii: "]"):
                endRow(&matrix, rowStart, isBroken)
                scanner.at += 1
                return matrix
            case 10, 13, UInt8(ascii: ";"):
                endRow(&matrix, rowStart, isBroken)
                scanner.at += 1
                isBroken = false
            case UInt8(ascii: ","): scanner.at += 1
            default:
                if matrix.values.count == matrix.rows * matrix.columns { rowStart = scanner.at }
                do {
                    matrix.values.append(try element())
                } catch {
                    tell(error)
                    isBroken = true
                    skipRow()
                }
            }
        }
    }

    /// The first row says how many elements a row has. A broken one is left out.
    private mutating func endRow(_ matrix: inout MatpowerMatrix, _ start: Int, _ isBroken: Bool) {
        let count = matrix.values.count - matrix.rows * matrix.columns
        guard count > 0 else { return }
        if matrix.rows == 0, !isBroken { matrix.columns = count }
        if isBroken || count != matrix.columns {
            if !isBroken {
                tell(refusal("\(count) elements in a row, where the first has \(matrix.columns)", at: start))
            }
            matrix.values.removeLast(count)
        } else {
            matrix.rows += 1
            matrix.rowStarts.append(start)
        }
    }

    private mutating func element() throws(MatpowerRefusal) -> Double {
        let start = scanner.at
        if let number = leadingDecimal(scanner.bytes, from: &scanner.at), endsElement() { return number }
        scanner.at = start
        guard let number = try expression().scalar else {
            throw refusal("an element of a matrix must be a single number", at: start)
        }
        guard endsElement() else {
            throw refusal("the end of the element is expected; found \(scanner.found)")
        }
        return number
    }

    private func endsElement() -> Bool {
        switch scanner.byte {
        case nil, 9, 10, 13, 32, UInt8(ascii: ";"), UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "%"):
            true
        default: scanner.starts(with: "...")
        }
    }

    private mutating func skipRow() {
        while !scanner.isAtLineEnd, scanner.byte != UInt8(ascii: ";"), scanner.byte != UInt8(ascii: "]") {
            scanner.at += 1
        }
    }

    /// Line and column of an element of a field, for a message; of what was computed, where it was written.
    func place(of field: String, row: Int, column: Int) -> (line: Int, column: Int) {
        guard let starts = fields[field]?.rowStarts, row < starts.count else { return (0, 0) }
        var scanner = scanner
        scanner.at = starts[row]
        for _ in 0..<column {
            while let byte = scanner.byte, byte != 32, byte != 9, byte != UInt8(ascii: ","),
                !scanner.isAtLineEnd
            {
                scanner.at += 1
            }
            scanner.skipBlanks()
            if scanner.take(",") { scanner.skipBlanks() }
        }
        return lineAndColumn(of: scanner.at, in: scanner.bytes)
    }
}
