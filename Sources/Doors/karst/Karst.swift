import ArgumentParser
import Export
import ExternalDispatch
import Foundation
import TextFile

@main
struct Karst: ParsableCommand {
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
        version: Manifest.Build.current.version,
        subcommands: [
            Run.self, Validate.self, PowerFlowCommand.self, Convert.self, Contingencies.self,
            HostingCapacityCommand.self, Compare.self, Explain.self, DispatchCommand.self,
            OptimalPowerFlowCommand.self, CommunicationCommand.self, AttackCommand.self,
        ] + live)

    /// Commands for agents in processes of their own; none where Karst is built without them (KARST_MQTT).
    private static var live: [any ParsableCommand.Type] {
        #if MQTT
            [Hub.self, LiveAgentCommand.self]
        #else
            []
        #endif
    }

    /// Runs the command.
    static func main() {
        Terminal.prepare()
        var code: Int32 = 0
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch {
            code = end(with: error)
        }
        ExternalPrograms.endAll()
        Foundation.exit(code)
    }

    /// Prints the message of `error` and returns the exit code. A wrong command line ends with exit code 2,
    /// like a wrong scenario. Help and version are errors of the argument parser that end with 0.
    private static func end(with error: any Error) -> Int32 {
        let (text, code) = (fullMessage(for: error), exitCode(for: error))
        do throws(Terminal.Refusal) {
            if code.isSuccess {
                try Terminal.put(text + "\n")
            } else if !text.isEmpty {
                note(text)
            }
            return code == .validationFailure ? 2 : code.rawValue
        } catch {
            note("Error: \(error)")
            return 1
        }
    }
}
