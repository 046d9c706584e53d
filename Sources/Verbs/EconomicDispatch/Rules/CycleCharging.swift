import Grid
import Scheduling

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

    public func plan(_ problem: DispatchProblem) -> Plan {
        Rules(Sheet(problem)).plan { hour in
            let roster = hour.roster
            let isFilling = roster.stores.allSatisfy { hour.filling($0) < self.setPoint }
            let running = isFilling ? roster.units.filter { hour.before($0) > 0 } : []
            for i in running { hour.raise(i, beyond: hour.roomToCharge) }
            let stores = running.contains { hour.power[$0] > 0 } ? [] : roster.stores
            for i in hour.ordered(stores + roster.sources, by: hour.deliver) where hour.isShort {
                hour.raise(i, beyond: roster.isUnit[i] ? hour.roomToCharge : 0)
            }
            hour.discharge()
            hour.shed()
            hour.soak()
        }
    }
}
