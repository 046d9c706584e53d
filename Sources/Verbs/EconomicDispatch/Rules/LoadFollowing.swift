import Grid
public import Scheduling

/// Load following: what runs gives what is lacking and no more, so that stores are charged by what is left
/// over alone. Per step, after loads are served and what is free gives all:
///
/// 1. Left over: as in `MeritOrder`.
/// 2. Lacking: stores, connections and units by rising price of giving, then loads are shed. What a store
/// holds
///    counts as free, for nothing was paid to put it there: its price is its own wear.
///
/// This is HOMER's strategy of that name, but for this: HOMER compares whole combinations of sources, with
/// what a unit burns when idle; here they are asked one after another at the price of one more Wh.
public final class LoadFollowing: Dispatcher {
    /// Creates a dispatcher.
    public init() {}

    /// Returns a plan by the rule above.
    public func plan(_ problem: DispatchProblem) -> Plan {
        Rules(ProblemLayout(problem)).plan { step in
            step.raise(cheapestOf: step.roles.stores + step.roles.sources)
            step.shed()
            step.absorbSurplus()
        }
    }

    /// Returns the rule's answer to one step.
    public func react(to now: DispatchProblem, within plan: Plan) -> Plan? { self.plan(now) }
}
