import TestSupport
import Testing

@Suite struct HelpTests {
    /// Names of all commands, as `karst --help` lists them.
    static let commands: [String] = {
        guard let text = try? Karst.run("--help").output,
            let list = text.split(separator: "SUBCOMMANDS:\n").last
        else { return [] }
        return list.split(separator: "\n").compactMap {
            $0.wholeMatch(of: #/  ([a-z][a-z-]+)( .*)?/#).map { String($0.1) }
        }
    }()

    /// Commands that only a build with KARST_MQTT=1 has, and that need a broker: `LiveTests` run them.
    static let live = ["hub", "agent"]

    /// Command lines under EXAMPLES in the help of `command`, of `karst` itself where it is empty.
    static func examples(of command: String) throws -> [String] {
        let text = try help(command)
        guard let list = text.split(separator: "EXAMPLES\n").dropFirst().first else { return [] }
        return list.split(separator: "\n", omittingEmptySubsequences: false).prefix { !$0.isEmpty }
            .map { String($0.drop { $0 == " " }) }
    }

    private static func help(_ command: String) throws -> String {
        let outcome = try Karst.run((command.isEmpty ? [] : [command]) + ["--help"])
        #expect(outcome.code == 0 && outcome.errors.isEmpty)
        return outcome.output
    }

    @Test func everyCommandIsListed() {
        let expected = [
            "run", "validate", "powerflow", "convert", "contingencies", "hosting-capacity", "compare",
            "explain", "dispatch", "opf", "comms", "attacks",
        ]
        #expect(Self.commands == expected || Self.commands == expected + Self.live)
    }

    @Test(
        "the help of a command has an abstract, examples that fit in a line, and every option explained",
        arguments: commands + [""])
    func helpIsComplete(command: String) throws {
        let text = try Self.help(command)
        let abstract = try #require(text.firstMatch(of: /OVERVIEW: (\w.*)/))
        #expect(abstract.1.count > 10)
        let examples = try Self.examples(of: command)
        #expect(!examples.isEmpty)
        for example in examples {
            let start = command.isEmpty ? "karst " : "karst \(command) "
            #expect(example.hasPrefix(start) && example.count <= 78, "\(example)")
        }
        // An argument or option is explained in its line or, where that is full, in the next one.
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        for (number, line) in lines.enumerated() where line.prefixMatch(of: #/  (<|-)\S/#) != nil {
            let isExplained =
                line.contains(#/\S {1,20}[A-Z]/#)
                || number + 1 < lines.count && lines[number + 1].hasPrefix("      ")
            #expect(isExplained, "\(command): \(line)")
        }
    }

    @Test("`karst help NAME` prints the same as `karst NAME --help`", arguments: commands)
    func helpCommand(command: String) throws {
        let outcome = try Karst.run("help", command)
        #expect(outcome.code == 0)
        #expect(try outcome.output == Self.help(command))
    }

    @Test func helpWithoutArgumentsOrByShortOption() throws {
        let text = try Self.help("")
        for arguments in [[], ["-h"], ["help"]] {
            let outcome = try Karst.run(arguments)
            #expect(outcome.code == 0 && outcome.output == text)
        }
    }

    @Test func version() throws {
        let outcome = try Karst.run("--version")
        #expect(outcome.code == 0)
        #expect(outcome.output.wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil)
    }
}
