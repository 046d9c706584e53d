import Agents

/// An agent that talks over a transport: gives it messages and the time, and sends what it says. The
/// same agents run in a simulation (`Messaging.Conversation`).
struct AgentRunner<A: Agent> where A.Body: CodedPayload {
    var agent: A
    private let node: NodeID
    private var outbox = Outbox<A.Body>()
    private var sequence: UInt32 = 0
    private var epoch: UInt32 = 0
    /// Times at which the agent wants to be called, the next one last.
    private var timers: [VirtualTime] = []

    init(_ agent: A, at node: NodeID) {
        self.agent = agent
        self.node = node
    }

    /// Next time at which the agent wants to be called.
    var next: VirtualTime? { timers.last }

    /// Begins a step or a round; returns what the agent says, with its receivers.
    mutating func begin(_ seen: Observation, at now: VirtualTime) -> [(NodeID, [UInt8])] {
        epoch = seen.island
        agent.begin(seen, at: now, &outbox)
        return taken()
    }

    /// Gives the agent a message; returns what it says.
    mutating func receive(_ message: Message<A.Body>, at now: VirtualTime) -> [(NodeID, [UInt8])] {
        agent.receive(message, at: now, &outbox)
        return taken()
    }

    /// Calls the agent where its time has come; returns what it says.
    mutating func wake(at now: VirtualTime) -> [(NodeID, [UInt8])] {
        var letters: [(NodeID, [UInt8])] = []
        while let timer = timers.last, timer <= now {
            timers.removeLast()
            agent.wake(at: now, &outbox)
            letters += taken()
        }
        return letters
    }

    private mutating func taken() -> [(NodeID, [UInt8])] {
        for timer in outbox.timers {
            timers.insert(timer, at: timers.firstIndex { $0 <= timer } ?? timers.count)
        }
        let letters = outbox.letters.map { letter in
            defer { sequence &+= 1 }
            let message = Message(
                sender: node, receiver: letter.receiver, epoch: epoch, sequence: sequence, body: letter.body)
            return (letter.receiver, message.bytes)
        }
        outbox.removeAll()
        return letters
    }
}
