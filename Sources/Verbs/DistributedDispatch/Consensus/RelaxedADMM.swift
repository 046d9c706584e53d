public import Agents
public import Grid
public import Scheduling
public import Timeline

/// What the agents of R-ADMM send: one number a step, W, for one neighbour.
public struct ConsensusMessage: Payload, Hashable {
    /// Begin of the horizon that is planned, s since 1970.
    public var horizon: Int64
    /// q of the sender for the receiver.
    public var values: [Double]

    /// Creates a message.
    public init(horizon: Int64, values: [Double]) { (self.horizon, self.values) = (horizon, values) }

    /// Header of 32 bytes, horizon, 8 bytes a step.
    public var byteCount: Int { messageHeaderBytes + 8 + 8 * values.count }
}

/// The agent of one device in a plan that nobody makes alone: relaxed ADMM on the edges of a network
/// (Bastianello, Carli, Schenato and Todescato, arXiv 1901.09252).
///
/// All agents together minimise the sum of their costs over a horizon, with the sum of their powers zero in
/// each step; the price λ_t of a step is what they agree on. Agent i keeps z_ij for each of its n neighbours
/// j, W. In every tick, with Z the sum of its z,
///
///     p = argmin f(p) + ‖Z + d − p‖²/(2ρn),   λ = (Z + d − p)/(ρn),   to j: q = 2ρλ − z_ij,
///
/// d being its `demand`, and takes what comes from j: z_ij ← (1 − α)·z_ij + α·q. A message that is lost
/// leaves z as it is. It converges from any z, so that a node may crash, join or leave without a protocol.
public struct RelaxedADMM: Agent {
    /// What the agents agree on beforehand.
    public struct Settings: Hashable, Sendable {
        /// Time between two messages to the same neighbour.
        public var tick: VirtualTime
        /// Ticks of a round.
        public var ticks: Int
        /// ρ, W²·h/yuan, the same everywhere: a change of the price by one yuan/Wh moves an edge by so many
        /// watts.
        public var penalty: Double
        /// α, above 0 and below 1.
        public var relaxation: Double

        /// Creates settings. No rule is known for the penalty of linear costs; 100 kW²·h/yuan suits the
        /// valley.
        public init(tick: VirtualTime, ticks: Int = 60, penalty: Double = 1e8, relaxation: Double = 0.8) {
            precondition(tick > .zero && ticks > 0 && penalty > 0 && 0 < relaxation && relaxation < 1)
            self.tick = tick
            self.ticks = ticks
            self.penalty = penalty
            self.relaxation = relaxation
        }
    }

    /// Prices that the first round starts from, one a step of the horizon: the tariff, which all know. Those
    /// of a later round are what is left of the round before.
    public var expected: [EnergyCost] = []
    /// Charge for the highest import, at the agent of the connection; its steps are those of the meter.
    public var demandCharge: DemandCharge?
    /// Power that it takes beside its device, one a step, such as the losses of the network; empty for none.
    public var demand: [Power] = []
    /// Worth of what its store holds at the end of the horizon.
    public var end = StoreResponse.End.valued(.zero)
    /// Agreed prices as it sees them, one a step.
    public private(set) var prices: [EnergyCost] = []
    /// Ticks of this round so far.
    public private(set) var ticks = 0

    private let node: NodeID
    private let device: DeviceID?
    private let settings: Settings
    private var problem = LocalProblem(steps: 0)
    private var horizon: Horizon?
    private var neighbours: [NodeID] = []
    private var sequences: [UInt32?] = []
    /// z of neighbour j in step t at t + j·steps.
    private var z: [Double] = []
    private var pull: [Double] = []
    private var deadline = VirtualTime.zero
    private var next = VirtualTime.zero

    /// Creates the agent of a node; one without a device passes prices on.
    public init(node: NodeID, device: DeviceID?, settings: Settings) {
        self.node = node
        self.device = device
        self.settings = settings
    }

    /// Begins a round where a plan is due.
    public mutating func begin(
        _ seen: Observation, at now: VirtualTime, _ outbox: inout Outbox<ConsensusMessage>
    ) {
        deadline = seen.deadline
        guard let ahead = seen.ahead else { return }
        let passed = horizon.map { max(ahead.horizon.start.seconds(since: $0.start), 0) / $0.step } ?? 0
        let steps = ahead.horizon.count
        carry(to: seen.neighbours, steps: steps, passed: horizon?.step == ahead.horizon.step ? passed : 0)
        horizon = ahead.horizon
        problem =
            device == nil
            ? LocalProblem(steps: steps) : LocalProblem(ahead, charge: demandCharge, end: end)
        ticks = 0
        advance(at: now, &outbox)
    }

    /// Moves what is known by the steps that have passed, the first of them to the end, and to other
    /// neighbours; one that is new starts from the prices.
    private mutating func carry(to nodes: [NodeID], steps: Int, passed: Int) {
        let known = prices.count == steps ? prices : expected
        let start = (0..<steps).map { settings.penalty * (known.count == steps ? known[$0].value : 0) }
        let old = (z, neighbours, sequences)
        let isKept = prices.count == steps
        z = []
        sequences = []
        for node in nodes {
            let place = old.1.firstIndex(of: node)
            sequences.append(place.flatMap { old.2[$0] })
            let values = isKept ? place.map { Array(old.0[$0 * steps..<($0 + 1) * steps]) } : nil
            let row = values ?? start
            z += (0..<steps).map { row[($0 + passed) % max(steps, 1)] }
        }
        neighbours = nodes
        prices = (0..<steps).map { EnergyCost(start[($0 + passed) % max(steps, 1)] / settings.penalty) }
        pull = Array(repeating: 0, count: steps)
    }

    /// Takes what a neighbour sends.
    public mutating func receive(
        _ message: Message<ConsensusMessage>, at now: VirtualTime, _ outbox: inout Outbox<ConsensusMessage>
    ) {
        let steps = pull.count
        guard let horizon, message.body.horizon == horizon.start.secondsSinceEpoch,
            message.body.values.count == steps,
            let place = neighbours.firstIndex(of: message.sender),
            sequences[place].map({ $0 < message.sequence }) ?? true
        else { return }
        sequences[place] = message.sequence
        let (begin, share) = (place * steps, settings.relaxation)
        for (step, q) in message.body.values.enumerated() {
            z[begin + step] += share * (q - z[begin + step])
        }
    }

    /// Continues with the next tick.
    public mutating func wake(at now: VirtualTime, _ outbox: inout Outbox<ConsensusMessage>) {
        guard horizon != nil, ticks < settings.ticks, now >= next else { return }
        advance(at: now, &outbox)
    }

    private mutating func advance(at now: VirtualTime, _ outbox: inout Outbox<ConsensusMessage>) {
        let (steps, count) = (pull.count, neighbours.count)
        for step in 0..<steps { pull[step] = demand.isEmpty ? 0 : demand[step].value }
        for place in 0..<count {
            for step in 0..<steps { pull[step] += z[place * steps + step] }
        }
        // Alone, an agent has only its own price to offer.
        let scale = settings.penalty * Double(max(count, 1))
        problem.solve(pull: pull, weight: 1 / scale)
        for step in 0..<steps { prices[step] = EnergyCost((pull[step] - problem.powers[step]) / scale) }
        ticks += 1
        for place in 0..<count {
            let values = (0..<steps).map { step in
                2 * settings.penalty * prices[step].value - z[place * steps + step]
            }
            let body = ConsensusMessage(horizon: horizon!.start.secondsSinceEpoch, values: values)
            outbox.send(body, to: neighbours[place])
        }
        next = now + settings.tick
        if ticks < settings.ticks, next <= deadline { outbox.wake(at: next) }
    }

    /// Forgets all rounds.
    public mutating func forget() {
        (horizon, neighbours, z, prices, ticks) = (nil, [], [], [], 0)
        problem = LocalProblem(steps: 0)
    }

    /// Returns the planned power of a step; nil outside the horizon, and without a device.
    public func decision(for interval: Interval) -> Setpoint? {
        guard let device, let step = step(of: interval) else { return nil }
        return Setpoint(device: device, interval: interval, power: powers[step])
    }

    private func step(of interval: Interval) -> Int? {
        guard let horizon, horizon.step == interval.seconds else { return nil }
        let step = interval.start.seconds(since: horizon.start) / horizon.step
        return horizon.indices.contains(step) && horizon[step] == interval ? step : nil
    }
}

// The plan of its own device.
extension RelaxedADMM {
    /// Planned powers, one a step.
    public var powers: [Power] { problem.powers.map { Power($0) } }
    /// Planned contents of its store at the end of each step; empty without one.
    public var contents: [Energy] { problem.store?.contents ?? [] }
    /// Worth of a Wh in its store at the end of each step; empty without one.
    public var worth: [EnergyCost] { problem.store?.worth ?? [] }
    /// Planned peaks of the months, where its device pays for them.
    public var peaks: [Power] { problem.peaks.map { Power($0) } }
}
