/// Makes plans of dispatch problems. Not thread-safe; create one instance per thread.
///
/// A dispatcher may hold workspaces and a hint of where to begin, but nothing that the answer depends on:
/// whatever it planned before, the same problem gets a plan of the same cost, to the solver's tolerance, and
/// the same powers where only one choice is best. The same problems in the same order get the same bits.
public protocol Dispatcher: AnyObject {
    /// Returns a plan of `problem`. A problem without a solution also gets a plan, with shortage or surplus.
    func plan(_ problem: DispatchProblem) -> Plan

    /// Returns a plan of one step with what is measured in it, by the rule that made `plan`; nil, as by
    /// default, for a dispatcher without a rule: then the step is cleared at what the plan says stored energy
    /// is worth.
    func react(to now: DispatchProblem, within plan: Plan) -> Plan?

    /// Whether it reads `DispatchProblem.alternatives`; by default it does not.
    var hedges: Bool { get }
}

extension Dispatcher {
    /// No rule for a single step.
    public func react(to now: DispatchProblem, within plan: Plan) -> Plan? { nil }

    /// False.
    public var hedges: Bool { false }
}
