import Grid
import Scheduling

/// Who plays which part in a plan by rules, over the whole horizon, in one area.
struct OfferRoles {
    let area: Int
    let offers: [Int]
    /// `sources` are neither stores nor loads; `units` are those that can be off.
    let stores, connections, loads, sources, units, ramped: [Int]
    /// Where energy is bought: the connections, or where there is none, what has a price and is no unit.
    let imports: [Int]
    let isLoad, isUnit: [Bool]
    /// A source that may run at any power: free where its price is not above zero.
    let mayBeFree: [Bool]
    /// Fraction of a store's content kept over a step; 1 without one.
    let kept: [Double]
    /// Value of what is left in a store at the end, yuan/Wh; 0 without one.
    let worth: [Double]

    init(_ layout: ProblemLayout, area: Int) {
        let offers = layout.problem.offers
        let own = layout.offers.filter { layout.problem.areas.area(of: $0) == area }
        self.area = area
        self.offers = own
        stores = own.filter { offers[$0].reservoir != nil }
        connections = own.filter(layout.isConnection)
        loads = own.filter(layout.isLoad)
        sources = own.filter { offers[$0].reservoir == nil && !layout.isLoad($0) }
        units = own.filter { offers[$0].minimumWhenOn != nil }
        ramped = own.filter { offers[$0].ramp != nil }
        isLoad = layout.offers.map(layout.isLoad)
        isUnit = layout.offers.map { offers[$0].minimumWhenOn != nil }
        mayBeFree = layout.offers.map {
            offers[$0].role == .source && offers[$0].minimumWhenOn == nil
        }
        let bought = sources.filter { i in
            offers[i].minimumWhenOn == nil
                && (0..<layout.steps).contains { layout.deliver[$0 + i * layout.steps] > 0 }
        }
        imports = connections.isEmpty ? bought : connections
        kept = offers.map { $0.reservoir?.kept(hours: layout.hours) ?? 1 }
        worth = layout.offers.map { offers[$0].reservoir == nil ? 0 : layout.storedValue(of: $0) }
    }
}

/// One step of a plan by rules. It begins with every load served, what costs nothing giving all it can, and
/// everything else at least; what is then missing or left over, a rule moves.
struct RuleStep {
    let layout: ProblemLayout
    let roles: OfferRoles
    let step: Int
    let tolerance: Double
    /// Units that are on or off whatever the rule asks of them, by offer; empty: none.
    let decided: [Bool?]
    /// Units that give more than they were asked for, because they cannot give less.
    private(set) var rounded: [Int] = []
    /// What ramps and stores leave of each offer's bounds, W.
    private var low: [Double] = []
    private var high: [Double] = []
    /// What is left of each store's content before this step's power, Wh.
    private var left: [Double] = []
    private(set) var power: [Double] = []
    /// The powers of the step before, W.
    private var earlier: [Double] = []
    /// Losses less the sum of powers.
    private(set) var missing = 0.0
    /// Of the last offer moved, yuan/Wh.
    private(set) var price = 0.0

    init(
        _ layout: ProblemLayout, _ roles: OfferRoles, _ step: Int, _ draft: TentativeSchedule,
        decided: [Bool?] = []
    ) {
        self.layout = layout
        self.roles = roles
        self.step = step
        self.decided = decided
        tolerance = draft.tolerance
        missing = layout.problem.losses[step + roles.area * layout.steps].value
        low.reserveCapacity(layout.offers.count)
        high.reserveCapacity(layout.offers.count)
        power.reserveCapacity(layout.offers.count)
        left = Array(repeating: 0, count: layout.offers.count)
        for i in layout.offers {
            low.append(layout.lower[step + i * layout.steps])
            high.append(layout.upper[step + i * layout.steps])
        }
        for i in layout.offers {
            earlier.append(step == 0 ? layout.problem.offers[i].power.value : draft.power(i, step - 1))
        }
        for i in roles.ramped { limitByRamp(i, layout.problem.offers[i]) }
        for i in roles.stores { limitByStore(i, layout.problem.offers[i], draft) }
        if !decided.isEmpty {
            for i in roles.units {
                if decided[i] == true { low[i] = max(low[i], least(i)) }
                if decided[i] == false { high[i] = low[i] }
            }
        }
        for i in layout.offers { power.append(resting(i)) }
        for i in roles.offers { missing -= power[i] }
    }

    /// A unit that can be off starts and stops freely.
    private mutating func limitByRamp(_ i: Int, _ offer: Offer) {
        let before = earlier[i]
        if offer.minimumWhenOn != nil, before <= tolerance { return }
        let reach = offer.rampPerStep
        let (lower, upper) = (low[i], high[i])
        high[i] = max(min(before + reach, upper), lower)
        if offer.minimumWhenOn == nil { low[i] = min(max(before - reach, lower), upper) }
    }

    /// The least that a unit gives when it is on, W: its minimum, or what its ramp leaves of the step before.
    private func least(_ i: Int) -> Double {
        let offer = layout.problem.offers[i]
        let minimum = offer.minimumWhenOn?.value ?? 0
        let reached = earlier[i] > tolerance ? earlier[i] - offer.rampPerStep : 0
        return min(max(minimum, reached), high[i])
    }

    private mutating func limitByStore(_ i: Int, _ offer: Offer, _ draft: TentativeSchedule) {
        guard let reservoir = offer.reservoir else { return }
        let stored = step == 0 ? reservoir.stored.value : draft.content(i, step - 1)
        left[i] = reservoir.idle(stored, at: step, kept: roles.kept[i])
        let range = reservoir.powers(from: left[i], at: step, hours: layout.hours, taking: -low[i])
        low[i] = min(max(low[i], range.lowerBound), range.upperBound)
        high[i] = max(min(high[i], range.upperBound), low[i])
    }

    /// Where an offer stands before anything is asked of it: loads served, the free giving all, the rest
    /// least.
    private func resting(_ i: Int) -> Double {
        if roles.isLoad[i] { return low[i] }
        return isFree(i) ? high[i] : min(max(0, low[i]), high[i])
    }

    private func isFree(_ i: Int) -> Bool { roles.mayBeFree[i] && deliver(i) <= 0 }

    func deliver(_ i: Int) -> Double { layout.deliver[step + i * layout.steps] }
    func absorb(_ i: Int) -> Double { layout.absorb[step + i * layout.steps] }

    var isShort: Bool { missing > tolerance }

    /// Moves offers that give at less than a price, yuan/Wh, cheapest first, until nothing is missing.
    mutating func raise(cheapestOf offers: [Int], below price: Double = .infinity) {
        guard isShort else { return }
        for i in ordered(offers, by: deliver) where deliver(i) < price { raise(i) }
    }

    mutating func discharge() { for i in roles.stores { raise(i) } }

    /// Loads take less, the cheapest first.
    mutating func shed() {
        guard isShort else { return }
        for i in ordered(roles.loads, by: absorb) { raise(i) }
    }

    /// What is left over: stores charge, connections export while that is worth something, then what is free
    /// gives less.
    mutating func absorbSurplus() {
        guard missing < -tolerance else { return }
        for i in roles.stores { lower(i, to: low[i]) }
        let connections = ordered(roles.connections) { -absorb($0) }
        for i in connections { lower(i, to: absorb(i) >= 0 ? low[i] : max(low[i], min(0, power[i]))) }
        curtail()
        for i in connections { lower(i, to: low[i]) }
    }

    /// What is bought, W.
    var imported: Double { roles.imports.reduce(0) { $0 + max(power[$1], 0) } }

    /// How much more the stores could take than they do now, W.
    var roomToCharge: Double { roles.stores.reduce(0) { $0 + power[$1] - low[$1] } }

    /// Whether a unit is on whatever the rule asks of it.
    func isOn(_ i: Int) -> Bool { !decided.isEmpty && decided[i] == true }

    /// Power in the step before, W.
    func before(_ i: Int) -> Double { earlier[i] }

    /// How full a store is, from 0 at its least content to 1 at its most.
    func stateOfCharge(_ i: Int) -> Double {
        guard let reservoir = layout.problem.offers[i].reservoir else { return 1 }
        let room = reservoir.maximum.value - reservoir.minimum.value
        return room > 0 ? (left[i] - reservoir.minimum.value) / room : 1
    }

    /// Charges the stores with what `source` can still give below `most`, W.
    mutating func charge(from source: Int, upTo most: Double) {
        // Its bound itself, for before + (bound − before) may round to a number beyond the bound.
        let wanted = min(high[source], most, power[source] + roomToCharge)
        guard wanted - power[source] > tolerance else { return }
        missing -= wanted - power[source]
        power[source] = wanted
        for i in roles.stores { lower(i, to: low[i]) }
    }

    /// The free give less, each by the same fraction of what it may.
    private mutating func curtail() {
        guard missing < -tolerance else { return }
        let free = roles.sources.filter(isFree)
        let room = free.reduce(0) { $0 + power[$1] - low[$1] }
        guard room > 0 else { return }
        price = 0
        let fraction = min(-missing / room, 1)
        missing += fraction * room
        for i in free { power[i] -= fraction * (power[i] - low[i]) }
    }

    /// Rising by value, equals in the order of the problem.
    func ordered(_ offers: [Int], by value: (Int) -> Double) -> [Int] {
        offers.count < 2 ? offers : offers.sorted { (value($0), $0) < (value($1), $1) }
    }

    /// Gives more, as far as power is missing and the offer reaches; a unit by `beyond` more than is missing.
    mutating func raise(_ i: Int, upTo most: Double = .infinity, beyond: Double = 0) {
        let wish = missing + beyond
        guard wish > tolerance, high[i] > power[i] else { return }
        var wanted = max(min(power[i] + wish, high[i], most), power[i])
        if roles.isUnit[i] {
            let least = least(i)
            if wanted < least / 2 { return }
            if wanted < least - tolerance { rounded.append(i) }
            wanted = max(wanted, least)
        }
        missing -= wanted - power[i]
        power[i] = wanted
        price = roles.isLoad[i] ? absorb(i) : deliver(i)
    }

    private mutating func lower(_ i: Int, to least: Double) {
        guard missing < -tolerance, power[i] > least else { return }
        let wanted = max(power[i] + missing, least)
        missing -= wanted - power[i]
        power[i] = wanted
        price = absorb(i)
    }

    /// Power that loads do not get, W.
    var unserved: Double {
        roles.loads.reduce(max(missing, 0)) { $0 + power[$1] - low[$1] }
    }

    /// Units that could be on and are not.
    var idle: [Int] {
        roles.units.filter { power[$0] <= tolerance && high[$0] > tolerance }
    }

    /// What the step costs, yuan, less the value of what the stores then hold. Starts do not count.
    var cost: Double {
        var rate = abs(missing) > tolerance ? layout.slackPrice * abs(missing) : 0
        for i in roles.offers {
            rate += layout.costRate(i, at: step, power: power[i], tolerance: tolerance)
        }
        return roles.stores.reduce(rate * layout.hours) { $0 - roles.worth[$1] * content($1) }
    }

    /// Content of a store after this step, Wh; zero without one.
    func content(_ i: Int) -> Double {
        layout.problem.offers[i].reservoir?.after(power[i], from: left[i], hours: layout.hours) ?? 0
    }
}
