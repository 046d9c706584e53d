import Foundation
import TestSupport
import Testing

/// Examples in doc comments are code that a test compiles: the lines of each stand in a file of
/// `Tests/ExampleTests`, one after another.
@Suite("The examples in the doc comments")
struct ExampleTidyTests {
    /// The lines of one fenced block, without their indentation.
    struct Example {
        let place: String
        let lines: [String]
    }

    @Test("every example in Sources stands in Tests/ExampleTests")
    func compiled() {
        let tests = House.swiftFiles(in: "Tests/ExampleTests").map { $0.lines.map { trimmed($0) } }
        let examples = House.swiftFiles(in: "Sources").flatMap(examples)
        #expect(examples.count > 20)
        for example in examples {
            let stands = tests.contains { contains($0, example.lines) }
            #expect(stands, "\(example.place): the example is in no test, or differs from it")
        }
    }

    @Test("what every program in Examples does stands in Tests/ExampleTests")
    func programs() {
        let tests = House.swiftFiles(in: "Tests/ExampleTests").map { $0.lines.map { trimmed($0) } }
        let programs = House.swiftFiles(in: "Examples").filter { $0.path.hasSuffix("main.swift") }
        #expect(programs.count > 1)
        for program in programs {
            // After the line that reads the arguments.
            let reading = program.lines.lastIndex { $0.hasPrefix("let") && $0.contains("arguments") } ?? 0
            let body = program.lines[(reading + 1)...].map { trimmed($0) }
            let lines = Array(body.drop(while: \.isEmpty).reversed().drop(while: \.isEmpty).reversed())
            #expect(lines.count > 2, "\(program.path)")
            #expect(
                program.imports.isSubset(of: House.products), "\(program.path) imports what is no product")
            #expect(
                tests.contains { contains($0, lines) }, "\(program.path) is in no test, or differs from it")
        }
    }

    @Test("who wants power flow alone fetches no other package")
    func powerFlowAlone() {
        let packages = House.packageOutput(
            at: "Examples/power-flow", "show-dependencies", "--format", "flatlist")
        // Karst, by the name of its folder.
        let karst = Checkout.root.lastPathComponent.lowercased()
        #expect(packages.split(separator: "\n").map(String.init) == [karst])
    }

    private func examples(of file: House.File) -> [Example] {
        var examples: [Example] = []
        var open: (line: Int, lines: [String])?
        for (number, line) in file.lines.enumerated() {
            let text = trimmed(line)
            guard text.hasPrefix("///") else { continue }
            let comment = trimmed(text.dropFirst(3))
            if open != nil, comment == "```" {
                examples.append(Example(place: "\(file.path):\(open!.line)", lines: open!.lines))
                open = nil
            } else if open != nil {
                open!.lines.append(comment)
            } else if comment == "```swift" {
                open = (number + 1, [])
            }
        }
        return examples
    }

    private func trimmed(_ line: Substring) -> String {
        let head = line.drop { $0 == " " }
        return String(head.prefix(head.count - head.reversed().prefix { $0 == " " }.count))
    }

    private func contains(_ lines: [String], _ example: [String]) -> Bool {
        guard let first = example.first, lines.count >= example.count else { return false }
        return (0...lines.count - example.count).contains {
            lines[$0] == first && Array(lines[$0..<$0 + example.count]) == example
        }
    }
}
