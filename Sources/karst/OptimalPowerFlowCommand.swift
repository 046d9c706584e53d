public import ArgumentParser
import CaseFile
import Export
import Foundation
import Grid
public import OptimalPowerFlow

struct OptimalPowerFlowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "opf",
        abstract:
            "Finds the cheapest dispatch of a case that keeps the limits of its network, and its prices.",
        discussion: """
            The network is linear (DC): no losses, no voltages. Generators need costs (MATPOWER's gencost), \
            polynomials up to the square or piecewise linear ones that are convex. Branches keep their \
            rating, where they have one, and their limits of angles. Powers are in MW, prices in the money \
            of the case per MWh: energy is the price at the reference bus, congestion what binding limits \
            add. Exit code 1: no dispatch keeps all limits, or none was found.

            EXAMPLES
              karst opf case118.m
              karst opf case118.m --branch-model plain --output prices.csv
            """)

    @OptionGroup var source: CaseOptions
    @Option(
        help: """
            tapped: 1/(x·ratio), phase shifts kept, as MATPOWER does; plain: x/(r² + x²), taps and shifts \
            ignored, as PowerModels and pglib-opf do.
            """)
    var branchModel: DCBranchModel = .tapped
    @Option(help: "A new CSV file for the price of every bus.")
    var output: String?
    @Flag(help: "No summary.")
    var quiet = false
    @Flag(help: "Print all powers, prices and limits that bind as JSON.")
    var json = false

    func run() throws {
        let networkCase = try source.load()
        let solver: DCOptimalPowerFlow
        do {
            solver = try DCOptimalPowerFlow(networkCase, branchModel: branchModel)
        } catch {
            for message in error.messages { note("\(source.path): error: \(message)") }
            throw ExitCode(2)
        }
        let summary = DCOptimumSummary(networkCase, solver.solve())
        if let output, summary.optimum.status == .optimal {
            try NewFile.write(Data(summary.csv.utf8), to: output)
        }
        if json {
            print(try summary.json)
        } else if !quiet {
            print(summary.text)
        }
        guard summary.optimum.status == .optimal else { throw ExitCode(1) }
    }
}

extension DCBranchModel: ExpressibleByArgument {}
