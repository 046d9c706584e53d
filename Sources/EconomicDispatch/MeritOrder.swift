import Grid
import Timeline

/// A plan by rules, one step after another, with no look ahead and no program to solve. Per step:
///
/// 1. Every load is served; what costs nothing (sun, wind, water) gives all it can.
/// 2. Left over: stores charge, connections export while that is worth something, then what is free
///    gives less.
/// 3. Lacking: stores discharge where the price they replace (`DispatchProblem.storedValue`) is no lower
///    than its mean over the horizon; then connections and units by rising price; then stores after all;
///    then loads are shed, the cheapest first.
///
/// A unit with a minimum load that is asked for at least half of it runs at its minimum or above; for less it
/// stays off. What it then gives too much is treated as left over.
public final class MeritOrder: Dispatcher {
    private let status: Plan.Status

    public init() { status = .ruleBased }

    /// For a dispatcher that had to give up.
    init(standingInAs status: Plan.Status) { self.status = status }

    public func plan(_ problem: DispatchProblem) -> Plan {
        let sheet = Sheet(problem)
        var draft = Draft(sheet, tolerance: 1e-6 * max(sheet.largestPower, 1))
        let roster = MeritRoster(sheet)
        var price: [EnergyCost] = []
        for step in 0..<sheet.steps {
            var hour = MeritStep(sheet, roster, step, draft)
            hour.run()
            for i in sheet.offers {
                draft.set(i, step, hour.power[i])
            }
            for i in roster.stores { draft.setContent(i, step, hour.content(i)) }
            price.append(EnergyCost(hour.price))
        }
        return draft.plan(
            sheet, status: status, iterations: 0, price: price, objective: draft.objective(sheet))
    }
}
