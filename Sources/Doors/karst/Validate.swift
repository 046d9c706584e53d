import ArgumentParser
import Grid
import ScenarioFile
import Simulator
import Timeline

struct Validate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Checks a scenario and every file it names, without running it.",
        discussion: """
            Every mistake is told at once as file:line:column, with what was found and what is allowed; the \
            exit code is then 2.

            EXAMPLES
              karst validate Scenarios/wujiang-valley/scenario.yaml
              karst validate scenario.yaml --override no-battery
            """)

    @OptionGroup var source: ScenarioOptions

    func run() throws {
        let scenario = try source.load().template
        print(
            "\(source.scenario): good: \(scenario.devices.count) devices on \(scenario.network.buses.count) buses, "
                + "\(scenario.horizon.count) steps of \(stepText(scenario.horizon.step))")
    }
}

/// `15 min`, `1 h`, `90 s`.
func stepText(_ seconds: Int) -> String {
    if seconds % 3600 == 0 { return "\(seconds / 3600) h" }
    return seconds % 60 == 0 ? "\(seconds / 60) min" : "\(seconds) s"
}
