import EconomicDispatch
import Grid
import Planning
import ScenarioFile
import Scheduling
import Simulator
import Testing
import TextFile

@Suite("Areas of a scenario")
struct AreaTests {
    private func load(_ dispatch: String) throws -> LoadedScenario {
        let workshop = try Workshop()
        let text = Workshop.good.replacing("replan: 1 h", with: "replan: 1 h, \(dispatch)")
        try workshop.write("scenario.yaml", text)
        return try workshop.load()
    }

    @Test("take limits from ampacities, from the file, or have none")
    func limits() throws {
        let loaded = try load("areas: {hill: [3], square: [2], valley: rest}, ties: {limits: {2-3: 60 kW}}")
        let areas = try #require(loaded.scenario.planning.rules.areas)
        #expect(areas.names == ["hill", "square", "valley"] && areas.ofBuses == [2, 1, 0])
        #expect(!areas.followsReactance && areas.crossings.map(\.branch) == [0, 1])
        #expect(abs(areas.crossings[0].limit!.kilowatts - 3.0.squareRoot() * 10 * 120) < 1e-6)
        #expect(areas.crossings[1].limit == Power(kilowatts: 60))
        #expect(loaded.scenario.connectionArea == 2 && loaded.warnings.isEmpty)
        let unlimited = try load("areas: {hill: [3], valley: rest}")
        #expect(unlimited.scenario.planning.rules.areas!.crossings.map(\.limit) == [nil])
    }

    @Test("follow Kirchhoff's law only where there are reactances")
    func law() throws {
        let areas = "areas: {hill: [3], valley: rest}, ties: {law: kirchhoff}"
        #expect(try load(areas).scenario.planning.rules.areas!.followsReactance)
        let bare = Workshop.good.replacing("reactance: 0.7 ohm", with: "reactance: 0 ohm")
        let workshop = try Workshop()
        try workshop.write(
            "scenario.yaml", bare.replacing("replan: 1 h", with: "replan: 1 h, \(areas)"))
        #expect(
            workshop.mistakes() == [
                "scenario.yaml:43:111: error: dispatch.ties.law: law 'kirchhoff' needs a reactance above zero in each tie; "
                    + "that of '2-3' is not"
            ])
    }

    @Test(
        "are balanced one by one by rules, and a warning says so",
        arguments: DispatchMethod.allCases.filter { $0 != .unitCommitment })
    func rules(method: DispatchMethod) throws { try expectWarning(method) }

    @Test("unit commitment", .enabled("`make highs` has not fetched HiGHS") { UnitCommitment.missing == nil })
    func commitment() throws { try expectWarning(.unitCommitment) }

    private func expectWarning(_ method: DispatchMethod) throws {
        let workshop = try Workshop()
        try workshop.write(
            "scenario.yaml",
            Workshop.good.replacing(
                "replan: 1 h", with: "replan: 1 h, areas: {hill: [3], valley: rest}"))
        let loaded = try ScenarioFile.load(path: workshop.scenario, dispatch: [.method(method)])
        #expect(
            loaded.warnings.map { $0.description.contains("plans each area by itself") }
                == (method.exchanges ? [] : [true]))
    }
}
