#if MQTT
    import AgentProcess
    import Agents
    import ArgumentParser
    import Foundation
    import Grid
    import Planning
    import ScenarioFile
    import Simulator
    import TextFile
    import Timeline

    struct Hub: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Runs the plant of a scenario for agents in processes of their own, over MQTT.",
            discussion: """
                The agents, one `karst agent` for each device, plan by R-ADMM and clear each step by a \
                tree of bids. The hub simulates the plant in real time, tells each agent what its device \
                can do, and prints a line for each step. An agent that is gone raises an alarm; its device \
                keeps to its last setpoint for the scenario's `hold`. It takes part again when it is back.

                EXAMPLES
                  karst hub Scenarios/first-day/scenario.yaml --pace 5
                  karst hub scenario.yaml --broker broker.local:1883 --steps 4
                """)

        @Argument(help: "Scenario file.", completion: .file(extensions: ["yaml", "yml"]))
        var scenario: String
        @Option(
            name: .customLong("override"),
            help: "Apply this override of the scenario file. May be repeated; applied in order.")
        var overrides: [String] = []
        @OptionGroup var place: BrokerOptions
        @Option(help: "Least time for one step, s, 0 to 86400.")
        var pace = 5.0
        @Option(help: "Time between two messages of an agent to the same neighbour, ms, 1 to 60000.")
        var tick = 50
        @Option(help: "Longest time for clearing one step, s, 0.1 to 900.")
        var deadline = 5.0
        @Option(help: "Longest time to wait for the agents before the first step, s, 0 to 86400.")
        var wait = 60.0
        @Option(help: "Number of steps. Default: all of the scenario.")
        var steps: Int?

        func validate() throws {
            guard (0...86_400).contains(pace), (0...86_400).contains(wait) else {
                throw ValidationError("--pace and --wait must be 0 to 86400")
            }
            guard (1...60_000).contains(tick) else { throw ValidationError("--tick must be 1 to 60000") }
            guard (0.1...900).contains(deadline) else {
                throw ValidationError("--deadline must be 0.1 to 900")
            }
            guard (1...Int.max).contains(steps ?? 1) else {
                throw ValidationError("--steps must be 1 or more")
            }
        }

        func run() throws {
            let loaded = try LoadedScenario.read(scenario, overrides, [])
            note(loaded.warnings)
            let scenario = loaded.template.scenario()
            guard let connection = scenario.connection else {
                note("karst: a plant without a grid connection has no agent to lead the others")
                throw ExitCode(2)
            }
            guard scenario.connections.count == 1 else {
                note(
                    "karst: agents in processes of their own agree around one grid connection; "
                        + "this scenario has \(scenario.connections.count)")
                throw ExitCode(2)
            }
            let peers = loaded.template.peers ?? PeerSettings()
            guard peers.plan == .relaxedADMM else {
                throw ValidationError(
                    "agents in processes of their own plan by r-admm, not by \(peers.plan.rawValue)")
            }
            guard scenario.planning.rules.areas == nil else {
                throw ValidationError(
                    "agents in processes of their own clear one area; leave out dispatch.areas")
            }
            let settings = LiveHub.Settings(
                tick: VirtualTime(seconds: Double(tick) / 1000), ticks: peers.ticks, penalty: peers.penalty,
                timeout: peers.timeout, slackTimeout: peers.slackTimeout,
                deadline: VirtualTime(seconds: deadline))
            let hub = try orExit {
                () throws(LiveError) -> LiveHub in
                try LiveHub(
                    scenario, group: place.group, host: place.host, port: place.port, settings: settings
                ) { device, isThere in
                    Self.say(isThere ? "agent \(device) is there" : "ALARM agent \(device) is gone")
                }
            }
            defer { hub.end() }
            let missing = hub.gather(within: wait)
            guard missing.isEmpty else {
                note("karst: no agent came within \(wait) s for \(missing.joined(separator: ", "))")
                throw ExitCode(1)
            }
            var begin = ContinuousClock.now
            for record in Simulation(scenario, coordinator: hub).prefix(steps ?? .max) {
                Self.say(line(record, hub.outcome, of: scenario, connection))
                let passed = (ContinuousClock.now - begin) / .seconds(1)
                hub.rest(max(pace - passed, 0))
                begin = .now
            }
        }

        private func line(
            _ record: Record, _ outcome: LiveHub.Outcome?, of scenario: Scenario, _ connection: Int
        ) -> String {
            let time = scenario.zone.iso8601(record.interval.start).prefix(16)
            let exchange = record.power[connection].kilowatts
            let price = record.decision?.price.first.map {
                String(format: ", %.4f yuan/kWh", $0.yuanPerKilowattHour)
            }
            guard let outcome else { return "\(time)" }
            let result = outcome.isComplete ? "agreed" : "NOT agreed"
            return "\(time) \(result) \(outcome.agreed) of \(outcome.devices)"
                + String(format: " after %.2f s", outcome.seconds) + (price ?? "")
                + String(format: ", import %.1f kW, %d limits violated", exchange, record.alarms.count)
        }

        private static func say(_ line: String) {
            print(line)
            fflush(nil)
        }
    }

    /// Where the agents of a plant meet.
    struct BrokerOptions: ParsableArguments {
        @Option(
            help:
                "MQTT broker, HOST:PORT. MQTT has no password and no encryption here: use a trusted network.")
        var broker = "127.0.0.1:1883"
        @Option(help: "Name of the plant; agents and hub of the same name meet. Letters, digits, - and _.")
        var group = "plant"

        var host: String { String(broker.prefix(upTo: broker.lastIndex(of: ":") ?? broker.endIndex)) }
        var port: Int { Int(broker.split(separator: ":").last ?? "") ?? 0 }

        func validate() throws {
            guard (1...65_535).contains(port), !host.isEmpty else {
                throw ValidationError("--broker \(broker): expected HOST:PORT, such as 127.0.0.1:1883")
            }
            let isPlain = group.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) }
            guard !group.isEmpty, isPlain else {
                throw ValidationError("--group \(group): letters, digits, - and _ only")
            }
        }
    }

    /// Returns the value, or prints what is wrong and ends with exit code 1.
    func orExit<Value>(_ body: () throws(LiveError) -> Value) throws -> Value {
        do {
            return try body()
        } catch {
            note("karst: \(error)")
            throw ExitCode(1)
        }
    }
#endif
