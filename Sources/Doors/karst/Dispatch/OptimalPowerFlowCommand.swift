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
            The network is linear (DC): no losses, no voltages. With --losses every branch loses r·f², half \
            at each end; with --ac it is the full equations, with losses, reactive power and limits of \
            voltages. Generators need costs (MATPOWER's gencost), \
            polynomials up to the square or piecewise linear ones that are convex. Branches keep their \
            rating, where they have one, and their limits of angles. Powers are in MW, prices in the money \
            of the case per MWh: energy is the price at the reference bus, congestion what binding limits \
            add, loss what the wires lose more. Exit code 1: no dispatch keeps all limits, or none was found.

            EXAMPLES
              karst opf case118.m
              karst opf case118.m --branch-model plain --output prices.csv
              karst opf case118.m --losses
              karst opf case118.m --ac
            """)

    @OptionGroup var source: CaseOptions
    @Flag(help: "Solve the full equations of power flow, with voltages, reactive power and losses.")
    var ac = false
    @Flag(help: "For the linear network: branches lose r·f² (p.u. at nominal voltage).")
    var losses = false
    @Option(
        help: """
            For the linear network. tapped: 1/(x·ratio), phase shifts kept, as MATPOWER does; plain: \
            x/(r² + x²), taps and shifts ignored, as PowerModels and pglib-opf do.
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
        do {
            if ac {
                let optimum = try ACOptimalPowerFlow(networkCase).solve()
                let summary = ACOptimumSummary(networkCase, optimum)
                try tell(summary.text, summary.csv, try summary.json, isOptimal: optimum.status == .optimal)
            } else {
                let optimum = try DCOptimalPowerFlow(
                    networkCase, branchModel: branchModel, losses: losses
                ).solve()
                let summary = DCOptimumSummary(networkCase, optimum)
                try tell(summary.text, summary.csv, try summary.json, isOptimal: optimum.status == .optimal)
            }
        } catch let mistake as CaseMistake {
            for message in mistake.messages { note("\(source.path): error: \(message)") }
            throw ExitCode(2)
        }
    }

    private func tell(
        _ text: String, _ csv: @autoclosure () -> String, _ json: @autoclosure () throws -> String,
        isOptimal: Bool
    ) throws {
        if let output, isOptimal { try NewFile.write(Data(csv().utf8), to: output) }
        if self.json {
            print(try json())
        } else if !quiet {
            print(text)
        }
        guard isOptimal else { throw ExitCode(1) }
    }
}

extension DCBranchModel: ExpressibleByArgument {}
