public import ArgumentParser
public import CaseFile
import Export
import Foundation
import TextFile

struct Convert: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Writes a case file in the format of another tool.",
        discussion: """
            Power flow gives the same voltages there. What a format has no place for is moved to where it \
            has (a transformer's iron among the shunts of its buses), or refused.

            EXAMPLES
              karst convert case33bw.m --to pandapower --output case33bw.json
              karst convert network.json --to matpower > network.m
            """)

    @OptionGroup var source: CaseOptions
    @Option(help: "matpower or pandapower.")
    var to: CaseFile.Format
    @Option(help: "The file to write; it must not exist. Default: standard output.")
    var output: String?

    func run() throws {
        let networkCase = try source.load()
        let text = try told { () throws(FileMistakes) in try CaseFile.text(networkCase, as: to) }
        if let output {
            try NewFile.write(Data(text.utf8), to: output)
        } else {
            print(text, terminator: "")
        }
    }
}

extension CaseFile.Format: ExpressibleByArgument {}
