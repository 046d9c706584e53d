import Lanes
import Testing

@Suite struct StepTableTests {
    private func numbered(rows: Int, steps: Int) -> StepTable {
        var table = StepTable(rows: rows, steps: steps)
        for row in 0..<rows { for step in 0..<steps { table[row, step] = Double(100 * row + step) } }
        return table
    }

    @Test(arguments: [0, 1, 3], [0, 1, 7, 8, 9, 30]) func keepsEveryNumber(rows: Int, steps: Int) {
        var table = numbered(rows: rows, steps: steps)
        #expect(table.blocks == (steps + 7) / 8)
        for row in 0..<rows {
            for step in 0..<steps {
                let number = Double(100 * row + step)
                #expect(table[row, step] == number)
                #expect(table[row: row, block: step / 8][step % 8] == number)
                #expect(table.withNumbers { $0[row, step] } == number)
                #expect(table.withLanes { $0[step / 8 * rows + row][step % 8] } == number)
            }
        }
        table.withMutableNumbers { numbers in
            for row in 0..<rows { for step in 0..<steps { numbers[row, step] = -numbers[row, step] } }
        }
        for row in 0..<rows {
            for step in 0..<steps { #expect(table[row, step] == -Double(100 * row + step)) }
        }
    }

    @Test func addsARow() {
        var table = numbered(rows: 2, steps: 11)
        table.add((0..<11).map(Double.init), times: 2, toRow: 1)
        #expect((0..<11).allSatisfy { table[0, $0] == Double($0) && table[1, $0] == Double(100 + 3 * $0) })
    }

    /// A copy keeps its numbers when the original is written to, and lanes past the last step do not count.
    @Test func isAValue() {
        var table = numbered(rows: 2, steps: 11)
        let copy = table
        #expect(table == copy && table.hashValue == copy.hashValue)
        table[1, 3] = -1
        #expect(copy[1, 3] == 103 && table != copy)
        table[1, 3] = 103
        table.withMutableLanes { $0[3][7] = 5 }
        #expect(table == copy && table.hashValue == copy.hashValue)
        #expect(table != StepTable(rows: 2, steps: 12))
    }
}
