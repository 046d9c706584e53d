public import ArgumentParser
public import CaseFile
import Export
import Foundation
import Grid
import PowerFlow
import TextFile

struct Convert: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Writes a case file in the format of another tool.",
        discussion: """
            The power flow of the written case gives the same voltages. What the format cannot hold \
            directly is written in an equivalent form (a transformer's iron losses as shunts at its buses); \
            otherwise the case is refused. A MATPOWER file starts from the voltages of the solution (without \
            reactive limits, as MATPOWER solves it), so that MATPOWER finds it too.

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
        let start = to == .matpower ? solution(networkCase) : nil
        let text = try told { () throws(FileMistakes) in
            try CaseFile.text(networkCase, as: to, start: start)
        }
        if let file {
            try file.write(Data(text.utf8))
        } else {
            try Terminal.put(text)
        }
    }

    /// The voltages of the power flow; nil, which is told, where it has no solution.
    private func solution(_ networkCase: NetworkCase) -> StartVoltages? {
        let network = networkCase.network
        for keepsReactiveLimits in [false, true] {
            let solver = PowerFlowSolver(network: network, keepsReactiveLimits: keepsReactiveLimits)
            var point = OperatingPoint(
                buses: network.buses.count, branches: network.branches.count,
                regulators: network.regulators.count)
            solver.solve(networkCase.injections, into: &point)
            if point.status.isSolved {
                let nominal = network.buses.map(\.nominalVoltage)
                return StartVoltages(
                    magnitudes: zip(point.voltage, nominal).map { $0 / $1 }, angles: point.angle)
            }
        }
        note(
            "\(source.path): warning: the power flow has no solution; the file starts from 1 p.u. and 0 degrees"
        )
        return nil
    }
}

extension CaseFile.Format: ExpressibleByArgument {}
