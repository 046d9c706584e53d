public import Agents

/// What the agents of R-ADMM send: one number a step, W, for one neighbour.
public struct ConsensusMessage: Payload, Hashable {
    /// Begin of the horizon that is planned, s since 1970.
    public var horizon: Int64
    /// Newest count of the slack that the sender has heard, or its own: it rises as long as the slack lives.
    public var beat: UInt64
    /// q of the sender for the receiver: a part of what the sender tells all its neighbours in one tick.
    public var values: ArraySlice<Double>

    /// Creates a message.
    public init(horizon: Int64, beat: UInt64, values: ArraySlice<Double>) {
        (self.horizon, self.beat, self.values) = (horizon, beat, values)
    }

    /// Header, horizon, count, 8 bytes a step.
    public var byteCount: Int { messageHeaderBytes + 8 + 8 + 8 * values.count }
}
