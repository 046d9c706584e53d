import ArgumentParser
import Foundation

@main
struct Karst: ParsableCommand {
    static let version = "0.1.0"
    static let configuration = CommandConfiguration(
        commandName: "karst",
        abstract:
            "Simulates the dispatch of a smart microgrid: its talk, its wires, its meters and its money.",
        discussion: """
            A scenario is one YAML file; a run is one directory of results. Exit codes: 0 good, 1 failed, \
            2 the input is wrong.

            EXAMPLES
              karst run Scenarios/first-day/scenario.yaml
              karst run Scenarios/wujiang-valley/scenario.yaml --dispatch merit-order --output runs/by-rule
              karst validate Scenarios/wujiang-valley/scenario.yaml
              karst compare Scenarios/first-day/scenario.yaml
              karst explain runs/first-day-1 --at 2026-07-15T18:15
              karst powerflow case33bw.m
              karst opf case118.m
            """,
        version: version,
        subcommands: [
            Run.self, Validate.self, PowerFlowCommand.self, Convert.self, Contingencies.self,
            HostingCapacityCommand.self, Compare.self, Explain.self, OptimalPowerFlowCommand.self,
        ])

    /// A wrong command line is wrong input: exit code 2, as for a wrong scenario.
    static func main() {
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch  where exitCode(for: error) == .validationFailure {
            FileHandle.standardError.write(Data("\(fullMessage(for: error))\n".utf8))
            Foundation.exit(2)
        } catch {
            exit(withError: error)
        }
    }
}
