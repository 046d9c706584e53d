public import ArgumentParser
public import CaseFile
import Export
import Foundation
import TextFile

struct Convert: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Writes a case file in the format of another tool.",
        discussion: """
            The power flow of the written case gives the same voltages. What the format cannot hold \
            directly is written in an equivalent form (a transformer's iron losses as shunts at its buses); \
            otherwise the case is refused.

            EXAMPLES
              karst convert case33bw.m --to pandapower --output case33bw.json
              karst convert network.json --to matpower > network.m
            """)

    @OptionGroup var source: CaseOptions
    @Option(help: "Format to write: matpower or pandapower.")
    var to: CaseFile.Format
    @Option(help: "New file to write. Default: standard output.", transform: outputPath)
    var output: String?

    func run() throws {
        let networkCase = try source.load()
        let file = try output.map { try NewFile(at: $0) }
        let text = try told { () throws(FileMistakes) in try CaseFile.text(networkCase, as: to) }
        if let file {
            try file.write(Data(text.utf8))
        } else {
            try Terminal.put(text)
        }
    }
}

extension CaseFile.Format: ExpressibleByArgument {}
