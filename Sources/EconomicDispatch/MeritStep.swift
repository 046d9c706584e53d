import Grid

/// Who plays which part in `MeritOrder`, over the whole horizon.
struct MeritRoster {
    let stores, connections, loads, sources, ramped: [Int]
    let isLoad: [Bool]
    /// Only gives, from no store, and may run at any power: free where its price is not above zero.
    let mayBeFree: [Bool]
    /// Fraction of a store's content kept over a step; 1 without one.
    let kept: [Double]

    init(_ sheet: Sheet) {
        let offers = sheet.problem.offers
        stores = sheet.offers.filter { offers[$0].reservoir != nil }
        connections = sheet.offers.filter(sheet.isConnection)
        loads = sheet.offers.filter(sheet.isLoad)
        sources = sheet.offers.filter { offers[$0].reservoir == nil && !sheet.isLoad($0) }
        ramped = sheet.offers.filter { offers[$0].ramp != nil }
        isLoad = sheet.offers.map(sheet.isLoad)
        mayBeFree = sheet.offers.map {
            !sheet.canAbsorb[$0] && offers[$0].reservoir == nil && offers[$0].minimumWhenOn == nil
        }
        kept = offers.map { $0.reservoir?.kept(hours: sheet.hours) ?? 1 }
    }
}

/// One step of `MeritOrder`.
struct MeritStep {
    private let sheet: Sheet
    private let roster: MeritRoster
    private let step: Int
    private let tolerance: Double
    /// What ramps and stores leave of each offer's bounds, W.
    private var low: [Double] = []
    private var high: [Double] = []
    /// What is left of each store's content before this step's power, Wh.
    private var left: [Double] = []
    private(set) var power: [Double] = []
    /// Losses less the sum of powers.
    private var missing = 0.0
    /// Of the last offer moved, yuan/Wh.
    private(set) var price = 0.0

    init(_ sheet: Sheet, _ roster: MeritRoster, _ step: Int, _ draft: Draft) {
        self.sheet = sheet
        self.roster = roster
        self.step = step
        tolerance = draft.tolerance
        missing = sheet.problem.losses[step].value
        low.reserveCapacity(sheet.offers.count)
        high.reserveCapacity(sheet.offers.count)
        power.reserveCapacity(sheet.offers.count)
        left = Array(repeating: 0, count: sheet.offers.count)
        for i in sheet.offers {
            low.append(sheet.lower[step + i * sheet.steps])
            high.append(sheet.upper[step + i * sheet.steps])
        }
        for i in roster.ramped { limitByRamp(i, sheet.problem.offers[i], draft) }
        for i in roster.stores { limitByStore(i, sheet.problem.offers[i], draft) }
        for i in sheet.offers {
            power.append(resting(i))
            missing -= power[i]
        }
    }

    private mutating func limitByRamp(_ i: Int, _ offer: Offer, _ draft: Draft) {
        let before = step == 0 ? offer.power.value : draft.power(i, step - 1)
        // A unit that can be off starts and stops freely.
        if offer.minimumWhenOn != nil, before <= tolerance { return }
        let reach = offer.rampPerStep
        let (lower, upper) = (low[i], high[i])
        high[i] = max(min(before + reach, upper), lower)
        if offer.minimumWhenOn == nil { low[i] = min(max(before - reach, lower), upper) }
    }

    private mutating func limitByStore(_ i: Int, _ offer: Offer, _ draft: Draft) {
        guard let reservoir = offer.reservoir else { return }
        let stored = step == 0 ? reservoir.stored.value : draft.content(i, step - 1)
        left[i] = stored * roster.kept[i]
        let range = reservoir.powers(from: left[i], hours: sheet.hours)
        low[i] = min(max(low[i], range.lowerBound), range.upperBound)
        high[i] = max(min(high[i], range.upperBound), low[i])
    }

    /// Where an offer stands before anything is asked of it: loads served, the free giving all, the rest
    /// least.
    private func resting(_ i: Int) -> Double {
        if roster.isLoad[i] { return low[i] }
        return isFree(i) ? high[i] : min(max(0, low[i]), high[i])
    }

    private func isFree(_ i: Int) -> Bool { roster.mayBeFree[i] && deliver(i) <= 0 }

    private func deliver(_ i: Int) -> Double { sheet.deliver[step + i * sheet.steps] }
    private func absorb(_ i: Int) -> Double { sheet.absorb[step + i * sheet.steps] }

    mutating func run() {
        if missing > tolerance { cover() }
        if missing < -tolerance { soak() }
    }

    private mutating func cover() {
        let mean = sheet.replacedPrice
        if sheet.replaced[step] >= mean - 1e-9 * abs(mean) { for i in roster.stores { raise(i) } }
        for i in ordered(roster.sources, by: deliver) { raise(i) }
        for i in roster.stores { raise(i) }
        if missing > tolerance { for i in ordered(roster.loads, by: absorb) { raise(i) } }
    }

    private mutating func soak() {
        for i in roster.stores { lower(i, to: low[i]) }
        let connections = ordered(roster.connections) { -absorb($0) }
        for i in connections { lower(i, to: absorb(i) >= 0 ? low[i] : max(low[i], min(0, power[i]))) }
        curtail()
        for i in connections { lower(i, to: low[i]) }
    }

    /// The free give less, each by the same fraction of what it may.
    private mutating func curtail() {
        guard missing < -tolerance else { return }
        let free = roster.sources.filter(isFree)
        let room = free.reduce(0) { $0 + power[$1] - low[$1] }
        guard room > 0 else { return }
        price = 0
        let fraction = min(-missing / room, 1)
        missing += fraction * room
        for i in free { power[i] -= fraction * (power[i] - low[i]) }
    }

    /// Rising by value, equals in the order of the problem.
    private func ordered(_ offers: [Int], by value: (Int) -> Double) -> [Int] {
        offers.count < 2 ? offers : offers.sorted { (value($0), $0) < (value($1), $1) }
    }

    /// Gives more, as far as power is missing and the offer reaches.
    private mutating func raise(_ i: Int) {
        guard missing > tolerance, high[i] > power[i] else { return }
        var wanted = min(power[i] + missing, high[i])
        if let minimum = sheet.problem.offers[i].minimumWhenOn {
            let least = min(minimum.value, sheet.upper[step + i * sheet.steps])
            if wanted < least / 2 { return }
            wanted = max(wanted, least)
        }
        missing -= wanted - power[i]
        power[i] = wanted
        price = roster.isLoad[i] ? absorb(i) : deliver(i)
    }

    private mutating func lower(_ i: Int, to least: Double) {
        guard missing < -tolerance, power[i] > least else { return }
        let wanted = max(power[i] + missing, least)
        missing -= wanted - power[i]
        power[i] = wanted
        price = absorb(i)
    }

    /// Content of a store after this step, Wh; zero without one.
    func content(_ i: Int) -> Double {
        sheet.problem.offers[i].reservoir?.after(power[i], from: left[i], hours: sheet.hours) ?? 0
    }
}
