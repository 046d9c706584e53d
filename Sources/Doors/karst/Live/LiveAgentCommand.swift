#if MQTT
    import AgentProcess
    import ArgumentParser

    struct LiveAgentCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "agent",
            abstract: "Runs the agent of one device of a plant that `karst hub` runs, over MQTT.",
            discussion: """
                It plans and clears with the agents of the other devices, and ends when the hub ends. When \
                the process ends or falls silent, the hub raises an alarm and the others go on without it.

                EXAMPLES
                  karst agent farm-battery
                  karst agent county-grid --broker broker.local:1883
                """)

        @Argument(help: "Name of the device in the hub's scenario.")
        var device: String
        @OptionGroup var place: BrokerOptions

        func run() throws {
            let agent = try orExit { () throws(LiveError) -> LiveAgent in
                try LiveAgent(device: device, group: place.group, host: place.host, port: place.port)
            }
            agent.run()
        }
    }
#endif
