public import Grid
public import Timeline

/// What every offer of a problem should do over the horizon, and what that costs.
public struct Plan: Hashable, Sendable {
    /// How a plan was made.
    public enum Status: String, Hashable, Sendable {
        /// The least cost, to the solver's tolerance.
        case optimal
        /// The best that the solver reached; not proved least.
        case approximate
        /// Made by rules.
        case ruleBased = "by rule"
        /// The solver gave up; the merit-order rules made the plan instead.
        case fallback
    }

    /// The problem that the plan answers.
    public let problem: DispatchProblem
    /// How the plan was made.
    public var status: Status
    /// Powers, flows and contents.
    public let schedule: Schedule
    /// Cost of one more Wh taken from the network, one value a step; that of area a in step t is at
    /// t + a·steps.
    public var price: [EnergyCost]
    /// Worth of one more Wh in the reservoir of an offer at the end of a step, laid out as
    /// `Schedule.contents`; empty where the dispatcher knows none. It is the marginal value over the rest of
    /// the horizon.
    public var storedWorth: [EnergyCost] = []
    /// Cost of the plan compared with serving every load in full, yuan: costs of the powers, hours on,
    /// starts, loads shed, shortage and surplus at `DispatchProblem.slackPrice`, less the value of what is
    /// stored at the end.
    public var objective: Double
    /// Power that no offer could give, laid out as `price`. Loads that are shed do not count here: see
    /// `shed`.
    public var shortage: [Power]
    /// Power that no offer could take, laid out as `price`.
    public var surplus: [Power]
    /// Iterations of the solver, summed over its solves.
    public var iterations = 0
    /// Cost that the rule for units with a minimum load adds to the relaxed optimum, yuan; zero without such
    /// units. In the relaxed optimum they run at any power and pay their hours on in proportion.
    public var commitmentCost = 0.0
    /// How near the plan is to the least cost; nil where rules made it.
    public private(set) var certificate: OptimalityCertificate?
    /// Violation of each limit, the emission cap and the island reserve among them.
    public var outcomes: [LimitOutcome] = []
    /// Missing spinning reserve, one value a step; empty where none is required.
    public var reserveMissing: [Power] = []
    /// Steps whose power flow has no solution, and whose network limits are therefore not kept; zero where
    /// plans do not look at the network.
    public var unsolvedSteps = 0
    /// Planned peaks of the months, where there are demand charges: of the first charge, then of the others.
    public var peaks: [Power] = []
    /// How the search for a unit commitment ended; nil where there was none.
    public var search: Search? = nil

    /// Creates a plan from what it decides, with neither shortage nor surplus.
    public init(
        _ problem: DispatchProblem, _ schedule: Schedule, status: Status, price: [EnergyCost],
        objective: Double
    ) {
        precondition(schedule.powers.count == problem.offers.count * problem.horizon.count)
        precondition(price.count == problem.losses.count)
        precondition(schedule.powers.allSatisfy(\.value.isFinite), "a planned power that is no number")
        precondition(schedule.contents.allSatisfy(\.value.isFinite), "a planned content that is no number")
        self.problem = problem
        self.schedule = schedule
        self.status = status
        self.price = price
        self.objective = objective
        shortage = Array(repeating: .zero, count: price.count)
        surplus = shortage
    }

    /// How the search for a unit commitment ended.
    public enum Search: String, Hashable, Sendable {
        /// It reached the gap that was asked for.
        case finished
        /// It stopped at the time limit, or because it was told to.
        case stopped
    }

    /// Takes the proof of the plan's quality. Its bound is not above the plan's cost, but for `rounding`,
    /// yuan, which is taken off. Where it is higher, plan and bound contradict each other: then the plan has
    /// no proof and is at most approximate.
    public mutating func certify(_ proof: OptimalityCertificate, rounding: Double) {
        guard proof.bound <= objective + rounding else {
            certificate = nil
            if status == .optimal { status = .approximate }
            return
        }
        certificate = proof
        certificate!.bound = min(proof.bound, objective)
    }

    /// Distance from the certificate's bound, (objective − bound)/|objective|; nil without a certificate.
    public var gap: Double? {
        certificate.map { max(objective - $0.bound, 0) / max(abs(objective), 1e-9) }
    }

    /// By how much a plan violates one limit.
    public struct LimitOutcome: Hashable, Sendable {
        /// Name of the limit.
        public let name: String
        /// Distance beyond the bounds in units of the limit, one value a step; of a limit that accumulates,
        /// what each step adds.
        public let beyond: [Double]

        /// Creates the outcome of the limit of that name.
        public init(name: String, beyond: [Double]) {
            self.name = name
            self.beyond = beyond
        }
    }

    /// Steps of the plan.
    public var horizon: Horizon { problem.horizon }

    /// Returns the power of an offer in a step, positive when given to the network.
    public func power(of offer: Int, at step: Int) -> Power { schedule.powers[step + offer * horizon.count] }

    /// Returns the powers of an offer in all steps.
    public func power(of offer: Int) -> ArraySlice<Power> {
        schedule.powers[offer * horizon.count..<(offer + 1) * horizon.count]
    }

    /// Returns the reactive power of an offer in a step, positive when given to the network; zero where none
    /// is planned.
    public func reactive(of offer: Int, at step: Int) -> ReactivePower {
        schedule.reactives.isEmpty ? .zero : schedule.reactives[step + offer * horizon.count]
    }

    /// Returns the reactive powers of an offer in all steps; empty where none are planned.
    public func reactive(of offer: Int) -> ArraySlice<ReactivePower> {
        schedule.reactives.isEmpty
            ? [] : schedule.reactives[offer * horizon.count..<(offer + 1) * horizon.count]
    }

    /// Returns the content of an offer's reservoir at the end of a step; zero without a reservoir.
    public func stored(in offer: Int, at step: Int) -> Energy {
        schedule.contents[step + offer * horizon.count]
    }

    /// Returns the flow over a tie in a step, positive from → to.
    public func flow(over tie: Int, at step: Int) -> Power { schedule.flows[step + tie * horizon.count] }

    /// Whether a tie carries all it may into an area at one of its ends.
    public func isFull(_ tie: Int, toward area: Int, at step: Int) -> Bool {
        let line = problem.areas.ties[tie]
        guard line.from == area || line.to == area else { return false }
        let most = line.to == area ? line.forward(at: step) : line.backward(at: step)
        let carried = flow(over: tie, at: step).value * (line.to == area ? 1 : -1)
        return carried >= most - 1e-6 * max(line.forward(at: step), line.backward(at: step))
    }

    /// Returns the cost of one more Wh taken in an area in a step.
    public func price(in area: Int, at step: Int) -> EnergyCost { price[step + area * horizon.count] }

    /// Returns the demand of loads that the plan does not serve, in one area or in all.
    public func shed(at step: Int, in area: Int? = nil) -> Power {
        shed(at: step, of: loads.filter { area == nil || problem.areas.area(of: $0) == area })
    }

    private var loads: [Int] { problem.offers.indices.filter { problem.offers[$0].isLoad } }

    private func shed(at step: Int, of loads: [Int]) -> Power {
        loads.reduce(Power.zero) { $0 + (power(of: $1, at: step) - problem.offers[$1].lower[step]) }
    }

    /// Energy not served over the horizon: shortage, and loads shed.
    public var unserved: Energy {
        let loads = loads
        let power = horizon.indices.reduce(shortage.reduce(.zero, +)) { $0 + shed(at: $1, of: loads) }
        return Energy(power.value * horizon.stepHours)
    }

    /// Returns the setpoint that carries out the plan: see `setpoint(of:at:_:_:)`.
    public func setpoint(of offer: Int, at step: Int) -> Power {
        setpoint(of: offer, at: step, power(of: offer, at: step), nil)
    }

    /// Returns the setpoint for `power` of an offer in a step: the power within the bounds that were
    /// `measured` or else forecast, or the device's rating where all that it offers is used, so that a value
    /// that was too low curtails nothing. A load that is not shed likewise gets its rating.
    public func setpoint(
        of offer: Int, at step: Int, _ power: Power, _ measured: Measurement?
    ) -> Power {
        let asked = problem.offers[offer]
        let (lower, upper) = (measured?.lower ?? asked.lower[step], measured?.upper ?? asked.upper[step])
        let tolerance = 1e-6 * max(abs(asked.rating?.value ?? 0), abs(lower.value), abs(upper.value))
        if let rating = asked.rating, asked.reservoir == nil {
            if rating.value >= 0, lower.value >= 0, power.value >= upper.value - tolerance { return rating }
            if rating.value <= 0, upper.value <= 0, power.value <= lower.value + tolerance { return rating }
        }
        return min(max(power, lower), upper)
    }
}
