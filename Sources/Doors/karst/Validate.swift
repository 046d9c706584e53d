import ArgumentParser
import FeederFile
import Grid
import ScenarioFile
import Simulator
import TextFile
import Timeline

struct Validate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Checks a scenario, or an OpenDSS script, and every file it names. Does not run it.",
        discussion: """
            All mistakes are printed at once. Each has its place (file:line:column), what was found and \
            what is allowed. Exit code 2: there are mistakes.

            EXAMPLES
              karst validate Scenarios/wujiang-valley/scenario.yaml
              karst validate scenario.yaml --override no-battery
              karst validate Tests/Golden/opendss/secondaries.dss
              karst validate Tests/Golden/opendss/utility.dss --root Tests/Golden
            """)

    @OptionGroup var source: ScenarioOptions
    @Option(
        help: """
            Folder that holds every file an OpenDSS script reads; a script reads no file outside. Default: \
            the folder of the script.
            """)
    var root: String?

    func run() throws {
        if OpenDSSFile.isScript(source.scenario) { return try checkScript() }
        guard root == nil else { throw ValidationError("--root is for OpenDSS scripts, which end in .dss") }
        let scenario = try source.load().template
        try Terminal.show(
            "\(source.scenario): valid: \(scenario.devices.count) devices on \(scenario.network.buses.count) buses, "
                + "\(scenario.horizon.count) steps of \(stepText(scenario.horizon.step))")
    }

    private func checkScript() throws {
        let script = try told { () throws(FileMistakes) in
            try OpenDSSFile.load(path: source.scenario, root: root)
        }
        note(script.warnings)
        let feeder = script.feeder
        try Terminal.show(
            "\(source.scenario): valid: \(feeder.buses.count) buses, \(feeder.lines.count) lines, "
                + "\(feeder.transformers.count) transformers, \(feeder.loads.count) loads")
    }
}

/// `15 min`, `1 h`, `90 s`.
func stepText(_ seconds: Int) -> String {
    if seconds % 3600 == 0 { return "\(seconds / 3600) h" }
    return seconds % 60 == 0 ? "\(seconds / 60) min" : "\(seconds) s"
}
