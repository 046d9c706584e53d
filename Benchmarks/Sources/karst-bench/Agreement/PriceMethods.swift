import Agents
import DispatchSamples
import Foundation

/// Push-pull incremental cost consensus: gradient tracking on the price (Yang, Tan and Xu, IEEE Trans. Power
/// Systems 28(4), 2013). With x the price, y what is missing, n neighbours and step ε
///
///     x⁺ = mean of own and neighbours' x + ε·y,   y⁺ = y/(n+1) + what the neighbours pass − (p⁺ − p).
///
/// What is passed is told as a sum since the start, so that the next message makes good what was lost; as
/// published (`keepsSums` false) each message tells its own share, and what is lost is gone.
struct PushPull<Variant: PushPullVariant>: PriceMethod {
    private let member: QuadraticMarket.Member
    private(set) var power: Double
    private var x = 0.0
    private var y: Double
    private var passed = 0.0
    private var prices: [Double]
    private var sums: [Double]
    private var taken: [Double]

    init(_ member: QuadraticMarket.Member, node: NodeID, neighbours: [NodeID], nodes: Int) {
        self.member = member
        power = member.power(at: 0)
        y = member.demand - power
        prices = neighbours.map { _ in 0 }
        sums = prices
        taken = prices
    }

    mutating func hear(_ body: Numbers, from place: Int) {
        prices[place] = body.values[0]
        if Variant.keepsSums { sums[place] = body.values[1] } else { sums[place] += body.values[1] }
    }

    mutating func tick() -> Numbers? {
        for place in sums.indices { y += sums[place] - taken[place] }
        taken = sums
        x = (prices.reduce(x, +)) / Double(prices.count + 1) + Variant.step * y
        let next = member.power(at: x)
        y -= next - power
        power = next
        let share = y / Double(prices.count + 1)
        y = share
        passed = Variant.keepsSums ? passed + share : share
        return Numbers(x, passed)
    }
}

protocol PushPullVariant: Sendable {
    static var keepsSums: Bool { get }
    static var step: Double { get }
}
enum AsPublished: PushPullVariant {
    static let keepsSums = false
    static let step = 0.03
}
enum WithSums: PushPullVariant {
    static let keepsSums = true
    static let step = 0.03
}

/// Newton–Raphson consensus with robust ratio consensus, ra-NRC (Bof, Carli, Notarstefano, Schenato and
/// Varagnolo, arXiv 1707.09178): the price is the ratio of two sums that neighbours mix, with running sums
/// against losses. h is the slope of the power over the price, at a limit half of it: with less, some of
/// these markets do not settle.
struct RatioConsensus: PriceMethod {
    private static let step = 0.1
    private let member: QuadraticMarket.Member
    private(set) var power: Double
    private var x = 0.0
    private var (y, z) = (0.0, 0.0)
    private var last = (g: 0.0, h: 0.0)
    private var passed = SIMD2<Double>.zero
    private var sums: [SIMD2<Double>]
    private var taken: [SIMD2<Double>]

    init(_ member: QuadraticMarket.Member, node: NodeID, neighbours: [NodeID], nodes: Int) {
        self.member = member
        power = member.power(at: 0)
        sums = neighbours.map { _ in .zero }
        taken = sums
        last = (0, 0)
        let now = curve
        (y, z, last) = (now.g, now.h, now)
    }

    private var curve: (g: Double, h: Double) {
        let isFree = power > 0 && power < member.most
        let h = (isFree ? 1 : 0.5) / member.a
        return (h * x + member.demand - power, h)
    }

    mutating func hear(_ body: Numbers, from place: Int) {
        sums[place] = SIMD2(body.values[0], body.values[1])
    }

    mutating func tick() -> Numbers? {
        for place in sums.indices {
            y += sums[place][0] - taken[place][0]
            z += sums[place][1] - taken[place][1]
        }
        taken = sums
        x += Self.step * (min(max(y / max(z, 1e-9), 0), 20) - x)
        power = member.power(at: x)
        let now = curve
        y += now.g - last.g
        z += now.h - last.h
        last = now
        let count = Double(sums.count + 1)
        (y, z) = (y / count, z / count)
        passed += SIMD2(y, z)
        return Numbers(passed[0], passed[1])
    }
}

/// Consensus and innovations (Kar and Hug, IEEE Power and Energy Society General Meeting 2012):
///
///     x⁺ = x − β_k·Σ(x − x_j) − α_k·(p − d),   α_k = α/k^0.85,  β_k = 0.2/k^0.01.
struct ConsensusInnovations: PriceMethod {
    private let member: QuadraticMarket.Member
    private(set) var power: Double
    private var x = 0.0
    private var k = 0.0
    private var prices: [Double]

    init(_ member: QuadraticMarket.Member, node: NodeID, neighbours: [NodeID], nodes: Int) {
        self.member = member
        power = member.power(at: 0)
        prices = neighbours.map { _ in 0 }
    }

    mutating func hear(_ body: Numbers, from place: Int) { prices[place] = body.values[0] }

    mutating func tick() -> Numbers? {
        k += 1
        let (alpha, beta) = (0.3 / pow(k, 0.85), 0.2 / pow(k, 0.01))
        x -= beta * prices.reduce(0) { $0 + (x - $1) } + alpha * (power - member.demand)
        power = member.power(at: x)
        return Numbers(x)
    }
}

/// Exchange ADMM with an aggregator at the centre of a star (Boyd et al., Found. Trends Mach. Learn. 3, 2011,
/// section 7.3): with r the mean of p − d over all,
///
///     p⁺ = argmin f(p) − λ·p + ρ/2·(p − p_last + r)²,   λ⁺ = λ − ρ·r.
///
/// The aggregator, the last node, waits for the answers of all. Everything is repeated until it is heard.
struct ExchangeADMM: PriceMethod {
    private static let penalty = 0.1
    private let member: QuadraticMarket.Member
    private let isAggregator: Bool
    private let nodes: Double
    private(set) var power = 0.0
    /// Round and price; at the aggregator those that it has announced.
    private var round = 0.0
    private var price = 0.0
    private var mean = 0.0
    /// At the aggregator: net powers of this round.
    private var answers: [Double?]

    init(_ member: QuadraticMarket.Member, node: NodeID, neighbours: [NodeID], nodes: Int) {
        self.member = member
        self.nodes = Double(nodes)
        isAggregator = neighbours.count > 1
        answers = neighbours.map { _ in nil }
        round = isAggregator ? 1 : 0
    }

    mutating func hear(_ body: Numbers, from place: Int) {
        if isAggregator {
            if body.values[0] == round { answers[place] = body.values[1] }
        } else if body.values[0] > round {
            (round, price, mean) = (body.values[0], body.values[1], body.values[2])
            respond()
        }
    }

    private mutating func respond() {
        let free = (price - member.b + Self.penalty * (power - mean)) / (member.a + Self.penalty)
        power = min(max(free, 0), member.most)
    }

    mutating func tick() -> Numbers? {
        guard isAggregator else { return round > 0 ? Numbers(round, power - member.demand) : nil }
        let known = answers.compactMap(\.self)
        if known.count == answers.count {
            // Its own unit, if it has one, answers at once.
            respond()
            mean = (known.reduce(0, +) + power - member.demand) / nodes
            price -= Self.penalty * mean
            round += 1
            answers = answers.map { _ in nil }
        }
        return Numbers(round, price, mean)
    }
}
