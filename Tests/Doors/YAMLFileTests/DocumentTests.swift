import Testing
import TextFile
import YAMLFile

@Suite("A YAML file")
struct DocumentTests {
    @Test(
        "has mappings, lists and values, and nothing else",
        arguments: [
            ("\tseed: 7", "1:1: error: a tab cannot indent YAML; use spaces"),
            ("seed: 7\nseed: 8", "1:1: error: the key 'seed' is written twice in one mapping"),
            ("seed: &a 7", "1:7: error: seed: anchors (&) are not supported; write the value out"),
            (
                "a: &f {b: c}\nx: *f",
                "1:4: error: anchors and aliases (& and *) are not supported; write the value out"
            ),
            ("seed: !!int 7", "1:7: error: seed: tags are not supported, found 'tag:yaml.org,2002:int'"),
            ("a: 1\n---\nb: 2", "2:1: error: the file holds a second YAML document; only one is allowed"),
            ("? [a, b]\n: 7", "1:3: error: a key must be a single word, not a list or a mapping"),
            (
                "a: {b: 1\n",
                "2:1: error: this is not YAML: while parsing a flow mapping did not find expected ',' or '}'"
            ),
            ("[1, 2]", "1:1: error: found a list, expected a mapping (key: value)"),
        ])
    func refused(text: String, mistake: String) throws {
        #expect(try Sample(text).mistakes() == ["sample.yaml:" + mistake])
    }

    @Test("is text in UTF-8, not empty, and of limited size")
    func contents() throws {
        let sample = try Sample()
        func mistakes(_ bytes: [UInt8]) throws -> [String] {
            try sample.write("sample.yaml", bytes: bytes)
            return sample.mistakes()
        }
        let empty = "sample.yaml:1:1: error: the file is empty; write at least one 'key: value'"
        #expect(try mistakes([]) == [empty])
        #expect(try mistakes(Array("# a comment\n".utf8)) == [empty])
        #expect(
            try mistakes(Array("name: a\n".utf8) + [0, 1, 2])
                == ["sample.yaml:2:1: error: the file is binary; save it as text in UTF-8"])
        #expect(
            try mistakes([0xFF, 0xFE] + "name: a".utf8.flatMap { [$0, 0] })
                == ["sample.yaml:1:1: error: the file is UTF-16; save it as UTF-8"])
        #expect(
            try mistakes([0x6E, 0x3A, 0x20, 0xC3, 0x28]) == [
                "sample.yaml:1:4: error: the file is not UTF-8; it looks like Latin-1 or Windows-1252 (western European); save it as UTF-8"
            ])
        #expect(
            try mistakes(Array("name: \u{7}".utf8))
                == ["sample.yaml:1:7: error: this is not text: control characters are not allowed"])
        #expect(
            try mistakes(Array("name: ".utf8) + Array(repeating: 97, count: 5_000_000))
                == ["sample.yaml: error: the file has 5000006 bytes; at most 5000000 are read"])
        #expect(
            try mistakes([0x1F, 0x8B, 8, 0])
                == ["sample.yaml:1:1: error: the file is compressed (gzip); unpack it first"])
        #expect(try mistakes([0xEF, 0xBB, 0xBF] + Array("a: 1\r\nb: 2\r\n".utf8)).isEmpty)
    }

    @Test("of endless nesting or with exploding aliases is refused at once", .timeLimit(.minutes(1)))
    func bombs() throws {
        for (open, close, count) in [
            ("[", "]", 100), ("{a: ", "}", 100), ("[", "]", 1001), ("{a: ", "}", 5000),
        ] {
            let deep = String(repeating: open, count: count) + String(repeating: close, count: count)
            let mistakes = try Sample("name: \(deep)\n").mistakes()
            #expect(mistakes.contains { $0.hasSuffix("lists and mappings are nested too deeply") })
        }
        var bomb = "a0: &a0 [x, x, x, x, x, x, x, x]\n"
        for level in 1...40 {
            let item = "*a\(level - 1)"
            bomb += "a\(level): &a\(level) [\(Array(repeating: item, count: 8).joined(separator: ", "))]\n"
        }
        #expect(
            try Sample(bomb + "? *a40\n: 1\n? *a40\n: 2\n").mistakes() == [
                "sample.yaml:1:5: error: anchors and aliases (& and *) are not supported; write the value out"
            ])
    }

    /// The library takes more for a line break than a line feed, and skips a byte order mark.
    @Test(
        "with aliases is refused at once, whatever stands before the anchors", .timeLimit(.minutes(1)),
        arguments: ["\u{2028}", "\u{2029}", "\u{85}", "\r", "\n\u{FEFF}", "\t", " "])
    func hiddenAnchors(blank: String) throws {
        var bomb = "a0:\(blank)&a0 [x, x, x, x, x, x, x, x]\n"
        for level in 1...40 {
            let items = Array(repeating: "*a\(level - 1)", count: 8).joined(separator: ", ")
            bomb += "a\(level):\(blank)&a\(level) [\(items)]\n"
        }
        let mistakes = try Sample(bomb + "? *a40\n: 1\n? *a40\n: 2\n").mistakes()
        #expect(mistakes.count == 1, "\(mistakes)")
        #expect(
            mistakes[0].contains("anchors") || mistakes[0].contains("not YAML"), "\(mistakes)")
    }

    @Test("has the keys that its reader asks for, and no others")
    func keys() throws {
        func mistakes(_ text: String) throws -> [String] {
            try Sample(text).mistakes { mapping, _ in
                _ = mapping.optional("seed")
                _ = mapping.required("name")
            }
        }
        #expect(
            try mistakes("name: a\nsede: 7") == [
                "sample.yaml:2:1: error: unknown key 'sede'; did you mean 'seed'?"
            ])
        #expect(
            try mistakes("name: a\nversion: 2") == [
                "sample.yaml:2:1: error: unknown key 'version'; allowed are seed, name"
            ])
        #expect(try mistakes("seed: 7") == ["sample.yaml:1:1: error: the key 'name' is missing"])
    }

    @Test("reports each mistake once, its own first, then those of other files, by line")
    func order() {
        let collector = MistakeCollector(file: "a.yaml")
        let other = FileMistake(file: "b.csv", line: 1, message: "wrong")
        collector.add([other, other])
        collector.error(Mark(line: 9, column: 1), "x.y", "late")
        collector.error(Mark(line: 2, column: 5), "", "early")
        #expect(
            collector.sorted.map(\.description) == [
                "a.yaml:2:5: error: early", "a.yaml:9:1: error: x.y: late", "b.csv:1: error: wrong",
            ])
        #expect(collector.hasErrors && quoted("a\u{202E}b") == "'a\\u{202e}b'")
    }
}
