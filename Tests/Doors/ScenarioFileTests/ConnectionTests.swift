import Devices
import Foundation
import Grid
import Market
import ScenarioFile
import Settlement
import Simulator
import Testing

@Suite("Several grid connections in a scenario file")
struct ConnectionTests {
    private let workshop: Workshop

    init() throws { workshop = try Workshop() }

    private static let feeder =
        "feeder: {kind: grid, bus: 3, import_limit: 60 kW, export_limit: 0 kW, price: 0.4 yuan/kWh, "
        + "feed_in: 0 yuan/kWh}"

    /// The good scenario with `feeder` after its last device, and changes more.
    private func write(_ feeder: String = feeder, _ changes: (String, String)...) throws {
        var text = Workshop.good
        for (old, new) in [("\ncommunication:", "\n  \(feeder)\ncommunication:")] + changes {
            precondition(text.contains(old))
            text = text.replacing(old, with: new, maxReplacements: 1)
        }
        try workshop.write("scenario.yaml", text)
    }

    @Test("a second connection has its own bus, limits, price and terms")
    func second() throws {
        try write()
        #expect(workshop.mistakes() == [])
        let scenario = try workshop.load().template.scenario()
        #expect(scenario.connections.count == 2 && scenario.connection == scenario.connections[0])
        let index = scenario.connections[1]
        let grid = try #require(scenario.devices[index].externalGrid)
        #expect(scenario.devices[index].name == "feeder" && scenario.devices[index].bus == 2)
        #expect(grid.importLimit == Power(kilowatts: 60))
        #expect(Set(grid.importPrice.map { ($0.yuanPerKilowattHour * 1e6).rounded() }) == [400_000])
        let terms = scenario.terms.connection(at: index)
        #expect(terms.purchase.demand == nil && scenario.terms.purchase.demand != nil)
        #expect(terms.purchase.price(of: .flat).description == "0.400000")
        #expect(scenario.terms.connections.map(\.meteringPoint) == [index])
        #expect(scenario.network.sources.count == 1)
    }

    @Test("a part behind an open branch needs a connection, which then is a source")
    func openBranch() throws {
        let branch = "{from: 2, to: 3,"
        let open = "{closed: false, from: 2, to: 3,"
        try write(Self.feeder, (branch, open))
        #expect(workshop.mistakes() == [])
        let scenario = try workshop.load().template.scenario()
        #expect(scenario.network.sources.map(\.bus) == [0, 2])
        for record in Simulation(scenario).prefix(8) {
            #expect(record.references == scenario.connections)
            #expect(abs((record.power.reduce(.zero, +) - record.point.losses).value) < 1e-2)
        }
        let found = try workshop.mistakes(replacing: branch, with: open)
        #expect(found.count == 1)
        #expect(
            found[0].hasSuffix(
                "network.source.bus: no closed branch joins '3' to the source bus or to another grid connection"
            ))
    }

    @Test(
        "what several connections cannot have is refused",
        arguments: [
            ("price: 0.4", "tariff: guizhou-tou, price: 0.4", "'tariff' is not allowed beside 'price'"),
            ("price: 0.4 yuan/kWh, ", "", "'tariff' is missing"),
            ("import_limit: 60 kW", "import_limit: 0 kW", "may neither import nor export"),
            (
                "price: 0.4 yuan/kWh", "tariff: guizhou-tou, demand_charge: full",
                "'demand_charge' must be the same at all grid connections"
            ),
        ])
    func refused(old: String, new: String, reason: String) throws {
        precondition(Self.feeder.contains(old))
        try write(Self.feeder.replacing(old, with: new))
        let found = workshop.mistakes().filter { $0.contains(": error: ") }
        #expect(found.count == 1 && found[0].contains("devices.feeder"), "\(found)")
        #expect(found.first?.contains(reason) ?? false, "\(found)")
    }

    @Test("agents without a centre agree around one connection")
    func peers() throws {
        try write(
            Self.feeder, ("method: rolling-optimum", "coordination: {plan: r-admm}, method: rolling-optimum"))
        let found = workshop.mistakes()
        #expect(found.count == 1)
        #expect(found[0].contains("agents agree around one grid connection, and there are 2"))
    }
}
