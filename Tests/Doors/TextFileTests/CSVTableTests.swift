import TestSupport
import Testing
import TextFile

@Suite struct CSVTableTests {
    @Test(arguments: ["\n", "\r\n", "\r"])
    func lineEnds(end: String) {
        let (table, mistakes) = read(["time,power_kw", "00:00, 1.5", "00:15,-2", ""].joined(separator: end))
        #expect(mistakes == [])
        #expect(table.columns == ["time", "power_kw"])
        var none: [FileMistake] = []
        #expect(table.numbers("power_kw", mistakes: &none) == [1.5, -2])
        #expect(table.texts("time", mistakes: &none) == ["00:00", "00:15"])
        #expect(none == [])
    }

    @Test func byteOrderMarkAndQuotes() {
        let (table, mistakes) = read("\u{FEFF}name,value\n\"one, \"\"two\"\"\" , \"3\"\n贵阳,4\n")
        #expect(mistakes == [])
        var none: [FileMistake] = []
        #expect(table.texts("name", mistakes: &none) == ["one, \"two\"", "贵阳"])
        #expect(table.numbers("value", mistakes: &none) == [3, 4])
    }

    @Test func otherSeparators() {
        let (table, mistakes) = read("a;b\n1;2\n", separator: ";")
        #expect(mistakes == [] && table.columns == ["a", "b"] && table.rowCount == 1)
    }

    @Test func namesInsteadOfAHeader() {
        var mistakes: [FileMistake] = []
        let table = CSVTable(
            Array("note\n1,2,x\n3,4\n".utf8), file: "t.csv", skipping: 1, names: ["a", "b"],
            mistakes: &mistakes)
        #expect(table.numbers("b", mistakes: &mistakes) == [2, 4])
        #expect(mistakes == [])
    }

    /// Every mistake of the file is told at once, each with its place.
    @Test func allMistakesWithTheirPlaces() {
        var (table, mistakes) = read("a,b\n1,2\n1\nx,5\n7,\n\n8,贵 9\n1,2,3\n\"open,4\n\"a\"b,1\n5,1e400\n")
        _ = table.numbers("a", in: 0...6, mistakes: &mistakes)
        _ = table.numbers("b", mistakes: &mistakes)
        _ = table.numbers("c", mistakes: &mistakes)
        #expect(
            FileMistakes(mistakes).description == """
                t.csv:1: error: there is no column 'c'; there are 'a', 'b'
                t.csv:3: error: 1 cell, but the header has 2
                t.csv:4:1: error: a: 'x' is not a number
                t.csv:5:1: error: a: '7' is not between 0 and 6
                t.csv:5:3: error: b: a number is missing
                t.csv:6: error: 1 cell, but the header has 2
                t.csv:7:1: error: a: '8' is not between 0 and 6
                t.csv:7:3: error: b: '贵 9' is not a number
                t.csv:8: error: 3 cells, but the header has 2
                t.csv:9:1: error: the quote is not closed on its line
                t.csv:10:1: error: there is text after the closing quote; a comma is expected
                t.csv:11:3: error: b: '1e400' is not a number
                12 errors
                """)
    }

    @Test func columnsCountCharactersNotBytes() {
        var (table, mistakes) = read("place,t\n贵阳,x\n")
        _ = table.numbers("t", mistakes: &mistakes)
        #expect(mistakes.first?.line == 2 && mistakes.first?.column == 4)
    }

    @Test func decimalCommaIsExplained() {
        var (table, mistakes) = read("a;b\n1,5;2\n", separator: ";")
        _ = table.numbers("a", mistakes: &mistakes)
        #expect(mistakes.first?.message.contains("write a decimal point") == true)
    }

    @Test func thousandsOfMistakesAreCounted() {
        let (_, mistakes) = read("a,b\n" + String(repeating: "1\n", count: 5000))
        #expect(mistakes.count == 11)
        #expect(mistakes.last?.message == "and 4990 more like these up to here")
    }

    @Test(arguments: [
        ("", "t.csv: error: the file is empty"), ("\n\n", "t.csv: error: the file is empty"),
        ("a,a\n", "t.csv:1: error: two columns are called 'a'"),
        ("a,\n", "t.csv:1: error: column 2 has no name"),
        ("a\n\0\n", "t.csv:2: error: the line holds a NUL byte; save the file as text in UTF-8"),
    ])
    func brokenTables(text: String, expected: String) {
        #expect(read(text).1.map(\.description) == [expected])
    }

    @Test func endlessLine() {
        let (_, mistakes) = read("a\n" + String(repeating: "9", count: 1_048_577))
        #expect(mistakes.map(\.description) == ["t.csv:2: error: the line is longer than 1048576 bytes"])
    }

    /// What a file is in truth, where its first bytes say so.
    @Test(
        arguments: [
            ([0x1F, 0x8B, 8, 0], "gzip"), ([0x50, 0x4B, 3, 4], "Excel"), ([0xD0, 0xCF, 0x11, 0xE0], "Excel"),
            ([0x28, 0xB5, 0x2F, 0xFD, 10], "zstd"),
        ] as [([UInt8], String)])
    func otherFormats(bytes: [UInt8], word: String) {
        var mistakes: [FileMistake] = []
        _ = CSVTable(bytes, file: "t.csv", mistakes: &mistakes)
        #expect(mistakes.count == 1 && mistakes[0].message.contains(word), "\(mistakes)")
    }

    /// The bytes of a file never reach the terminal as they are.
    @Test func invisibleCharactersAreShown() {
        let (table, header) = read("\u{1B}[2J,a\n1,\u{7}\u{9B}3\n")
        #expect(header.isEmpty)
        var mistakes: [FileMistake] = []
        _ = table.numbers("a", mistakes: &mistakes)
        _ = table.numbers("b", mistakes: &mistakes)
        let text = mistakes.map(\.description).joined()
        #expect(text.contains(#"'\u{7}\u{9b}3' is not a number"#) && text.contains(#"'\u{1b}[2J', 'a'"#))
        let forged = FileMistake(file: "a\u{1B}.csv", message: "x\nb.csv:1: error: y")
        #expect(forged.description == #"a\u{1b}.csv: error: x\u{a}b.csv:1: error: y"#)
    }

    @Test func wholeNumbers() {
        let (table, _) = read("hour\n1\n1.5\n24\n25\n-9223372036854775808\n1e300\n")
        var mistakes: [FileMistake] = []
        #expect(table.integers("hour", in: 1...24, mistakes: &mistakes) == [1, 1, 24, 1, 1, 1])
        #expect(
            mistakes.map(\.description).contains("t.csv:3:1: error: hour: '1.5' is not a whole number"))
        #expect(mistakes.count == 4, "\(mistakes)")
    }

    /// A file of separators alone would take many times its size.
    @Test func rowsAndCellsAreLimited() {
        let rows = [UInt8](repeating: 10, count: 10_000_002)
        var mistakes: [FileMistake] = []
        _ = CSVTable(Array("a".utf8) + rows, file: "t.csv", mistakes: &mistakes)
        #expect(
            mistakes.map(\.description)
                == ["t.csv: error: the table is too large; at most 10000000 rows are read"])
    }

    @Test func manyMistakesAreCounted() {
        let mistakes = (1...1000).map { FileMistake(file: "t.csv", line: $0, message: "wrong") }
        let lines = FileMistakes(mistakes).description.split(separator: "\n")
        #expect(lines.count == 62 && lines[60] == "and 940 more" && lines[61] == "1000 errors")
    }

    /// No bytes trap, and none without a mistake give anything but finite numbers.
    @Test func anyBytesAreRead() {
        let alphabet = Array("ab,,;\"\"\n\n\r .-+0123456789eEnaixf\u{FEFF}贵\0".utf8) + [0xFF, 0xC0]
        var random = SplitMix64(seed: 1)
        for _ in 0..<20_000 {
            let bytes = (0..<40).map { _ in
                alphabet[random.whole(0..<alphabet.count)]
            }
            var mistakes: [FileMistake] = []
            let table = CSVTable(bytes, file: "t.csv", mistakes: &mistakes)
            for column in table.columns {
                #expect(table.numbers(column, mistakes: &mistakes).allSatisfy { $0.isFinite })
            }
            #expect(mistakes.allSatisfy { $0.line >= 0 && $0.column >= 0 })
        }
    }

    private func read(_ text: String, separator: Character = ",") -> (CSVTable, [FileMistake]) {
        var mistakes: [FileMistake] = []
        let table = CSVTable(Array(text.utf8), file: "t.csv", separator: separator, mistakes: &mistakes)
        return (table, mistakes)
    }
}

@Suite struct DecimalTests {
    @Test(arguments: [
        "0", "-0.0", "12", "+12.5", ".5", "5.", "1e3", "1E-3", "0.1", "123456789.123456", "-9007199254740993",
        "3.141592653589793238", "1e-400", "0.0000000000000000000000000012",
    ])
    func numbers(text: String) {
        #expect(decimal(text.utf8) == Double(text.hasSuffix(".") ? text + "0" : text))
    }

    @Test(arguments: [
        "", "-", ".", "e5", "1e", "1e+", "nan", "NaN", "inf", "-inf", "infinity", "0x10", "0x1p3", "1_000",
        "1,5", "1 000",
        "1.2.3", "1e400", "--1", "1-", " 1", "１",
    ])
    func notNumbers(text: String) {
        #expect(decimal(text.utf8) == nil)
    }

    @Test func everyPrintedNumberComesBack() {
        var random = SplitMix64(seed: 7)
        for _ in 0..<20_000 {
            let bits = random.next()
            let number = Double(bitPattern: bits)
            guard number.isFinite else { continue }
            #expect(decimal("\(number)".utf8) == number)
            let thousandth = Double(Int(bits >> 40)) / 1000
            #expect(decimal("\(thousandth)".utf8) == thousandth)
        }
    }
}
