public import Grid

/// State of the network after one outage, by the linear model.
public struct ScreenedOutage: Hashable, Sendable {
    /// Index of the branch, unit or generator that is out.
    public let index: Int
    /// Power that the branch carried or the generator gave before, without sign.
    public let lost: Power
    /// `islanded` where buses lose their last path to a source; `diverged` where the model has no solution.
    public var status: OperatingPoint.Status
    /// The largest apparent power as a fraction of the branch's limit (`Network.thermalLimit(of:)`), of the
    /// active power after the outage and the reactive power before it; nil where no energised branch has a
    /// limit.
    public var loading: Double?
    /// Index of the branch with that loading.
    public var mostLoaded: Int?
    /// Number of branches above their limit.
    public var overloads: Int
    /// Demand of the buses that this outage de-energises (`Injections.demand(at:)`).
    public var unserved: Power

    /// An outage of which only this is known yet: nothing is overloaded or unserved.
    public init(index: Int, lost: Power, status: OperatingPoint.Status) {
        self.index = index
        self.lost = lost
        self.status = status
        overloads = 0
        unserved = .zero
    }
}
