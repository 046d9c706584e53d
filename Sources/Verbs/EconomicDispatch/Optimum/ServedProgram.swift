public import Grid
public import Optimization
public import Scheduling

/// The program in which every load must be served, without costs, and the names of its limits.
///
/// It is the program of `RollingOptimum` with neither shortage, surplus nor shedding. Units that can be off
/// may run at any power up to their greatest. Limits with a penalty are left out, because they can be
/// violated.
public struct ServedProgram {
    /// Kinds of limits of the program.
    public enum Limit: String, Hashable, Sendable {
        /// The powers and flows of an area must sum to its losses.
        case balance
        /// The limit of a tie.
        case greatestFlow
        /// The lower bound of an offer. A load's demand is its least power.
        case leastPower
        /// The upper bound of an offer.
        case greatestPower
        /// The least content of a store.
        case leastContent
        /// The greatest content of a store.
        case greatestContent
        /// The content of a store follows from its power.
        case contentChange
        /// The ramp limit of an offer.
        case ramp
        /// A row without a name.
        case other
    }

    /// One limit in one step.
    public struct Part: Hashable, Sendable {
        /// Kind of the limit.
        public let limit: Limit
        /// Place among the problem's offers; of a flow among its ties, of a balance among its areas; nil for
        /// a row without a name.
        public let place: Int?
        /// The step.
        public let step: Int
    }

    /// The program; powers are in units of `powerUnit`.
    public private(set) var program: MixedIntegerProgram
    /// Unit of the program's powers.
    public let powerUnit: Power
    private let width: Int
    private let height: Int
    /// The first balance within a step's rows.
    private let balance: Int
    private let ramps: [Int]
    private let stores: [Int]
    /// By column within a step: the offer or tie, and what its lower and its upper bound mean.
    private var columns: [(place: Int, lower: Limit?, upper: Limit?)]

    /// Creates the program of a problem.
    public init(_ problem: DispatchProblem) {
        let layout = ProblemLayout(problem)
        let aggregates = AggregateOffer.all(layout, merging: false)
        var form = HorizonProgram(HorizonProgram.Shape(layout, aggregates))
        var free = Decisions(layout, aggregates)
        free.limits = []
        form.fill(layout, aggregates, free)
        powerUnit = Power(form.base)
        program = MixedIntegerProgram(form.program)
        program.cost = Array(repeating: 0, count: program.variables)
        program.quadratic = program.cost
        (width, height, balance) = (form.width, form.height, form.rows.balance)
        columns = Array(repeating: (-1, nil, nil), count: width)
        var (ramps, stores): ([Int], [Int]) = ([], [])
        var closed = Array(form.slacks)
        for (tie, flow) in form.flows.enumerated() { columns[flow] = (tie, .greatestFlow, .greatestFlow) }
        for (aggregate, place) in zip(aggregates, form.places) {
            let offer = aggregate.offers[0]
            columns[place.give] = (offer, .leastPower, .greatestPower)
            if aggregate.side == .absorbs {
                columns[place.give] = (offer, nil, .leastPower)
                closed.append(place.give)
            }
            if place.take >= 0 { columns[place.take] = (offer, .greatestPower, .leastPower) }
            if place.content >= 0 {
                columns[place.content] = (offer, .leastContent, .greatestContent)
                stores.append(offer)
            }
            if place.change >= 0 {
                columns[place.change] = (offer, .ramp, .ramp)
                ramps.append(offer)
            }
        }
        (self.ramps, self.stores) = (ramps, stores)
        for step in 0..<layout.steps {
            for column in closed { program.upper[step * width + column] = 0 }
        }
    }

    /// Returns the limit of the problem that a limit of the program stands for; nil for one that stands for
    /// none: the absence of shortage, or that nothing is shed below zero.
    public func part(_ limit: ConflictAnalysis.Limit) -> Part? {
        let (name, place, step) = named(limit)
        return name.map { Part(limit: $0, place: place, step: step) }
    }

    private func named(_ limit: ConflictAnalysis.Limit) -> (Limit?, Int?, Int) {
        switch limit {
        case .lower(let j): return (columns[j % width].lower, columns[j % width].place, j / width)
        case .upper(let j): return (columns[j % width].upper, columns[j % width].place, j / width)
        case .row(let i):
            let (step, row) = (i / height, i % height)
            if row >= balance { return (.balance, row - balance, step) }
            if row < ramps.count { return (.ramp, ramps[row], step) }
            let store = row - ramps.count
            return store < stores.count ? (.contentChange, stores[store], step) : (.other, nil, step)
        }
    }
}
