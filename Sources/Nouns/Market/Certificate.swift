public import Timeline

/// Green certificates of one producer and month with consecutive serial numbers and one holder; each stands
/// for one whole MWh of on-grid wind or solar energy.
public struct Certificate: Hashable, Sendable {
    public enum State: String, Hashable, Sendable {
        /// With its producer; may be sold.
        case issued
        /// With its buyer. A certificate is sold once.
        case sold
    }

    public let producer: Participant
    /// When its energy was made.
    public let month: CivilMonth
    /// Serial numbers.
    public let ids: Range<Int64>
    public let holder: Participant
    public let state: State

    public init(
        producer: Participant, month: CivilMonth, ids: Range<Int64>, holder: Participant, state: State
    ) {
        self.producer = producer
        self.month = month
        self.ids = ids
        self.holder = holder
        self.state = state
    }
}
