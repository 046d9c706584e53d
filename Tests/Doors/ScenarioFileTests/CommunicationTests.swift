import Agents
import Devices
import Foundation
import Messaging
import ScenarioFile
import Simulator
import Testing

@Suite("The section communication")
struct CommunicationTests {
    private static let written = "  topology: star\n  link: {latency: 40 ms, jitter: 20 ms, loss: 2 %}"

    private func load(_ section: String) throws -> LoadedScenario {
        let workshop = try Workshop()
        let text = Workshop.good.replacingOccurrences(of: Self.written, with: section)
        try #require(text != Workshop.good)
        try workshop.write("scenario.yaml", text)
        return try workshop.load()
    }

    private func mistakes(_ section: String) throws -> [String] {
        try Workshop().mistakes(replacing: Self.written, with: section)
    }

    @Test("a link has every property that is written, and those of its preset elsewhere")
    func link() throws {
        let communication = try load(
            "  link: {preset: plc, jitter: {median: 40 ms, p95: 200 ms}, loss: 10 %, burst: 4, duplication: 1 %, "
                + "order: free, rate: 9.6 kbit/s, queue: 3 s}\n  tick: 500 ms"
        ).scenario.communication
        let link = communication.link
        #expect(link.latency == LinkPreset.powerLine.link.latency)
        guard case .logNormal(let median, let sigma) = link.jitter else {
            Issue.record("another jitter")
            return
        }
        // A log-normal has its 95th percentile at median · exp(1.645 σ): ln 5 / 1.645 = 0.9785.
        #expect(median == VirtualTime(seconds: 0.04) && abs(sigma - 0.9785) < 1e-4)
        #expect(link.loss == .bursts(mean: 0.1, length: 4) && abs(link.loss.mean - 0.1) < 1e-12)
        #expect(link.duplication == 0.01 && !link.keepsOrder && link.rate == 9600)
        #expect(link.queue == VirtualTime(seconds: 3) && communication.tick == 0.5)
    }

    @Test("validate names the figures of a preset that are assumed, but not those that the file replaces")
    func assumed() throws {
        let warnings = try load("  link: {preset: 4g, loss: 1 %}").warnings.map { "\($0)" }
        #expect(warnings.count == 1)
        #expect(warnings[0].contains("the preset 4g assumes latency, jitter, rate, queue without a source"))
        #expect(try load("  link: {preset: ieee-2030.5}").warnings.isEmpty)
    }

    @Test(
        "every topology joins all eight devices and the controller",
        arguments: [
            ("star", 16), ("tree\n  children: 3", 16), ("ring", 18), ("mesh", 72), ("overlay", 36),
            ("along-the-cable", 22),
        ])
    func topologies(name: String, links: Int) throws {
        let network = try load("  topology: \(name)").scenario.communication.network
        #expect(network.isConnected && network.edges.count == links)
    }

    @Test("along the cable a message passes the relays of the buses on its way, and every branch delays it")
    func cable() throws {
        let loaded = try load("  topology: along-the-cable\n  link: {latency: 100 ms}")
        let network = loaded.scenario.communication.network
        // The works are on bus 3, the controller is at the source, bus 1: two branches.
        let works = loaded.scenario.devices.firstIndex { $0.name == "works" }!
        let nodes = network.nodes
        #expect(nodes == 8 + 1 + 3)
        #expect(network.neighbours(of: NodeID(works)) == [NodeID(nodes - 1)])
        #expect(network.neighbours(of: NodeID(8)) == [NodeID(9)])
    }

    @Test("entries of links change some links, in the directions they name, or make the list")
    func links() throws {
        let changed = try load(
            "  links: [{of: battery, latency: 1 s}, {from: controller, to: standby, loss: 50 %}]"
        ).scenario
        let network = changed.communication.network
        let battery = NodeID(changed.devices.firstIndex { $0.name == "battery" }!)
        let standby = NodeID(changed.devices.firstIndex { $0.name == "standby" }!)
        func law(_ from: NodeID, _ to: NodeID) -> Link {
            network.laws[network.edges[network.link(from: from, to: to)!].law]
        }
        let centre = NodeID(8)
        #expect(law(battery, centre).latency == VirtualTime(seconds: 1))
        #expect(law(centre, battery).latency == VirtualTime(seconds: 1))
        #expect(law(centre, standby).loss == .independent(0.5))
        #expect(law(standby, centre) == .perfect)

        let list = try load(
            "  topology: list\n  link: {latency: 5 ms}\n"
                + "  links: [{between: [battery, controller]}, {from: standby, to: battery, latency: 1 s}]")
        #expect(list.scenario.communication.network.edges.count == 3)
        #expect(list.warnings.contains { "\($0)".contains("a message without a path is lost") })
    }

    @Test("all mistakes are told at once, each at its place")
    func mistakesAtOnce() throws {
        let found = try mistakes(
            "  topology: star\n  link: {preset: wifi, loss: 90 %, burst: 2, rate: 9.6 kbits, order: some}\n"
                + "  links: [{of: nobody}, {}, {between: [standby]}, {between: [roof, gorge]}]\n  tick: 0 s")
        let expected = [
            "'wifi' is not a preset; allowed are fibre, lan, rf-mesh, plc, lorawan, 4g, ieee-2030.5",
            "with a loss of 90 % a burst is on average longer than 2 messages",
            "'kbits' is not a unit for a data rate", "'some' is not an order; allowed are kept, free",
            "no device is called 'nobody'", "name the links by 'between: [a, b]'",
            "expected a list of two devices", "0 s is less than 0.001 s",
        ]
        #expect(found.count == expected.count)
        for text in expected { #expect(found.contains { $0.contains(text) }, "\(text)") }
        #expect(
            try mistakes("  links: [{between: [roof, gorge]}]").first?.contains(
                "the topology star has no such link") == true)
        #expect(
            try mistakes("  topology: overlay\n  degree: 3").first?.contains(
                "one of the two numbers must be even")
                == true)
    }
}
