public import Agents
public import Grid
public import Scheduling
public import Timeline

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
/// leaves z as it is. It converges from any z, so that a node may crash, join or leave without a protocol. A
/// neighbour that says nothing counts as what it last agreed to, with the slope of its edges.
///
/// Prices agreed on without the slack would balance a group of agents that is only cut off from it as if it
/// were an island, and shed what the slack supplies. So the slack counts, every message carries the newest
/// count, and an agent for which it has stood for `slackTimeout` keeps its own plan: the best powers at what
/// it knew when the round began, with no load shed.
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
        /// What a store's usual power pays besides, as a share of the mean of the expected prices. Where
        /// energy costs the same in many steps, it spreads powers over all of them; without it a store is
        /// used up in the first, and has nothing left for a peak that was not foreseen.
        public var smoothing: Double
        /// Ticks for which the count of the slack may stand before an agent keeps its own plan, at most
        /// those of a round; nil where there is no slack.
        public var slackTimeout: Int?

        /// Creates settings. No rule is known for the penalty of linear costs; 300 kW²·h/yuan suits the
        /// valley.
        public init(
            tick: VirtualTime, ticks: Int = 60, penalty: Double = 3e8, relaxation: Double = 0.8,
            smoothing: Double = 0, slackTimeout: Int? = nil
        ) {
            precondition(tick > .zero && ticks > 0 && penalty > 0 && 0 < relaxation && relaxation < 1)
            precondition(slackTimeout.map { $0 > 0 } ?? true)
            precondition(smoothing >= 0)
            self.smoothing = smoothing
            self.slackTimeout = slackTimeout
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
    /// Horizon of its last plan; nil before the first.
    public private(set) var horizon: Horizon?
    /// Whether it keeps its own plan, because the count of the slack stood in this round.
    public private(set) var keepsOwnPlan = false

    private let node: NodeID
    private let device: DeviceID?
    private let isSlack: Bool
    private let settings: Settings
    private var problem = LocalProblem(steps: 0)
    private var neighbours: [NodeID] = []
    private var sequences: [UInt32?] = []
    /// z of neighbour j in step t at t + j·steps, and as it was when the round began.
    private var z: [Double] = []
    private var carried: [Double] = []
    private var pull: [Double] = []
    /// Newest count of the slack, and the tick in which it last rose.
    private var beat: UInt64 = 0
    private var risen = 0
    private var deadline = VirtualTime.zero
    private var next = VirtualTime.zero

    /// Creates the agent of a node; one without a device passes prices on.
    public init(node: NodeID, device: DeviceID?, isSlack: Bool = false, settings: Settings) {
        self.node = node
        self.device = device
        self.isSlack = isSlack
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
            ? LocalProblem(steps: steps)
            : LocalProblem(ahead, charge: demandCharge, end: end, smoothing: smoothing)
        (ticks, risen, keepsOwnPlan) = (0, 0, false)
        advance(at: now, &outbox)
    }

    private var smoothing: EnergyCost {
        let sum = expected.reduce(0) { $0 + abs($1.value) }
        return EnergyCost(expected.isEmpty ? 0 : settings.smoothing * sum / Double(expected.count))
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
        carried = z
        neighbours = nodes
        prices = (0..<steps).map { EnergyCost(start[($0 + passed) % max(steps, 1)] / settings.penalty) }
        pull = Array(repeating: 0, count: steps)
    }

    /// Takes what a neighbour sends.
    public mutating func receive(
        _ message: Message<ConsensusMessage>, at now: VirtualTime, _ outbox: inout Outbox<ConsensusMessage>
    ) {
        let steps = pull.count
        guard !keepsOwnPlan, let horizon, message.body.horizon == horizon.start.secondsSinceEpoch,
            message.body.values.count == steps,
            let place = neighbours.firstIndex(of: message.sender),
            sequences[place].map({ $0 < message.sequence }) ?? true
        else { return }
        sequences[place] = message.sequence
        if message.body.beat > beat { (beat, risen) = (message.body.beat, ticks) }
        let (begin, share) = (place * steps, settings.relaxation)
        z.withUnsafeMutableBufferPointer { z in
            message.body.values.withUnsafeBufferPointer { values in
                for step in 0..<steps {
                    z[begin + step] += share * (values[step] - z[begin + step])
                }
            }
        }
    }

    /// Continues with the next tick.
    public mutating func wake(at now: VirtualTime, _ outbox: inout Outbox<ConsensusMessage>) {
        guard horizon != nil, ticks < settings.ticks, now >= next else { return }
        advance(at: now, &outbox)
    }

    private mutating func advance(at now: VirtualTime, _ outbox: inout Outbox<ConsensusMessage>) {
        ticks += 1
        if isSlack { (beat, risen) = (UInt64(max(now.nanoseconds, 0)), ticks) }
        next = now + settings.tick
        let isLast = ticks == settings.ticks || next > deadline
        keepsOwnPlan = isLast && isWithoutSlack
        if keepsOwnPlan { z = carried }
        decide()
        if keepsOwnPlan { problem.serveLoad() }
        tell(&outbox)
        if !isLast { outbox.wake(at: next) }
    }

    /// Whether the count of the slack has stood for too long: in all of a round shorter than the timeout.
    private var isWithoutSlack: Bool {
        guard let timeout = settings.slackTimeout, !isSlack else { return false }
        return ticks - risen >= min(timeout, ticks)
    }

    /// Finds its powers and prices at what it knows.
    private mutating func decide() {
        let (steps, count) = (pull.count, neighbours.count)
        pull.withUnsafeMutableBufferPointer { pull in
            for step in 0..<steps { pull[step] = demand.isEmpty ? 0 : demand[step].value }
            z.withUnsafeBufferPointer { z in
                for place in 0..<count {
                    for step in 0..<steps { pull[step] += z[place * steps + step] }
                }
            }
        }
        // Alone, an agent has only its own price to offer.
        let scale = settings.penalty * Double(max(count, 1))
        problem.solve(pull: pull, weight: 1 / scale)
        prices.withUnsafeMutableBufferPointer { prices in
            for step in 0..<steps { prices[step] = EnergyCost((pull[step] - problem.powers[step]) / scale) }
        }
    }

    private mutating func tell(_ outbox: inout Outbox<ConsensusMessage>) {
        let (steps, count) = (pull.count, neighbours.count)
        let twice = 2 * settings.penalty
        // One array for all neighbours, so that a tick costs one allocation.
        let told = [Double](unsafeUninitializedCapacity: z.count) { [z, prices] told, filled in
            z.withUnsafeBufferPointer { z in
                prices.withUnsafeBufferPointer { prices in
                    for place in 0..<count {
                        for step in 0..<steps {
                            let at = place * steps + step
                            told[at] = twice * prices[step].value - z[at]
                        }
                    }
                }
            }
            filled = count * steps
        }
        for place in 0..<count {
            let body = ConsensusMessage(
                horizon: horizon!.start.secondsSinceEpoch, beat: beat,
                values: told[place * steps..<(place + 1) * steps])
            outbox.send(body, to: neighbours[place])
        }
    }

    /// Forgets all rounds.
    public mutating func forget() {
        (horizon, neighbours, z, carried, prices, ticks) = (nil, [], [], [], [], 0)
        (beat, keepsOwnPlan) = (0, false)
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
