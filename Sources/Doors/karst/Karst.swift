import ArgumentParser
import Foundation

@main
struct Karst: ParsableCommand {
    static let version = "0.1.0"
    static let configuration = CommandConfiguration(
        commandName: "karst",
        abstract:
            "Simulates a smart microgrid: communication, dispatch, power flow, metering and settlement.",
        discussion: """
            A scenario is one YAML file. A run writes one directory of results. Exit codes: 0 success, \
            1 failure, 2 wrong input (a file, an option or a value), 3 limits violated with --strict.

            EXAMPLES
              karst run Scenarios/first-day/scenario.yaml
              karst run scenario.yaml --dispatch merit-order --output runs/by-rule
              karst validate Scenarios/wujiang-valley/scenario.yaml
              karst compare Scenarios/first-day/scenario.yaml
              karst explain runs/first-day-1 --at 2026-07-15T18:15
              karst powerflow case33bw.m
              karst dispatch units.csv --demand 850MW
              karst opf case118.m
            """,
        version: version,
        subcommands: [
            Run.self, Validate.self, PowerFlowCommand.self, Convert.self, Contingencies.self,
            HostingCapacityCommand.self, Compare.self, Explain.self, DispatchCommand.self,
            OptimalPowerFlowCommand.self,
        ])

    /// Runs the command. A wrong command line ends with exit code 2, like a wrong scenario.
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
