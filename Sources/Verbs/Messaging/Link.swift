public import Agents
import Glibc

/// Communication link: what happens to messages in one direction between two nodes.
///
/// A message waits until the messages before it have been sent (`rate`), takes `latency` and a random
/// `jitter`, may be lost, and may arrive twice.
public struct Link: Hashable, Sendable {
    /// Random additional delay of a message.
    public enum Jitter: Hashable, Sendable {
        /// Uniform between zero and this time.
        case uniform(VirtualTime)
        /// Log-normal: half of the messages take less than `median`, and the logarithm has the standard
        /// deviation `sigma`. At most 100 days.
        case logNormal(median: VirtualTime, sigma: Double)
    }

    /// Packet loss. Probabilities are rounded to multiples of 2⁻³².
    public enum Loss: Hashable, Sendable {
        /// Each message is lost with this probability, independently of the others.
        case independent(Double)
        /// Gilbert–Elliott: the link is in a good or a bad state. Before each message but the first it goes
        /// from good to bad with probability `toBad` and back with `toGood`; the first finds the state of
        /// long run. A message is lost with probability `good` or `bad`.
        /// Sources: Gilbert, Bell Syst. Tech. J. 39 (1960) 1253; Elliott, ibid. 42 (1963) 1977.
        case bursts(toBad: Double, toGood: Double, good: Double, bad: Double)

        /// Creates losses in bursts: all messages of a bad state are lost, none of a good state.
        ///
        /// - Parameters:
        ///   - mean: share of messages that are lost in the long run, below 1.
        ///   - length: mean number of messages lost in a row, at least 1 and at least mean/(1 − mean).
        public static func bursts(mean: Double, length: Double) -> Loss {
            .bursts(toBad: mean / (1 - mean) / length, toGood: 1 / length, good: 0, bad: 1)
        }

        /// Share of messages that are lost in the long run.
        public var mean: Double {
            switch self {
            case .independent(let share): return share
            case .bursts(let toBad, let toGood, let good, let bad):
                return toBad + toGood == 0 ? good : (toGood * good + toBad * bad) / (toBad + toGood)
            }
        }
    }

    /// Minimum delay of a message, beside the time that sending it takes.
    public var latency: VirtualTime
    /// Random additional delay.
    public var jitter: Jitter
    /// Packet loss.
    public var loss: Loss
    /// Probability that a message arrives twice.
    public var duplication: Double
    /// Whether messages arrive in the order in which they were sent: one that would overtake arrives with the
    /// one before it.
    public var keepsOrder: Bool
    /// Data rate, bit/s; nil: sending takes no time. A duplicate takes none.
    public var rate: Double?
    /// Longest wait for the messages before. A message that would wait longer is dropped.
    public var queue: VirtualTime

    /// Creates a link. Preconditions: no negative times, probabilities in 0 … 1, a rate above zero.
    public init(
        latency: VirtualTime, jitter: Jitter = .uniform(.zero), loss: Loss = .independent(0),
        duplication: Double = 0, keepsOrder: Bool = false, rate: Double? = nil,
        queue: VirtualTime = VirtualTime(seconds: 2)
    ) {
        self.latency = latency
        self.jitter = jitter
        self.loss = loss
        self.duplication = duplication
        self.keepsOrder = keepsOrder
        self.rate = rate
        self.queue = queue
        precondition(isValid, "a link with a negative time, a probability outside 0 … 1 or no rate")
    }

    /// Creates a link with a uniform jitter and independent losses.
    public init(latency: VirtualTime, jitter: VirtualTime, loss: Double) {
        self.init(latency: latency, jitter: .uniform(jitter), loss: .independent(loss))
    }

    /// A link without delay or loss.
    public static let perfect = Link(latency: .zero)

    private var isValid: Bool {
        let chances: [Double]
        switch loss {
        case .independent(let share): chances = [share, duplication]
        case .bursts(let toBad, let toGood, let good, let bad):
            chances = [toBad, toGood, good, bad, duplication]
        }
        let spread: Bool
        switch jitter {
        case .uniform(let width): spread = width >= .zero
        case .logNormal(let median, let sigma): spread = median >= .zero && sigma >= 0 && sigma.isFinite
        }
        return latency >= .zero && queue >= .zero && spread && chances.allSatisfy { (0...1).contains($0) }
            && rate.map { $0 > 0 && $0.isFinite } ?? true
    }
}

extension Link.Jitter {
    /// Creates a log-normal jitter of which 95 % of messages take less than `percentile95`.
    public static func logNormal(median: VirtualTime, percentile95: VirtualTime) -> Link.Jitter {
        let ratio = Double(percentile95.nanoseconds) / Double(max(1, median.nanoseconds))
        return .logNormal(median: median, sigma: log(ratio) / 1.644_853_626_951_472_7)
    }
}
