public import Grid
public import Timeline

/// What every offer should do over the horizon.
public struct Plan: Hashable, Sendable {
    public enum Status: String, Hashable, Sendable {
        /// The least cost, to the solver's tolerance.
        case optimal
        /// The best the solver reached; not proved least.
        case approximate
        /// Made by rules.
        case ruleBased = "by rule"
        /// The solver gave up: made by the rules of `MeritOrder` instead.
        case fallback
    }

    public let problem: DispatchProblem
    public internal(set) var status: Status
    /// Of the solver, summed over its solves.
    public let iterations: Int
    /// Power of offer i at step t, at t + i·steps.
    let powers: [Power]
    /// Which offers only take, and store nothing.
    let isLoad: [Bool]
    /// Flow over tie l at step t, at t + l·steps.
    let flows: [Power]
    /// Reactive power of offer i at step t, at t + i·steps; empty where none is planned.
    let reactives: [ReactivePower]
    /// Cost of one more Wh taken from the network, one a step; of area a at step t at t + a·steps.
    public let price: [EnergyCost]
    /// Power that no offer could give, laid out as `price`. Loads that are shed do not count here: see
    /// `shed`.
    public let shortage: [Power]
    /// Power that no offer could take, laid out as `price`.
    public let surplus: [Power]
    /// Content of the reservoir of offer i at the end of step t, at t + i·steps; zero without reservoir.
    let contents: [Energy]
    /// Yuan, against every load served in full: costs of the powers, units on, loads shed, shortage and
    /// surplus at `DispatchProblem.slackPrice`, starts, less the value of what is stored at the end.
    public internal(set) var objective: Double
    /// Yuan by which the rule for units with a minimum load raised the objective above the relaxed optimum,
    /// in which such units run at any power and pay their hours in proportion; zero without such units.
    public let commitmentCost: Double
    /// How near to the least cost; nil where rules made the plan.
    public internal(set) var certificate: OptimalityCertificate?
    /// What became of each limit, the emission cap and the island reserve among them.
    public let outcomes: [LimitOutcome]
    /// Spinning reserve that is missing, one a step; empty where none is asked for.
    public let reserveMissing: [Power]
    /// The months' peaks as planned, where there is a demand charge.
    public let peaks: [Power]

    /// How the search for units on and off ended; nil where nothing was searched.
    public internal(set) var search: Search? = nil

    public enum Search: String, Hashable, Sendable {
        /// At the gap that was asked.
        case finished
        /// At the time limit, or told to.
        case stopped
    }

    /// (objective − bound)/|objective|, of the certificate's bound.
    public var gap: Double? {
        certificate.map { max(objective - $0.bound, 0) / max(abs(objective), 1e-9) }
    }

    public struct LimitOutcome: Hashable, Sendable {
        public let name: String
        /// How far beyond its bounds, in units of the limit, one a step; of one that accumulates what each
        /// step adds.
        public let beyond: [Double]
    }

    public var horizon: Horizon { problem.horizon }

    public func power(of offer: Int, at step: Int) -> Power { powers[step + offer * horizon.count] }

    /// All steps of one offer.
    public func power(of offer: Int) -> ArraySlice<Power> {
        powers[offer * horizon.count..<(offer + 1) * horizon.count]
    }

    /// Positive when given to the network; zero where none is planned.
    public func reactive(of offer: Int, at step: Int) -> ReactivePower {
        reactives.isEmpty ? .zero : reactives[step + offer * horizon.count]
    }

    /// All steps of one offer; empty where no reactive power was planned.
    public func reactive(of offer: Int) -> ArraySlice<ReactivePower> {
        reactives.isEmpty ? [] : reactives[offer * horizon.count..<(offer + 1) * horizon.count]
    }

    /// Content at the end of the step.
    public func stored(in offer: Int, at step: Int) -> Energy { contents[step + offer * horizon.count] }

    /// Positive from → to.
    public func flow(over tie: Int, at step: Int) -> Power { flows[step + tie * horizon.count] }

    /// The tie carries all it may towards one of its ends.
    public func isFull(_ tie: Int, toward area: Int, at step: Int) -> Bool {
        let line = problem.areas.ties[tie]
        guard line.from == area || line.to == area else { return false }
        let most = line.to == area ? line.forward(at: step) : line.backward(at: step)
        let carried = flow(over: tie, at: step).value * (line.to == area ? 1 : -1)
        return carried >= most - 1e-6 * max(line.forward(at: step), line.backward(at: step))
    }

    public func price(in area: Int, at step: Int) -> EnergyCost { price[step + area * horizon.count] }

    /// What loads wanted and the plan does not let them take, in one area or in all.
    public func shed(at step: Int, in area: Int? = nil) -> Power {
        var sum = Power.zero
        for i in problem.offers.indices
        where isLoad[i] && (area == nil || problem.areas.area(of: i) == area) {
            sum += power(of: i, at: step) - problem.offers[i].lower[step]
        }
        return sum
    }

    /// Demand that the plan leaves unserved over its horizon: shortage, and loads shed.
    public var unserved: Energy {
        let power = horizon.indices.reduce(shortage.reduce(.zero, +)) { $0 + shed(at: $1) }
        return Energy(power.value * horizon.stepHours)
    }

    /// What to tell the device: its planned power, or its rating where the plan asks all it offers, so that a
    /// forecast that was too low holds nothing back. A load that is not shed is told its rating likewise.
    public func setpoint(of offer: Int, at step: Int) -> Power {
        let asked = problem.offers[offer]
        let planned = power(of: offer, at: step)
        let (lower, upper) = (asked.lower[step], asked.upper[step])
        let tolerance = 1e-6 * max(abs(asked.rating?.value ?? 0), abs(lower.value), abs(upper.value))
        if let rating = asked.rating, asked.reservoir == nil {
            if rating.value >= 0, lower.value >= 0, planned.value >= upper.value - tolerance { return rating }
            if rating.value <= 0, upper.value <= 0, planned.value <= lower.value + tolerance { return rating }
        }
        return min(max(planned, lower), upper)
    }
}
