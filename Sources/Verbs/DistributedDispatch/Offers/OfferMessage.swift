public import Agents
public import Scheduling

/// What the agents of `OfferGossip` say: which offers the sender knows, and those of them that the
/// receiver is not known to know.
public struct OfferMessage: CodedPayload, Hashable {
    /// Version of the offers of each agent that the sender knows: the begin of their horizon, s since 1970;
    /// `never` where it knows none.
    public var versions: [Int64]
    /// Offers that the receiver may lack.
    public var news: [News]

    /// The version of offers that were never heard.
    public static let never = Int64.min

    /// The offers of one agent, all over the same horizon.
    public struct News: Hashable, Sendable {
        /// The agent that made them.
        public let agent: NodeID
        /// One or more offers.
        public let offers: [Offer]

        /// Creates news of an agent.
        public init(agent: NodeID, offers: [Offer]) {
            self.agent = agent
            self.offers = offers
        }
    }

    /// Creates a message.
    public init(versions: [Int64], news: [News]) {
        self.versions = versions
        self.news = news
    }

    /// Header, number of agents, 8 bytes an agent; 8 bytes of each of the news, and their offers.
    public var byteCount: Int {
        news.reduce(messageHeaderBytes + 4 + 8 * versions.count) { sum, own in
            own.offers.reduce(sum + 8) { $0 + $1.byteCount }
        }
    }

    /// Number of this kind of payload.
    public static var kind: UInt8 { 4 }

    /// Writes the versions, then the news.
    public func write(to bytes: inout ByteWriter) {
        bytes.write(UInt32(versions.count))
        for version in versions { bytes.write(version) }
        for own in news {
            bytes.write(UInt32(own.agent.index))
            bytes.write(UInt32(own.offers.count))
            for offer in own.offers { offer.write(to: &bytes) }
        }
    }

    /// Reads what `write` has written; nil where it is anything else.
    public init?(from bytes: inout ByteReader) {
        guard let agents = bytes.whole(UInt32.self), Int(agents) <= bytes.left / 8 else { return nil }
        versions = (0..<agents).compactMap { _ in bytes.whole(Int64.self) }
        news = []
        while bytes.left > 0 {
            guard let agent = bytes.whole(UInt32.self), agent < agents,
                let count = bytes.whole(UInt32.self), (1...bytes.left / 64 + 1).contains(Int(count))
            else { return nil }
            var offers: [Offer] = []
            for _ in 0..<count {
                guard let offer = Offer(from: &bytes), offer.horizon == offers.first?.horizon ?? offer.horizon
                else { return nil }
                offers.append(offer)
            }
            news.append(News(agent: NodeID(Int(agent)), offers: offers))
        }
    }
}
