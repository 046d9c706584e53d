public import Agents
public import Grid
public import Scheduling

/// What a node tells its neighbours of its place in the tree.
public struct TreePlace: Hashable, Sendable {
    /// The agent of a slack, and how new the news of it is.
    public struct Root: Hashable, Sendable {
        /// Rank of the slack; the least leads.
        public var rank: UInt16
        /// The agent of the slack.
        public var node: NodeID
        /// Counter of the slack's agent. It rises as long as that agent lives, also after a restart.
        public var beat: UInt64

        /// Creates the news of a slack.
        public init(rank: UInt16, node: NodeID, beat: UInt64) {
            (self.rank, self.node, self.beat) = (rank, node, beat)
        }
    }

    /// The root that the node belongs to; nil without one.
    public var root: Root?
    /// Hops to the root.
    public var distance: UInt16
    /// The neighbour next to the root; nil at the root.
    public var parent: NodeID?

    /// Creates a place in the tree.
    public init(root: Root? = nil, distance: UInt16, parent: NodeID? = nil) {
        (self.root, self.distance, self.parent) = (root, distance, parent)
    }
}

/// What the agents of one tree say to each other: always their place in the tree; to the parent a bid; to a
/// child what it is asked to give. All is state, which is repeated until it is heard.
public struct ClearingMessage: Payload, Hashable {
    /// What a node and all below it would give over its branch to the parent, at each price.
    public struct Bid: Hashable, Sendable {
        /// Number of the bid among those of its sender.
        public var version: UInt32
        /// Number of the pass that it belongs to: 0, or that of the window within which it has its points.
        public var pass: UInt8
        /// Whether the curve has all its points, so that no further pass is of use.
        public var isExact: Bool
        /// Power toward the parent.
        public var curve: BidCurve

        /// Creates a bid.
        public init(version: UInt32, pass: UInt8, isExact: Bool, curve: BidCurve) {
            (self.version, self.pass, self.isExact, self.curve) = (version, pass, isExact, curve)
        }
    }

    /// What a child is asked to give.
    public struct Assignment: Hashable, Sendable {
        /// Number of the assignment among those of its sender.
        public var version: UInt32
        /// Number of the pass: see `Bid.pass`.
        public var pass: UInt8
        /// Price and share at which the parent settled.
        public var clearing: BidCurve.Clearing
        /// Power that the child gives over its branch to the parent.
        public var power: Power
        /// Prices within which the bids of the next pass have their points.
        public var window: ClosedRange<EnergyCost>

        /// Creates an assignment.
        public init(
            version: UInt32, pass: UInt8, clearing: BidCurve.Clearing, power: Power,
            window: ClosedRange<EnergyCost>
        ) {
            (self.version, self.pass, self.clearing) = (version, pass, clearing)
            (self.power, self.window) = (power, window)
        }
    }

    /// The sender's place in the tree.
    public var place: TreePlace
    /// Begin of the step that bid and assignment are for, s since 1970.
    public var step: Int64
    /// Version of the receiver's bid or assignment that the sender has; 0 without one.
    public var heard: UInt32
    /// To the parent, until it is heard.
    public var bid: Bid?
    /// To a child, until it is heard.
    public var assignment: Assignment?

    /// Creates a message.
    public init(
        place: TreePlace, step: Int64, heard: UInt32, bid: Bid? = nil, assignment: Assignment? = nil
    ) {
        (self.place, self.step, self.heard) = (place, step, heard)
        (self.bid, self.assignment) = (bid, assignment)
    }

    /// Header of 32 bytes, place, step and acknowledgement; 16 bytes a point of a bid.
    public var byteCount: Int {
        let bid = bid.map { 6 + $0.curve.byteCount } ?? 0
        return messageHeaderBytes + 20 + 8 + 4 + 1 + bid + (assignment == nil ? 0 : 45)
    }
}
