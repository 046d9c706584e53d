public import Timeline

/// Green electricity certificates (绿证) of one producer and month, with consecutive serial numbers and one
/// holder. Each stands for one whole MWh of on-grid wind or solar energy.
public struct Certificate: Hashable, Sendable {
    /// Whether the certificates have been sold.
    public enum State: String, Hashable, Sendable {
        /// With its producer; may be sold.
        case issued
        /// With its buyer. A certificate is sold once only.
        case sold
    }

    /// Owner of the plant that generated the energy.
    public let producer: Participant
    /// Month in which the energy was generated.
    public let month: CivilMonth
    /// Serial numbers of the certificates.
    public let ids: Range<Int64>
    /// Participant who holds the certificates now.
    public let holder: Participant
    /// Whether the certificates have been sold.
    public let state: State

    /// Creates a batch of certificates with the serial numbers `ids`.
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
