import Grid
public import Scheduling

/// Cycle charging: a unit that has to run runs as high as it can, and the stores take what is too much. Once
/// it has begun it goes on, and the stores do not discharge, until one of them is filled to the set point.
/// Per step, after loads are served and what is free gives all:
///
/// 1. Where a unit ran in the step before and no store has reached the set point, it runs again, at full
/// power
///    or as high as loads and stores take it; without room for half its minimum load it stops.
/// 2. Lacking: as in `LoadFollowing`, with a unit that is needed giving full power.
/// 3. Left over: as in `MeritOrder`. No unit runs for the sake of exporting.
///
/// This is HOMER's strategy of that name with its set point of the state of charge, with the departure that
/// `LoadFollowing` names. Connections do not cycle: without units it is load following.
public final class CycleCharging: Dispatcher {
    private let setPoint: Double

    /// `setPoint`: from 0, the least a store may hold, to 1, the most; 0 is no set point.
    public init(setPoint: Double = 0.8) {
        precondition((0...1).contains(setPoint))
        self.setPoint = setPoint
    }

    /// Returns a plan by the rule above.
    public func plan(_ problem: DispatchProblem) -> Plan {
        Rules(ProblemLayout(problem)).plan { step in
            let roles = step.roles
            let isFilling = roles.stores.allSatisfy { step.stateOfCharge($0) < self.setPoint }
            let running = roles.units.filter { isFilling && step.before($0) > 0 || step.isOn($0) }
            for i in running { step.raise(i, beyond: step.roomToCharge) }
            let stores = running.contains { step.power[$0] > 0 } ? [] : roles.stores
            for i in step.ordered(stores + roles.sources, by: step.deliver) where step.isShort {
                step.raise(i, beyond: roles.isUnit[i] ? step.roomToCharge : 0)
            }
            step.discharge()
            step.shed()
            step.absorbSurplus()
        }
    }

    /// Returns the rule's answer to one step.
    public func react(to now: DispatchProblem, within plan: Plan) -> Plan? { self.plan(now) }
}
