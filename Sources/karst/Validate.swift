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
        let scenario = try source.load().scenario
        print(
            "\(source.scenario): good: \(scenario.devices.count) devices on \(scenario.network.buses.count) buses, "
                + "\(scenario.horizon.count) steps of \(scenario.horizon.step / 60) min")
    }
}
