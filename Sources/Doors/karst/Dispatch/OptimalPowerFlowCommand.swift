public import ArgumentParser
import CaseFile
import Export
import Foundation
import Grid
public import OptimalPowerFlow
import TextFile

struct OptimalPowerFlowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "opf",
        abstract:
            "Solves the optimal power flow of a case file: cheapest dispatch, prices, binding limits.",
        discussion: """
            Without options the network is linear (DC), without losses and voltages. With --losses every \
            branch loses r·f², half at each end. With --ac the full equations hold, with losses, reactive \
            power and voltage limits. Every generator needs a convex cost (MATPOWER's gencost): a \
            polynomial up to the square (with --ac of any degree), or piecewise linear. Costs of reactive \
            power count with --ac; without it there is no reactive power, which is told. Ratings and angle \
            limits of branches hold where the case has them.

            Powers are in MW, prices in the money of the case per MWh. A nodal price has three parts: energy \
            (the price at the reference bus), congestion (binding limits) and loss (marginal losses). \
            Exit code 1: no dispatch keeps all limits, or none was found.

            EXAMPLES
              karst opf case118.m
              karst opf case118.m --branch-model plain --output prices.csv
              karst opf case118.m --losses
              karst opf case118.m --ac
            """)

    @OptionGroup var source: CaseOptions
    @Flag(help: "Solve the AC optimal power flow, with voltages, reactive power and losses.")
    var ac = false
    @Flag(help: "Without --ac: branches lose r·f² (p.u. at nominal voltage).")
    var losses = false
    @Option(
        help: """
            Without --ac: susceptance of a branch. tapped: 1/(x·ratio), with phase shifts, as in MATPOWER; \
            plain: x/(r² + x²), without taps and shifts, as in PowerModels and pglib-opf.
            """)
    var branchModel: DCBranchModel = .tapped
    @Option(help: "New CSV file for the price at every bus. Default: none.", transform: outputPath)
    var output: String?
    @Flag(help: "Print no summary.")
    var quiet = false
    @Flag(help: "Print all powers, prices and binding limits as JSON, in place of the summary.")
    var json = false

    func run() throws {
        let networkCase = try source.load(needsCosts: true)
        let file = try output.map { try NewFile(at: $0) }
        if !ac, networkCase.generators.contains(where: { $0.isConnected && $0.reactiveCost != nil }) {
            note(
                "\(source.path): warning: the costs of reactive power are left out, since a DC optimal power flow has "
                    + "none; --ac counts them")
        }
        if ac {
            tellUnserved(networkCase)
            let free = networkCase.generators.count { $0.isConnected && $0.cost == nil }
            if free > 0 { note("\(source.path): warning: \(free) generators have no cost and count as free") }
        }
        do {
            if ac {
                let optimum = try ACOptimalPowerFlow(networkCase).solve()
                let summary = ACOptimumSummary(networkCase, optimum)
                try tell(
                    summary.text, summary.csv, try summary.json, isOptimal: optimum.status == .optimal, file)
            } else {
                let optimum = try DCOptimalPowerFlow(
                    networkCase, branchModel: branchModel, losses: losses
                ).solve()
                let summary = DCOptimumSummary(networkCase, optimum)
                try tell(
                    summary.text, summary.csv, try summary.json, isOptimal: optimum.status == .optimal, file)
            }
        } catch let mistake as CaseMistake {
            for message in mistake.messages { note("\(source.path): error: \(message)") }
            throw ExitCode(2)
        }
    }

    /// What an AC optimal power flow leaves out: islands without a source.
    private func tellUnserved(_ networkCase: NetworkCase) {
        let live = LiveNetwork(PerUnitNetwork(networkCase.network))
        let dead = live.positions.indices.filter { live.positions[$0] == nil }
        let loads = networkCase.loads.filter { $0.isConnected && live.positions[$0.bus] == nil }
        let units = networkCase.generators.count { $0.isConnected && live.positions[$0.bus] == nil }
        guard !loads.isEmpty || units > 0 else { return }
        let power = fixed(loads.reduce(0) { $0 + $1.active.value } / 1e6, 3)
        note(
            "\(source.path): warning: \(dead.count) buses have no path to a source and are de-energised: \(power) MW of "
                + "load are not served and \(units) generators do not run")
    }

    private func tell(
        _ text: String, _ csv: @autoclosure () -> String, _ json: @autoclosure () throws -> String,
        isOptimal: Bool, _ file: NewFile?
    ) throws {
        if isOptimal { try file?.write(Data(csv().utf8)) }
        if self.json {
            try Terminal.put(try json() + "\n")
        } else if !quiet {
            try Terminal.show(text)
        }
        guard isOptimal else { throw ExitCode(1) }
    }
}

extension DCBranchModel: ExpressibleByArgument {}
