import Grid
import Optimization
import Scheduling

/// A unit's `Cycling` in steps: times are rounded up to whole ones.
struct CyclingRules {
    let minimumUp: Int
    let minimumDown: Int
    let isOn: Bool
    /// Steps for which it must stay what it is.
    let bound: Int
    /// Steps off after which a start is still hot, 0…; nil: every start costs the same.
    let hotFor: Int?
    /// Steps for which it has been off at the beginning, if it is.
    let offBefore: Double
}

extension Offer {
    func rules(hours: Double) -> CyclingRules {
        func steps(_ duration: Double) -> Int {
            Int(min(max((duration / hours - 1e-9).rounded(.up), 0), 1e9))
        }
        guard let cycling else {
            return CyclingRules(
                minimumUp: 0, minimumDown: 0, isOn: power > .zero, bound: 0, hotFor: nil, offBefore: 0)
        }
        let least = cycling.isOn ? cycling.minimumUp : cycling.minimumDown
        let isEqual = cycling.coldStart <= cycling.hotStart || cycling.coldAfter == .infinity
        return CyclingRules(
            minimumUp: steps(cycling.minimumUp), minimumDown: steps(cycling.minimumDown), isOn: cycling.isOn,
            bound: steps(least - min(cycling.since, least)),
            hotFor: isEqual ? nil : Int(min(cycling.coldAfter / hours + 1e-9, 1e9)),
            offBefore: cycling.since / hours)
    }
}

extension CommitmentProgram {
    /// Once on, on; once off, off; for the last group whose states were added.
    mutating func addLimits(_ rules: CyclingRules, _ group: UnitGroup) {
        let first = on.count - steps
        func last(_ columns: [Int], _ count: Int, _ step: Int) -> [(column: Int, value: Double)] {
            (max(0, step - count + 1)...step).map { (columns[first + $0], 1) }
        }
        for step in 0..<steps {
            let u = on[first + step]
            draft.addRow(last(starting, max(rules.minimumUp, 1), step) + [(u, -1)], to: 0)
            draft.addRow(
                last(stopping, max(rules.minimumDown, 1), step) + [(u, 1)], to: Double(group.count))
        }
    }

    /// What starts cost, by how long the units were off.
    mutating func addStarts(_ offer: Offer, _ group: UnitGroup, _ form: borrowing HorizonProgram) {
        guard let cycling = offer.cycling else { return }
        let rules = offer.rules(hours: hours)
        let unit = form.base * form.priceBase * hours
        let count = Double(group.count)
        let first = on.count - steps
        guard let hotFor = rules.hotFor else {
            for step in 0..<steps { draft.cost[starting[first + step]] = cycling.hotStart / unit }
            return
        }
        let saved = (cycling.hotStart - cycling.coldStart) / unit
        var ofStop = [[(column: Int, value: Double)]](repeating: [], count: steps)
        var ofPast: [(column: Int, value: Double)] = []
        for step in 0..<steps {
            draft.cost[starting[first + step]] = cycling.coldStart / unit
            var ofStart: [(column: Int, value: Double)] = []
            let latest = step - max(rules.minimumDown, 1)
            for stop in max(0, step - hotFor)..<max(latest + 1, max(0, step - hotFor)) {
                let match = draft.addColumn(cost: saved, 0...count)
                ofStart.append((match, 1))
                ofStop[stop].append((match, 1))
            }
            if !rules.isOn, rules.offBefore + Double(step) <= Double(hotFor) + 1e-9 {
                let match = draft.addColumn(cost: saved, 0...count)
                ofStart.append((match, 1))
                ofPast.append((match, 1))
            }
            if !ofStart.isEmpty { draft.addRow(ofStart + [(starting[first + step], -1)], to: 0) }
        }
        for (stop, matches) in ofStop.enumerated() where !matches.isEmpty {
            draft.addRow(matches + [(stopping[first + stop], -1)], to: 0)
        }
        if !ofPast.isEmpty { draft.addRow(ofPast, to: count) }
    }

    /// A unit holds power ready only while it is on: of the reserve beyond what is required, as
    /// `ReserveRows` counts it, what the units that are off would hold is not there.
    mutating func addReserve(_ step: Int, _ layout: ProblemLayout, _ form: borrowing HorizonProgram) {
        guard let part = form.shape.reserve, let place = form.reserve else { return }
        var row = [(column: step * form.width + place.extra, value: 1.0)]
        var all = 0.0
        for (g, group) in groups.enumerated() {
            let most = max(layout.upper[step + group.offer * steps], 0) / form.base
            let counted = group.aggregates.count { part.others.contains($0) }
            guard counted > 0, most > 0 else { continue }
            row.append((on[step + g * steps], most))
            all += most * Double(group.count)
        }
        if row.count > 1 { draft.addRow(row, from: all) }
    }

    /// Every other quadratic cost by its secants over the column's range.
    mutating func straighten(_ program: ConvexProgram) {
        for column in 0..<program.variables where draft.quadratic[column] > 0 {
            let (lower, upper) = (draft.lower[column], draft.upper[column])
            let curve = draft.quadratic[column] / 2
            draft.quadratic[column] = 0
            guard upper > lower, upper.isFinite, lower.isFinite else { continue }
            let width = (upper - lower) / Double(segments)
            var row = [(column: column, value: 1.0)]
            for k in 0..<segments {
                let slope = curve * (2 * lower + Double(2 * k + 1) * width)
                row.append((draft.addColumn(cost: slope, 0...width), -1))
            }
            draft.addRow(row, from: lower, to: lower)
            excess += curve * width * width / 4
        }
    }
}
