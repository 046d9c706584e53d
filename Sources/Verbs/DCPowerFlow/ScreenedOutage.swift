public import Grid

/// What the linear model says of the network after one outage.
public struct ScreenedOutage: Hashable, Sendable {
    /// Index of the branch or generator that is out.
    public let index: Int
    /// What the branch carried or the generator gave before, without sign.
    public let lost: Power
    /// `islanded` where buses lose their last path to a source; `diverged` where the model has no solution.
    public var status: OperatingPoint.Status
    /// The largest |flow| as a part of the branch's limit, and the branch: the smaller of its rating and its
    /// ampacity at nominal voltage. Nil where no energised branch has a limit.
    public var loading: Double?
    public var mostLoaded: Int?
    /// How many branches are above their limit.
    public var overloads: Int
    /// Load at buses that this outage de-energises: what they would take, the sum over those that take.
    public var unserved: Power

    init(index: Int, lost: Power, status: OperatingPoint.Status) {
        self.index = index
        self.lost = lost
        self.status = status
        overloads = 0
        unserved = .zero
    }
}
