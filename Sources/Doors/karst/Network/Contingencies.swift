public import ArgumentParser
import CaseFile
import Foundation
import Grid
public import Studies
import TextFile

struct Contingencies: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Finds the single outages that the network of a case file does not bear (N-1).",
        discussion: """
            Every branch and every generator goes out alone. A linear (DC) model tells the flows after each \
            outage; those that load a branch most are then solved by AC power flow, which also knows the \
            voltages. Generators at a source are left out; the loss of another is shared by participation.

            EXAMPLES
              karst contingencies case118.m
              karst contingencies case118.m --ac all --top 40
              karst contingencies network.json --ac none --output outages.csv
            """)

    @Argument(help: "The case file.", completion: .file(extensions: ["m", "json"]))
    var path: String
    @Option(
        help: ArgumentHelp(
            "Which outages an AC power flow verifies: none, screened (as many as --top, those that load a branch most) or all.",
            valueName: "none|screened|all"))
    var ac = ContingencyAnalysis.Verification.screened
    @Option(help: ArgumentHelp("How many of the worst outages to print.", valueName: "N"))
    var top = 20
    @Option(help: ArgumentHelp("Also write every outage to this CSV file.", valueName: "FILE"))
    var output: String?
    @Flag(help: "Print every outage as JSON on standard output, instead of the table.")
    var json = false

    func validate() throws {
        if top < 0 { throw ValidationError("--top needs a number that is not negative") }
        if output == "" { throw ValidationError("--output needs the name of a file") }
    }

    func run() throws {
        let networkCase = try load()
        let analysis = ContingencyAnalysis(verification: ac, verified: top)
        guard let report = analysis.study(networkCase, workers: ProcessInfo.processInfo.activeProcessorCount)
        else {
            note("\(path): the linear model of this network has no single solution")
            throw ExitCode(1)
        }
        let listing = ContingencyListing(report, of: networkCase)
        if let output { try write(listing.csv, to: output) }
        print(json ? try listing.json() : listing.table(of: top), terminator: "")
        if !report.base.status.isSolved {
            note("\(path): the network has no solution as it is (\(report.base.status.rawValue))")
            throw ExitCode(1)
        }
    }

    private func load() throws -> NetworkCase {
        do {
            let loaded = try CaseFile.load(path: path)
            for warning in loaded.warnings { note(warning.description) }
            return loaded.networkCase
        } catch {
            note(error.description)
            throw ExitCode(2)
        }
    }

    private func write(_ text: String, to file: String) throws {
        do {
            try Data(text.utf8).write(to: URL(filePath: file), options: .withoutOverwriting)
        } catch {
            note("cannot write \(file): \(error.localizedDescription)")
            throw ExitCode(1)
        }
    }
}

extension ContingencyAnalysis.Verification: ExpressibleByArgument {}
