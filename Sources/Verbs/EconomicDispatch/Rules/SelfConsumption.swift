import Grid
public import Scheduling

/// Self-consumption: own sun, wind and water are used at home as far as they go. Per step, after loads are
/// served and what is free gives all:
///
/// 1. Left over: stores charge, and only what they cannot take is exported; then what is free gives less.
/// 2. Lacking: stores discharge, whatever it costs; then connections and units by rising price; then loads
/// are
///    shed.
///
/// Stores never charge from the connection and never discharge into it.
public final class SelfConsumption: Dispatcher {
    /// Creates a dispatcher.
    public init() {}

    /// Returns a plan by the rule above.
    public func plan(_ problem: DispatchProblem) -> Plan {
        Rules(ProblemLayout(problem)).plan { step in
            step.discharge()
            step.raise(cheapestOf: step.roles.sources)
            step.shed()
            step.absorbSurplus()
        }
    }

    /// Returns the rule's answer to one step.
    public func react(to now: DispatchProblem, within plan: Plan) -> Plan? { self.plan(now) }
}
