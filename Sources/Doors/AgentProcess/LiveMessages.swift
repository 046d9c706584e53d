import Agents
import DistributedDispatch
import Grid
import Scheduling
import Timeline

// What a hub and the agents of its devices tell each other. Agents tell each other what they would in a
// simulation.

/// Times that messages may name, ns: up to a quarter of an hour.
private let longest = 1...Int64(900_000_000_000)

extension ByteWriter {
    /// A list of numbers, its length first.
    fileprivate mutating func write(list: [Double]) {
        write(UInt32(list.count))
        write(list)
    }

    fileprivate mutating func write(nodes: [NodeID]) {
        write(UInt32(nodes.count))
        for node in nodes { write(UInt32(node.index)) }
    }
}

extension ByteReader {
    fileprivate mutating func list() -> [Double]? {
        whole(UInt32.self).flatMap { finite(count: Int($0)) }
    }

    fileprivate mutating func nodes() -> [NodeID]? {
        guard let count = whole(UInt32.self), Int(count) <= left / 4 else { return nil }
        let nodes = (0..<count).compactMap { _ in whole(UInt32.self).map { NodeID(Int($0)) } }
        return nodes.count == Int(count) ? nodes : nil
    }
}

/// An agent is there; as a last will: is gone.
struct Presence: CodedPayload, Hashable {
    static let kind: UInt8 = 16
    /// Name of its device.
    var device: String

    var byteCount: Int { messageHeaderBytes + device.utf8.count }

    func write(to bytes: inout ByteWriter) { for byte in device.utf8 { bytes.write(byte) } }

    init(device: String) { self.device = device }

    init?(from bytes: inout ByteReader) {
        let text = (0..<bytes.left).compactMap { _ in bytes.whole(UInt8.self) }
        guard let device = String(validating: text, as: UTF8.self), !device.isEmpty else { return nil }
        self.device = device
    }
}

/// A plan is due: what the agent of a device needs for a round of R-ADMM.
struct PlanTask: CodedPayload, Hashable {
    static let kind: UInt8 = 17
    var tick: Int64
    var ticks: UInt32
    var penalty: Double
    /// Ticks for which the count of the slack may stand.
    var slackTimeout: UInt32
    var neighbours: [NodeID]
    var offer: Offer
    /// Tariff of each step, and power to be covered beside the device, empty for none; raw numbers.
    var expected, demand: [Double]
    var end: StoreResponse.End
    /// First step, price and peak so far of each month with a demand charge.
    var months: [[Double]]

    var byteCount: Int {
        messageHeaderBytes + 24 + 4 + 4 * neighbours.count + 4 + 8 * expected.count + 4 + 8 * demand.count
            + 17 + 4 + 24 * months.count + offer.byteCount
    }

    func write(to bytes: inout ByteWriter) {
        bytes.write(tick)
        bytes.write(ticks)
        bytes.write(penalty)
        bytes.write(slackTimeout)
        bytes.write(nodes: neighbours)
        bytes.write(list: expected)
        bytes.write(list: demand)
        switch end {
        case .valued(let worth):
            bytes.write(UInt8(0))
            bytes.write([0, worth.value])
        case .content(let content, let worth):
            bytes.write(UInt8(1))
            bytes.write([content.value, worth.value])
        }
        bytes.write(UInt32(3 * months.count))
        for month in months { bytes.write(month) }
        offer.write(to: &bytes)
    }

    init?(from bytes: inout ByteReader) {
        guard let tick = bytes.whole(Int64.self), longest.contains(tick),
            let ticks = bytes.whole(UInt32.self), (1...1_000_000).contains(ticks),
            let penalty = bytes.finite(), penalty > 0,
            let slackTimeout = bytes.whole(UInt32.self), slackTimeout > 0, let neighbours = bytes.nodes(),
            let expected = bytes.list(), let demand = bytes.list(), let kind = bytes.whole(UInt8.self),
            kind < 2, let end = bytes.finite(count: 2), let months = bytes.list(),
            months.count.isMultiple(of: 3), let offer = Offer(from: &bytes),
            [0, offer.horizon.count].contains(demand.count), expected.count == offer.horizon.count
        else { return nil }
        let steps = Double(offer.horizon.count)
        let firsts = stride(from: 0, to: months.count, by: 3).map { months[$0] }
        let ascends = zip([-1] + firsts, firsts).allSatisfy { $0 < $1 && $1 < steps && $1 == $1.rounded() }
        guard ascends, firsts.first ?? 0 == 0 else { return nil }
        self.init(
            tick: tick, ticks: ticks, penalty: penalty, slackTimeout: slackTimeout, neighbours: neighbours,
            offer: offer, expected: expected, demand: demand,
            end: kind == 0
                ? .valued(EnergyCost(end[1])) : .content(Energy(end[0]), EnergyCost(end[1])),
            months: stride(from: 0, to: months.count, by: 3).map { Array(months[$0..<$0 + 3]) })
    }

    init(
        tick: Int64, ticks: UInt32, penalty: Double, slackTimeout: UInt32, neighbours: [NodeID], offer: Offer,
        expected: [Double], demand: [Double], end: StoreResponse.End, months: [[Double]]
    ) {
        (self.tick, self.ticks, self.penalty) = (tick, ticks, penalty)
        self.slackTimeout = slackTimeout
        (self.neighbours, self.offer, self.expected) = (neighbours, offer, expected)
        (self.demand, self.end, self.months) = (demand, end, months)
    }

    /// The demand charge that the months make; nil without one.
    var charge: DemandCharge? {
        months.isEmpty
            ? nil
            : DemandCharge(
                offer: 0,
                months: months.map { .init(first: Int($0[0]), price: $0[1], soFar: Power($0[2])) })
    }
}

/// What an agent has planned for its device: raw numbers, one a step; contents and worth only of a store.
struct PlanAnswer: CodedPayload, Hashable {
    static let kind: UInt8 = 18
    /// Begin of the horizon, s since 1970.
    var horizon: Int64
    var powers, contents, worth, prices, peaks: [Double]

    private var lists: [[Double]] { [powers, contents, worth, prices, peaks] }

    var byteCount: Int { messageHeaderBytes + 8 + lists.reduce(0) { $0 + 4 + 8 * $1.count } }

    func write(to bytes: inout ByteWriter) {
        bytes.write(horizon)
        for list in lists { bytes.write(list: list) }
    }

    init?(from bytes: inout ByteReader) {
        guard let horizon = bytes.whole(Int64.self), let powers = bytes.list(), let contents = bytes.list(),
            let worth = bytes.list(), let prices = bytes.list(), let peaks = bytes.list(),
            prices.count == powers.count, [0, powers.count].contains(contents.count),
            worth.count == contents.count
        else { return nil }
        self.horizon = horizon
        (self.powers, self.contents, self.worth) = (powers, contents, worth)
        (self.prices, self.peaks) = (prices, peaks)
    }

    init(_ agent: RelaxedADMM, horizon: Int64) {
        self.horizon = horizon
        powers = agent.powers.map(\.value)
        contents = agent.contents.map(\.value)
        worth = agent.worth.map(\.value)
        prices = agent.prices.map(\.value)
        peaks = agent.peaks.map(\.value)
    }
}

/// A step is to be cleared: what the agent of a device bids.
struct ClearTask: CodedPayload, Hashable {
    static let kind: UInt8 = 19
    var interval: Interval
    /// Time between repetitions and time until the deadline, ns; timeout in ticks.
    var tick, allowed: Int64
    var timeout: UInt32
    /// Number of the group of agents, for the epoch of their messages.
    var group: UInt32
    var isSlack: Bool
    var neighbours: [NodeID]
    var bid: BidCurve

    var byteCount: Int {
        messageHeaderBytes + Interval.byteCount + 25 + 4 + 4 * neighbours.count + bid.byteCount
    }

    func write(to bytes: inout ByteWriter) {
        interval.write(to: &bytes)
        bytes.write(tick)
        bytes.write(allowed)
        bytes.write(timeout)
        bytes.write(group)
        bytes.write(UInt8(isSlack ? 1 : 0))
        bytes.write(nodes: neighbours)
        bid.write(to: &bytes)
    }

    init?(from bytes: inout ByteReader) {
        guard let interval = Interval(from: &bytes), let tick = bytes.whole(Int64.self),
            longest.contains(tick),
            let allowed = bytes.whole(Int64.self), longest.contains(allowed),
            let timeout = bytes.whole(UInt32.self),
            timeout > 0, let group = bytes.whole(UInt32.self), let slack = bytes.whole(UInt8.self), slack < 2,
            let neighbours = bytes.nodes(), bytes.left.isMultiple(of: 16),
            let bid = BidCurve(points: bytes.left / 16, from: &bytes)
        else { return nil }
        self.init(
            interval: interval, tick: tick, allowed: allowed, timeout: timeout, group: group,
            isSlack: slack == 1, neighbours: neighbours, bid: bid)
    }

    init(
        interval: Interval, tick: Int64, allowed: Int64, timeout: UInt32, group: UInt32, isSlack: Bool,
        neighbours: [NodeID], bid: BidCurve
    ) {
        (self.interval, self.tick, self.allowed, self.timeout) = (interval, tick, allowed, timeout)
        (self.group, self.isSlack, self.neighbours, self.bid) = (group, isSlack, neighbours, bid)
    }
}

/// The price at which an agent has settled in a step.
struct ClearAnswer: CodedPayload, Hashable {
    static let kind: UInt8 = 20
    var interval: Interval
    var price, share, power: Double
    /// Whether all that it told was heard.
    var isIdle: Bool

    var byteCount: Int { messageHeaderBytes + Interval.byteCount + 25 }

    func write(to bytes: inout ByteWriter) {
        interval.write(to: &bytes)
        bytes.write([price, share, power])
        bytes.write(UInt8(isIdle ? 1 : 0))
    }

    init?(from bytes: inout ByteReader) {
        guard let interval = Interval(from: &bytes), let numbers = bytes.finite(count: 3),
            (0...1).contains(numbers[1]), let idle = bytes.whole(UInt8.self), idle < 2
        else { return nil }
        self.interval = interval
        (price, share, power, isIdle) = (numbers[0], numbers[1], numbers[2], idle == 1)
    }

    init(interval: Interval, clearing: BidCurve.Clearing, power: Power, isIdle: Bool) {
        self.interval = interval
        (price, share) = (clearing.price.value, clearing.share)
        (self.power, self.isIdle) = (power.value, isIdle)
    }
}
