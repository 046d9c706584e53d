import Agents
import Glibc
import Randomness

/// A link's figures as the loop uses them: nanoseconds, and probabilities times 2³².
@usableFromInline
struct LinkLaw: Sendable {
    let latency: Int64
    /// Width of the uniform jitter, or median of the log-normal, ns.
    let jitter: Double
    /// Standard deviation of the logarithm; nil: uniform.
    let sigma: Double?
    let lossWhenGood, lossWhenBad, toBad, toGood: UInt64
    /// Probability of the bad state in the long run.
    let bad: UInt64
    let duplication: UInt64
    let keepsOrder: Bool
    /// Zero: sending takes no time.
    let nanosecondsPerByte: Double
    let queue: Int64

    /// Longest jitter, ns.
    private static let longest = 8.64e15

    init(_ link: Link) {
        func chance(_ probability: Double) -> UInt64 { UInt64((probability * 0x1p32).rounded()) }
        latency = link.latency.nanoseconds
        switch link.jitter {
        case .uniform(let width): (jitter, sigma) = (Double(width.nanoseconds), nil)
        case .logNormal(let median, let spread): (jitter, sigma) = (Double(median.nanoseconds), spread)
        }
        switch link.loss {
        case .independent(let share):
            (lossWhenGood, lossWhenBad, toBad, toGood, bad) = (chance(share), 0, 0, 0, 0)
        case .bursts(let toBad, let toGood, let good, let bad):
            (lossWhenGood, lossWhenBad) = (chance(good), chance(bad))
            (self.toBad, self.toGood) = (chance(toBad), chance(toGood))
            self.bad = toBad == 0 ? 0 : chance(toBad / (toBad + toGood))
        }
        duplication = chance(link.duplication)
        keepsOrder = link.keepsOrder
        nanosecondsPerByte = link.rate.map { 8e9 / $0 } ?? 0
        queue = link.queue.nanoseconds
    }

    /// Delay that the random word `word` gives, ns.
    @inline(__always)
    func delay(_ word: UInt32) -> Int64 {
        guard jitter > 0 else { return latency }
        guard let sigma else { return latency + Int64(jitter * (Double(word) * 0x1p-32)) }
        let normal = StandardNormal.quantile((Double(word) + 0.5) * 0x1p-32)
        return latency + Int64(min(jitter * exp(sigma * normal), Self.longest))
    }

    /// Time within which most messages arrive, ns: sets the width of the event queue's slots.
    var reach: Double { Double(latency) + (sigma.map { jitter * exp($0) } ?? jitter) }
}

/// State of one directed link: 48 bytes.
@usableFromInline
struct LinkState: Sendable {
    let from: UInt32
    @usableFromInline let to: UInt32
    /// Key of the link's random stream; the counter is the number of the message.
    let key: SIMD2<UInt32>
    /// Messages that entered the link so far.
    @usableFromInline var sequence: UInt32 = 0
    /// Place of its law in the network's list.
    @usableFromInline var law: UInt16
    @usableFromInline var isUp = true
    var isBad = false
    /// When the last message has been sent, ns.
    var busyUntil: Int64 = 0
    var lastArrival: Int64 = 0

    /// Purpose of the random streams, different from that of every other use: "link" in ASCII.
    private static let purpose: UInt32 = 0x6c69_6e6b

    init(from: UInt32, to: UInt32, law: UInt16, seed: UInt64) {
        self.from = from
        self.to = to
        self.law = law
        let root = SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
        key = Philox4x32.block(SIMD4(from, to, Self.purpose, 0), key: root).lowHalf
    }

    /// What becomes of a message.
    @usableFromInline
    enum Fate: Sendable {
        case dropped, lost
        /// Times of arrival, ns; that of the duplicate is below zero when there is none.
        case arrives(at: Int64, again: Int64)
    }

    /// Takes a message of `bytes` bytes at `now`. One Philox block decides its fate: words for loss, change
    /// of state, jitter and duplication; a duplicate takes its jitter from a block of its own.
    @usableFromInline
    mutating func carry(_ bytes: Int, at now: Int64, by law: LinkLaw) -> Fate {
        var sent = now
        if law.nanosecondsPerByte > 0 {
            sent = max(now, busyUntil)
            guard sent - now <= law.queue else { return .dropped }
            sent += Int64(law.nanosecondsPerByte * Double(bytes))
            busyUntil = sent
        }
        let number = sequence
        sequence &+= 1
        let word = Philox4x32.block(SIMD4(number, 0, 0, 0), key: key)
        if law.bad > 0 {
            let change = UInt64(word[1])
            if number == 0 {
                isBad = change < law.bad
            } else {
                isBad = isBad ? change >= law.toGood : change < law.toBad
            }
        }
        guard UInt64(word[0]) >= (isBad ? law.lossWhenBad : law.lossWhenGood) else { return .lost }
        let arrival = ordered(sent + law.delay(word[2]), law)
        guard UInt64(word[3]) < law.duplication else { return .arrives(at: arrival, again: -1) }
        let other = Philox4x32.block(SIMD4(number, 1, 0, 0), key: key)
        return .arrives(at: arrival, again: ordered(sent + law.delay(other[2]), law))
    }

    @inline(__always)
    private mutating func ordered(_ arrival: Int64, _ law: LinkLaw) -> Int64 {
        guard law.keepsOrder else { return arrival }
        lastArrival = max(lastArrival, arrival)
        return lastArrival
    }
}
