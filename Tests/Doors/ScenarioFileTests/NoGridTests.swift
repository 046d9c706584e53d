import Devices
import Foundation
import Grid
import ScenarioFile
import Simulator
import Testing

@Suite("Scenarios without a grid connection, and without data of a network")
struct NoGridTests {
    /// The workshop without its grid connection and with one change more.
    private func workshop(_ changes: (String, String)...) throws -> Workshop {
        let workshop = try Workshop()
        var text = changes.reduce(Workshop.good) { $0.replacing($1.0, with: $1.1) }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        text = lines.filter { !$0.hasPrefix("  grid: {kind: grid") && !$0.contains("demand_charge:") }
            .joined(separator: "\n")
        try workshop.write("scenario.yaml", text)
        return workshop
    }

    @Test("nothing holds the voltage")
    func nothingForms() throws {
        let found = try workshop().mistakes()
        #expect(found.count == 1 && found[0].contains("error: devices: nothing holds the voltage"))
    }

    @Test("a grid-forming device away from the source bus")
    func elsewhere() throws {
        let found = try workshop(("kind: battery\n", "kind: battery\n    grid_forming: true\n"))
            .mistakes()
        #expect(
            found.count == 1
                && found[0].contains("network.source.bus: without a grid connection the source bus"))
    }

    @Test("a grid-forming device at the source bus")
    func forms() throws {
        let scenario = try workshop(
            ("kind: battery\n    bus: 2\n", "kind: battery\n    grid_forming: true\n    bus: 1\n")
        )
        .load()
        .template.scenario()
        #expect(scenario.connection == nil && scenario.network.source == 0)
    }

    @Test("no data of a network: devices need no bus, losses are a share")
    func noNetwork() throws {
        let workshop = try Workshop()
        var text = Workshop.good
        let begin = try #require(text.range(of: "network:\n")).lowerBound
        let end = try #require(text.range(of: "loads:\n")).lowerBound
        text.replaceSubrange(begin..<end, with: "network: {model: none, losses: 4 %}\n")
        for bus in 1...3 {
            text = text.replacing(" bus: \(bus),", with: "").replacing("    bus: \(bus)\n", with: "")
        }
        try workshop.write("scenario.yaml", text)
        let scenario = try workshop.load().template.scenario()
        #expect(scenario.network.buses.count == 1 && scenario.network.branches.isEmpty)
        #expect(scenario.lossShare == 0.04 && scenario.devices.allSatisfy { $0.bus == 0 })
    }

    @Test("a share of losses beyond what is allowed, and a network that is another word")
    func badShare() throws {
        let workshop = try Workshop()
        try workshop.write(
            "scenario.yaml",
            Workshop.good.replacing("network:\n", with: "network: {model: none, losses: 60 %}\nother:\n"))
        #expect(workshop.mistakes().contains { $0.contains("network.losses") })
    }
}
