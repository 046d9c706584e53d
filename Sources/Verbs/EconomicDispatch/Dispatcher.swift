/// Turns offers into a plan. One a worker.
///
/// Holds workspaces, and at most a hint of where to begin, never part of the answer: whatever it planned
/// before, the same problem gets a plan of the same cost, to the solver's tolerance, and the same powers
/// where they alone are best. The same problems in the same order get the same bits.
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
    case loadFollowing = "load-following"
    case cycleCharging = "cycle-charging"
    case selfConsumption = "self-consumption"
    case peakShaving = "peak-shaving"
    /// The whole horizon, and which units run when, as a mixed-integer program.
    case unitCommitment = "unit-commitment"

    /// Plans what flows between areas; rules balance each by itself.
    public var exchanges: Bool {
        switch self {
        case .rollingOptimum, .stochasticOptimum, .unitCommitment: true
        case .meritOrder, .loadFollowing, .cycleCharging, .selfConsumption, .peakShaving: false
        }
    }

    public func makeDispatcher() -> any Dispatcher {
        switch self {
        case .rollingOptimum: RollingOptimum()
        case .stochasticOptimum: StochasticOptimum()
        case .meritOrder: MeritOrder()
        case .loadFollowing: LoadFollowing()
        case .cycleCharging: CycleCharging()
        case .selfConsumption: SelfConsumption()
        case .peakShaving: PeakShaving()
        case .unitCommitment: UnitCommitment()
        }
    }
}

/// A dispatcher to be made, with its settings: what a scenario chooses.
public struct DispatcherMaker: Sendable {
    /// As people write it.
    public let name: String
    public let make: @Sendable () -> any Dispatcher

    public init(name: String, make: @escaping @Sendable () -> any Dispatcher) {
        self.name = name
        self.make = make
    }

    /// With the settings that are usual.
    public init(_ method: DispatchMethod) {
        self.init(name: method.rawValue) { method.makeDispatcher() }
    }
}
