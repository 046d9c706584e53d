import Agents
import DistributedDispatch
import Events
import Messaging
import Scheduling
import Timeline

/// Makes plans by agents that talk over a network of their own.
protocol PeerDispatcher: Dispatcher {
    /// Message counts of all plans so far.
    var traffic: Traffic { get }
    /// How far the last plan may be above the least cost, and in what the agents differ; nil where it has no
    /// bound.
    var gap: DispatchGap? { get }
    /// Takes what events change from the begin of `interval` on.
    func meet(_ disturbance: Disturbance, from interval: Interval)
}

extension VirtualTime {
    /// The begin of an interval, in the time in which agents plan: since 1970.
    init(beginOf interval: Interval) {
        self.init(nanoseconds: interval.start.secondsSinceEpoch * 1_000_000_000)
    }
}
