import TextFile

extension MatpowerReader {
    /// A matrix in square brackets. Mistakes in its elements are told one by one, so that all are known.
    mutating func matrix() throws(MatpowerRefusal) -> MatpowerMatrix {
        let open = scanner.at
        let outside = (isInMatrix, extent)
        (isInMatrix, extent) = (true, nil)
        defer { (isInMatrix, extent) = outside }
        scanner.at += 1
        var matrix = MatpowerMatrix(rows: 0, columns: 0, values: [])
        var (rowStart, isBroken) = (scanner.at, false)
        // Of a row that does not hold single numbers alone.
        var parts: [MatpowerMatrix] = []
        while true {
            scanner.skipBlanks()
            guard let byte = scanner.byte else { throw refusal("this bracket is not closed", at: open) }
            switch byte {
            case UInt8(ascii: "]"):
                endRow(&matrix, &parts, rowStart, isBroken)
                scanner.at += 1
                return matrix
            case 10, 13, UInt8(ascii: ";"):
                endRow(&matrix, &parts, rowStart, isBroken)
                scanner.at += 1
                isBroken = false
                if byte != UInt8(ascii: ";"), scanner.startsBlock { scanner.skipBlock() }
            case UInt8(ascii: ","): scanner.at += 1
            default:
                let isFirst = matrix.values.count == matrix.rows * matrix.columns && parts.isEmpty
                if isFirst {
                    rowStart = scanner.at
                    if scanner.isLetter(byte), scanner.startsAssignment || startsWord("function") {
                        throw unclosed(open)
                    }
                }
                if parts.isEmpty, let number = plainNumber() {
                    matrix.values.append(number)
                    continue
                }
                do {
                    let value = try element()
                    if parts.isEmpty, let number = value.scalar {
                        matrix.values.append(number)
                    } else {
                        let row = matrix.values[(matrix.rows * matrix.columns)...]
                        parts += row.map { MatpowerMatrix($0) } + [value]
                        matrix.values.removeLast(row.count)
                    }
                } catch {
                    if error.resume != nil { throw error }
                    tell(error)
                    isBroken = true
                    skipRow()
                }
            }
        }
    }

    /// The first row says how many elements a row has. A broken one is left out.
    private mutating func endRow(
        _ matrix: inout MatpowerMatrix, _ parts: inout [MatpowerMatrix], _ start: Int, _ isBroken: Bool
    ) {
        var (height, starts) = (1, [start])
        if !parts.isEmpty {
            parts.removeAll(where: \.values.isEmpty)
            guard let first = parts.first else { return }
            height = first.rows
            if parts.allSatisfy({ $0.rows == height }) {
                for row in 0..<height {
                    for part in parts {
                        matrix.values += part.values[row * part.columns..<(row + 1) * part.columns]
                    }
                }
                starts = first.rowStarts.count == height ? first.rowStarts : starts
            } else if !isBroken {
                let sizes = parts.map(\.size).joined(separator: ", ")
                tell(refusal("parts of \(sizes) stand side by side", at: start))
            }
            parts = []
        }
        let count = (matrix.values.count - matrix.rows * matrix.columns) / height
        guard count > 0 else { return }
        if matrix.rows == 0, !isBroken { matrix.columns = count }
        if isBroken || count != matrix.columns {
            if !isBroken {
                tell(refusal("\(count) elements in a row, where the first has \(matrix.columns)", at: start))
            }
            matrix.values.removeLast(count * height)
        } else {
            matrix.rows += height
            matrix.rowStarts += starts.count == height ? starts : Array(repeating: start, count: height)
        }
    }

    /// A number that is a whole element; nil, without a move, where something else is next.
    private mutating func plainNumber() -> Double? {
        let start = scanner.at
        if let number = leadingDecimal(scanner.bytes, from: &scanner.at), endsElement() { return number }
        scanner.at = start
        return nil
    }

    private mutating func element() throws(MatpowerRefusal) -> MatpowerMatrix {
        let value = try expression()
        guard endsElement() else {
            throw refusal("the end of the element is expected; found \(scanner.found)")
        }
        return value
    }

    private func endsElement() -> Bool {
        switch scanner.byte {
        case 9, 32: scanner.atJoiningOperator == nil
        case nil, 10, 13, UInt8(ascii: ";"), UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "%"),
            UInt8(ascii: "#"):
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
        guard let starts = self.field(field)?.rowStarts, row < starts.count else { return (0, 0) }
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
