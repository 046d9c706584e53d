/// Turns offers into a plan. Holds workspaces, no memory: the same problem gives the same plan. One a worker.
public protocol Dispatcher: AnyObject {
    func plan(_ problem: DispatchProblem) -> Plan
}

/// The dispatchers there are, by the names people write.
public enum DispatchMethod: String, Hashable, Sendable, CaseIterable {
    /// The whole horizon as one convex program.
    case rollingOptimum = "rolling-optimum"
    /// The same, hedged against other forecasts.
    case stochasticOptimum = "stochastic-optimum"
    /// Rules, step by step.
    case meritOrder = "merit-order"
    /// The whole horizon, and which units run when, as a mixed-integer program.
    case unitCommitment = "unit-commitment"

    public func makeDispatcher() -> any Dispatcher {
        switch self {
        case .rollingOptimum: RollingOptimum()
        case .stochasticOptimum: StochasticOptimum()
        case .meritOrder: MeritOrder()
        case .unitCommitment: UnitCommitment()
        }
    }
}
