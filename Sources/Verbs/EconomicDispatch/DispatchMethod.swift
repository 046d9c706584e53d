public import Scheduling

/// The dispatchers of this module, by the names that scenario files use.
public enum DispatchMethod: String, Hashable, Sendable, CaseIterable {
    /// `RollingOptimum`: the whole horizon as one convex program.
    case rollingOptimum = "rolling-optimum"
    /// `StochasticOptimum`: the same, hedged against other forecasts.
    case stochasticOptimum = "stochastic-optimum"
    /// `MeritOrder`, rules step by step.
    case meritOrder = "merit-order"
    /// `LoadFollowing`, rules step by step.
    case loadFollowing = "load-following"
    /// `CycleCharging`, rules step by step.
    case cycleCharging = "cycle-charging"
    /// `SelfConsumption`, rules step by step.
    case selfConsumption = "self-consumption"
    /// `PeakShaving`, rules step by step.
    case peakShaving = "peak-shaving"
    /// `UnitCommitment`: the whole horizon and the commitment of units, as a mixed-integer program.
    case unitCommitment = "unit-commitment"

    /// Whether it plans the flows between areas; rules balance each area by itself.
    public var exchanges: Bool {
        switch self {
        case .rollingOptimum, .stochasticOptimum, .unitCommitment: true
        case .meritOrder, .loadFollowing, .cycleCharging, .selfConsumption, .peakShaving: false
        }
    }

    /// Makes a dispatcher with the usual settings.
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

/// A way to make dispatchers: what a scenario chooses, with its settings.
public struct DispatcherMaker: Sendable {
    /// Name in scenario files and reports.
    public let name: String
    /// Makes a new dispatcher.
    public let make: @Sendable () -> any Dispatcher

    /// Creates a maker of dispatchers with settings of their own.
    public init(name: String, make: @escaping @Sendable () -> any Dispatcher) {
        self.name = name
        self.make = make
    }

    /// Creates a maker of dispatchers with the usual settings.
    public init(_ method: DispatchMethod) {
        self.init(name: method.rawValue) { method.makeDispatcher() }
    }
}
