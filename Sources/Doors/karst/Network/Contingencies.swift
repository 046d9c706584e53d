public import ArgumentParser
import CaseFile
import Export
import Foundation
import Grid
public import Studies
import TextFile

struct Contingencies: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Finds the N-1 contingencies of a case file: overloads, voltage violations, load not served.",
        discussion: """
            Every branch, three-winding transformer and generator is taken out alone. A linear (DC) model \
            gives the active power after each outage; a row by DC adds the reactive power before it, so \
            that its loading can be some per cent too low. The outages with the highest branch loading are \
            then solved by AC power flow, which also gives the voltages. Generators at a source bus are not \
            taken out. The sources and generators that are left replace a lost one by the weights of the \
            file (slack_weight, APF), or else by their largest powers.

            EXAMPLES
              karst contingencies case118.m
              karst contingencies case118.m --ac all --top 40
              karst contingencies network.json --ac none --output outages.csv
            """)

    @Argument(
        help: "Case: MATPOWER .m, pandapower .json, or a folder of SimBench tables.",
        completion: .file(extensions: ["m", "json"]))
    var path: String
    @Option(
        help: ArgumentHelp(
            "Outages that AC power flow verifies: none, screened (the --top outages by loading) or all.",
            valueName: "none|screened|all"))
    var ac = ContingencyAnalysis.Verification.screened
    @Option(help: ArgumentHelp("Number of outages to print, the worst first.", valueName: "N"))
    var top = 20
    @Option(
        help: ArgumentHelp("Also write every outage to this new CSV file.", valueName: "FILE"),
        transform: outputPath)
    var output: String?
    @Flag(help: "Print every outage as JSON on standard output, in place of the table.")
    var json = false

    func validate() throws {
        if top < 0 { throw ValidationError("--top must be 0 or more") }
    }

    func run() throws {
        let networkCase = try load()
        let file = try output.map { try NewFile(at: $0) }
        let analysis = ContingencyAnalysis(verification: ac, verified: top)
        guard let result = analysis.study(networkCase, workers: ProcessInfo.processInfo.activeProcessorCount)
        else {
            note("\(path): the linear (DC) model of this network has no unique solution")
            throw ExitCode(1)
        }
        let listing = ContingencyListing(result, of: networkCase)
        try file?.write(Data(listing.csv.utf8))
        if json {
            try Terminal.put(try listing.json())
        } else {
            try Terminal.show(listing.table(of: top))
        }
        if !result.base.status.isSolved {
            note("\(path): the power flow without outage has no solution (\(result.base.status.rawValue))")
            throw ExitCode(1)
        }
    }

    private func load() throws -> NetworkCase {
        do {
            let loaded = try CaseFile.load(path: path)
            note(loaded.warnings)
            return loaded.networkCase
        } catch {
            note(error.description)
            throw ExitCode(2)
        }
    }
}

extension ContingencyAnalysis.Verification: ExpressibleByArgument {}
