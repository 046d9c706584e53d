public import Agents

extension ClearingAgent {
    /// What the agents of a tree agree on beforehand.
    public struct Settings: Hashable, Sendable {
        /// Time between two repetitions.
        public var tick: VirtualTime
        /// Ticks after which a neighbour that was not heard again no longer counts.
        public var timeout: Int
        /// Ticks after which a slack no longer counts whose counter has stood.
        public var slackTimeout: Int
        /// Greatest number of points of a bid.
        public var points: Int

        /// Creates settings; by default bids have all their points, and one timeout counts for both.
        public init(
            tick: VirtualTime, timeout: Int = 20, slackTimeout: Int? = nil, points: Int = .max
        ) {
            precondition(tick > .zero && timeout > 0 && slackTimeout ?? 1 > 0 && points >= 4)
            self.slackTimeout = slackTimeout ?? timeout
            self.tick = tick
            self.timeout = timeout
            self.points = points
        }
    }

    /// One neighbour's bid or assignment in this step, and what it has heard.
    struct Link: Sendable {
        var bid: ClearingMessage.Bid?
        var assigned: ClearingMessage.Assignment?
        /// Version of what came from it, and of the own that it has.
        var taken: UInt32 = 0
        var heard: UInt32 = 0
        var assignment: ClearingMessage.Assignment?
        /// Whether bid or assignment to it have not been told.
        var isNews = false
    }
}
