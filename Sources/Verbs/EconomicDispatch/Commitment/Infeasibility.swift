public import Grid
public import Optimization
public import Scheduling
import Timeline

/// Why no plan serves every load in full over a horizon, and the least that would have to give way.
///
/// The program is `HorizonProgram` with neither shortage, surplus nor shedding, units that can be off at any
/// power up to their greatest, and limits with a penalty left out (they give way by themselves).
public struct Infeasibility: Hashable, Sendable {
    public enum Limit: String, Hashable, Sendable {
        /// An area's powers and flows must sum to its losses in this step.
        case balance
        /// What a tie carries.
        case greatestFlow
        /// An offer's bounds in this step. A load's demand is its least power.
        case leastPower, greatestPower
        /// A store's bounds, and that its content follows from its power.
        case leastContent, greatestContent, contentChange
        case ramp
        /// A row with no name of its own.
        case other
    }

    public struct Part: Hashable, Sendable {
        public let limit: Limit
        /// Place in the problem's offers, of a flow in its ties, of a balance in its areas; nil for a row
        /// with no name.
        public let place: Int?
        public var offer: Int? { limit == .balance || limit == .greatestFlow ? nil : place }
        public let step: Int
        /// By how much it must give way (of a content: the power that makes it up in one step); zero in a
        /// conflict.
        public let amount: Power
    }

    /// Limits that cannot be kept together; without any one of them the rest can.
    public let conflict: [Part]
    /// Bounds of powers, contents and flows that give way by the smallest sum of powers; loads first where it
    /// is all the same.
    public let relaxation: [Part]

    /// Nil where every load can be served. Throws where HiGHS is not on this machine.
    public init?(_ problem: DispatchProblem) throws(HiGHSLibrary.Missing) {
        let analysis = try ConflictAnalysis()
        let sheet = Sheet(problem)
        let bundles = Bundle.all(sheet, merging: false)
        var form = HorizonProgram(HorizonProgram.Shape(sheet, bundles))
        var free = Decisions(sheet, bundles)
        free.limits = []
        form.fill(sheet, bundles, free)
        let strict = Strict(sheet, bundles, form)
        let limits = analysis.conflict(strict.program)
        guard !limits.isEmpty else { return nil }
        let reliefs = analysis.relaxation(strict.program) { strict.weight($0) } ?? []
        var conflict: [Part] = []
        for part in limits.compactMap({ strict.part($0, 0) }) where !conflict.contains(part) {
            conflict.append(part)
        }
        self.conflict = conflict
        relaxation = reliefs.compactMap { strict.part($0.limit, $0.amount * form.base) }
    }
}

/// The program in which everything must be served, and the names of its limits.
private struct Strict {
    var program: MixedIntegerProgram
    private let width: Int
    private let height: Int
    /// The first balance within a step's rows.
    private let balance: Int
    private let ramps: [Int]
    private let stores: [Int]
    /// By column within a step: the offer or tie, and what its lower and its upper bound mean.
    private var columns: [(place: Int, lower: Infeasibility.Limit?, upper: Infeasibility.Limit?)]
    private let isLoad: [Bool]

    init(_ sheet: Sheet, _ bundles: [Bundle], _ form: borrowing HorizonProgram) {
        program = MixedIntegerProgram(form.program)
        program.cost = Array(repeating: 0, count: program.variables)
        program.quadratic = program.cost
        (width, height, balance) = (form.width, form.height, form.rows.balance)
        isLoad = sheet.offers.map { sheet.isLoad($0) }
        columns = Array(repeating: (-1, nil, nil), count: width)
        var (ramps, stores): ([Int], [Int]) = ([], [])
        var closed = Array(form.slacks)
        for (tie, flow) in form.flows.enumerated() { columns[flow] = (tie, .greatestFlow, .greatestFlow) }
        for (bundle, place) in zip(bundles, form.places) {
            let offer = bundle.offers[0]
            columns[place.give] = (offer, .leastPower, .greatestPower)
            if bundle.side == .absorbs {
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
        for step in 0..<sheet.steps {
            for column in closed { program.upper[step * width + column] = 0 }
        }
    }

    /// Nil for what is no limit of the problem: the absence of shortage, that nothing is shed below zero.
    func part(_ limit: ConflictAnalysis.Limit, _ amount: Double) -> Infeasibility.Part? {
        let (name, place, step) = named(limit)
        guard let name else { return nil }
        return Infeasibility.Part(limit: name, place: place, step: step, amount: Power(amount))
    }

    private func named(_ limit: ConflictAnalysis.Limit) -> (Infeasibility.Limit?, Int?, Int) {
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

    /// Bounds of powers, contents and flows may give way.
    func weight(_ limit: ConflictAnalysis.Limit) -> Double? {
        guard let part = part(limit, 0), let place = part.place else { return nil }
        switch part.limit {
        case .leastPower, .greatestPower, .leastContent, .greatestContent: return isLoad[place] ? 1 : 1.001
        case .greatestFlow: return 1.001
        case .balance, .contentChange, .ramp, .other: return nil
        }
    }
}
