import Testing
import TextFile

@Suite("A table in another form is refused with its form named, once")
struct ForeignTextTests {
    private func read(
        _ bytes: [UInt8], separator: Character = ",", anyEncoding: Bool = false
    ) -> (table: CSVTable, mistakes: [String]) {
        var mistakes: [FileMistake] = []
        let table = CSVTable(
            bytes, file: "t.csv", separator: separator, anyEncoding: anyEncoding, mistakes: &mistakes)
        _ = table.numbers("kw", mistakes: &mistakes)
        return (table, mistakes.map(\.description))
    }

    /// Thirty rows whose first cells are `name`, in the bytes of another encoding.
    private func rows(_ name: [UInt8], header: [UInt8] = Array("name".utf8)) -> [UInt8] {
        header + Array(",kw\n".utf8) + (0..<30).flatMap { _ in name + Array(",1\n".utf8) }
    }

    private static let gbk: [UInt8] = [0xB9, 0xA4, 0xB3, 0xA7]  // 工厂
    private static let shiftJIS: [UInt8] = [0x83, 0x4B, 0x83, 0x58]  // ガス
    private static let latin: [UInt8] = [0x43, 0x61, 0x66, 0xE9]  // Café
    private static let latinWord: [UInt8] = [0x47, 0x72, 0xF6, 0xDF, 0x65]  // Größe

    @Test(
        "text that is not UTF-8",
        arguments: [
            (gbk, 1, "GBK or GB18030 (Chinese)"), (shiftJIS, 1, "Shift-JIS (Japanese)"),
            (latin, 4, "Latin-1 or Windows-1252 (western European)"),
            (latinWord, 3, "Latin-1 or Windows-1252 (western European)"),
        ])
    func encodings(name: [UInt8], column: Int, encoding: String) {
        let message = "error: the file is not UTF-8; it looks like \(encoding); save it as UTF-8"
        #expect(read(rows(name)).mistakes == ["t.csv:2:\(column): \(message)"])
        #expect(read(rows([], header: name)).mistakes == ["t.csv:1:\(column): \(message)"])
        let unused = read(rows(name), anyEncoding: true)
        #expect(unused.mistakes.isEmpty && unused.table.rowCount == 30)
    }

    @Test("a table in UTF-16, with and without a byte order mark", arguments: [0, 1])
    func utf16(order: Int) {
        let body = "name,kw\nschool,1\nmill,2\n".utf16.flatMap { unit in
            order == 0 ? [UInt8(unit & 255), UInt8(unit >> 8)] : [UInt8(unit >> 8), UInt8(unit & 255)]
        }
        let mark: [UInt8] = order == 0 ? [0xFF, 0xFE] : [0xFE, 0xFF]
        #expect(read(body).mistakes == ["t.csv: error: the file is UTF-16; save it as UTF-8"])
        #expect(read(mark + body).mistakes == ["t.csv: error: the file is UTF-16; save it as UTF-8"])
    }

    @Test(
        "a table with another separator",
        arguments: [
            (
                "time;kw\n0;1,5\n1;2,5\n",
                "t.csv:1: error: the separator is a comma, but this line has a semicolon"
            ),
            ("time\tkw\n0\t1\n1\t2\n", "t.csv:1: error: the separator is a comma, but this line has a tab"),
            ("time|kw\n0|1\n", "t.csv:1: error: the separator is a comma, but this line has a bar"),
            (
                "sep=;\ntime;kw\n0;1\n",
                "t.csv:1: error: the separator is a comma, but this line has a semicolon"
            ),
            (
                "\"time\";\"kw\"\n0;1\n",
                "t.csv:1:1: error: there is text after the closing quote; a comma is expected"
            ),
            (
                "time,kw\n0;1\n1;2\n",
                "t.csv:2: error: the separator is a comma, but this line has a semicolon"
            ),
        ])
    func separators(text: String, mistake: String) {
        #expect(read(Array(text.utf8)).mistakes == [mistake])
    }

    @Test("commas where semicolons are expected")
    func commas() {
        let mistakes = read(Array("time,kw\n0,1\n".utf8), separator: ";").mistakes
        #expect(mistakes == ["t.csv:1: error: the separator is a semicolon, but this line has a comma"])
    }
}
