public import Agents
public import Grid
public import Scheduling
public import Timeline

/// The agent of one node in a tree that clears each step by bid curves: power over price, added up from the
/// leaves to the slack, and prices that come back down.
///
/// A node adds the bids of its children to its own, clips the sum to what its branch to the parent carries,
/// and sends it up. The slack's agent, the root, settles where the sum is zero. Each node is asked for one
/// power over its branch, and divides it exactly between its own device and its children, at the price of its
/// parent or, behind a full branch, at a price of its own. So the powers balance at any number of points of a
/// bid. With fewer points than a curve has, a second pass has its points near the price of the first.
///
/// The tree forms itself (`TreeMembership`). A tree without slack does not act: its devices keep to their
/// fallback. Messages may be lost, late, doubled and out of order: all is state that is repeated until heard.
public struct ClearingAgent: Agent {
    /// What its device would give in the step that begins next; nil for a node without a device. Set it
    /// before `begin`.
    public var bid: BidCurve?
    /// Price and share at which the node settled in this step; nil before it did.
    public private(set) var clearing: BidCurve.Clearing?
    /// Power of its device; nil before the node settled, and without a device.
    public private(set) var power: Power?

    let settings: Settings
    private let device: DeviceID?
    /// Power that a branch carries toward a neighbour in the step that begins next; a neighbour without
    /// limits is not in it. Set it before `begin`.
    public var limits: [NodeID: ClosedRange<Power>]
    var tree: TreeMembership
    /// By neighbour: what it is told and what it told, in this step.
    var links: [Link] = []
    private var interval = Interval(start: Instant(secondsSinceEpoch: 0), seconds: 1)
    private var deadline = VirtualTime.zero
    private var island: UInt32 = 0
    /// The last tick, and whether its timer runs.
    private var ticked = VirtualTime.zero
    /// Next tick: a timer that comes earlier is left over from a step before.
    private var next = VirtualTime.zero
    private var hasBegun = false
    private var sum = BidCurve(from: .zero)
    /// Whether the sum, and the bid made of it, are not up to date.
    private var isStale = true
    private var isBidDue = true
    private var isSettlingDue = true
    /// Bid that goes to the parent, and what the parent asks for.
    private var ownBid: ClearingMessage.Bid?
    private var versions: UInt32 = 0
    private var pass: UInt8 = 0
    private var window: ClosedRange<EnergyCost>?

    /// Creates the agent of a node. `rank` is that of its device as a slack, the least leading, and nil for
    /// a device that cannot be one; `limits` are the powers, toward a neighbour, that the branch to it
    /// carries.
    public init(
        node: NodeID, device: DeviceID?, rank: UInt16? = nil, limits: [NodeID: ClosedRange<Power>] = [:],
        settings: Settings
    ) {
        self.device = device
        self.limits = limits
        self.settings = settings
        tree = TreeMembership(
            node: node, rank: rank, timeout: settings.timeout, slackTimeout: settings.slackTimeout)
    }

    /// Begins a step with `bid`, of which nobody has heard.
    public mutating func begin(
        _ seen: Observation, at now: VirtualTime, _ outbox: inout Outbox<ClearingMessage>
    ) {
        interval = seen.interval
        (deadline, island) = (seen.deadline, seen.island)
        if !hasBegun {
            hasBegun = true
            tree.firstBeat = UInt64(max(now.nanoseconds, 0) >> 30) << 24
        }
        tree.join(seen.neighbours)
        links = seen.neighbours.map { _ in Link() }
        (clearing, power, ownBid, window, pass) = (nil, nil, nil, nil, 0)
        (isStale, ticked) = (true, now)
        update()
        tellAll(&outbox)
        schedule(at: now, &outbox)
    }

    /// Takes a neighbour's place, bid or assignment.
    public mutating func receive(
        _ message: Message<ClearingMessage>, at now: VirtualTime, _ outbox: inout Outbox<ClearingMessage>
    ) {
        guard hasBegun, message.epoch == island, let index = tree.index(of: message.sender),
            tree.hear(message.body.place, from: index, sequence: message.sequence)
        else { return }
        if message.body.step == step {
            links[index].heard = message.body.heard
            if let bid = message.body.bid {
                isStale = isStale || links[index].bid != bid
                links[index].bid = bid
                links[index].taken = bid.version
            }
            if let assigned = message.body.assignment {
                isSettlingDue = isSettlingDue || links[index].assigned != assigned
                links[index].assigned = assigned
                links[index].taken = assigned.version
            }
        }
        if update() { return tellAll(&outbox) }
        for other in links.indices where links[other].isNews { tell(other, &outbox) }
    }

    /// Repeats its place, so that others know that it lives, and what has not been heard.
    public mutating func wake(at now: VirtualTime, _ outbox: inout Outbox<ClearingMessage>) {
        guard hasBegun, now >= next, now <= deadline else { return }
        tree.age += Int((now.nanoseconds - ticked.nanoseconds) / settings.tick.nanoseconds)
        ticked = now
        update()
        tellAll(&outbox)
        schedule(at: now, &outbox)
    }

    /// Ends a step before its deadline: says nothing more until the next begins.
    public mutating func rest(at now: VirtualTime) { deadline = min(deadline, now) }

    /// Forgets its neighbours, the tree and the step.
    public mutating func forget() {
        tree = TreeMembership(
            node: tree.node, rank: tree.rank, timeout: tree.timeout, slackTimeout: tree.slackTimeout)
        (links, hasBegun, bid) = ([], false, nil)
        (clearing, power, ownBid, window) = (nil, nil, nil, nil)
    }

    /// Returns the power at which it settled in a step; nil where it did not.
    public func decision(for interval: Interval) -> Setpoint? {
        guard interval == self.interval, let device, let power else { return nil }
        return Setpoint(device: device, interval: interval, power: power)
    }

    /// Whether it has settled and everything that it told in this step has been heard.
    public var isIdle: Bool {
        guard clearing != nil, pass == nextPass else { return false }
        if let parent = tree.parent, ownBid?.version != links[parent].heard { return false }
        return links.indices.allSatisfy {
            !tree.isChild($0) || links[$0].assignment?.version == links[$0].heard
        }
    }

    /// The neighbour that is its parent; nil at the root and without a tree.
    public var parent: NodeID? { tree.place.parent }
    /// Whether it belongs to a tree with a slack.
    public var hasRoot: Bool { tree.place.root != nil }

    private var step: Int64 { interval.start.secondsSinceEpoch }
}

// What follows from what was heard.
extension ClearingAgent {
    /// Chooses the parent, adds the bids up, and settles where it can. Returns whether its place changed.
    @discardableResult
    private mutating func update() -> Bool {
        let hasMoved = tree.choose()
        if hasMoved {
            (ownBid, isBidDue, isSettlingDue) = (nil, true, true)
        }
        for index in links.indices where links[index].bid != nil && !tree.isChild(index) {
            (links[index].bid, links[index].assignment, isStale) = (nil, nil, true)
        }
        takeWindow()
        addUp()
        settle()
        return hasMoved
    }

    /// Whether all children have told their bid of a pass.
    private func hasBids(of pass: UInt8) -> Bool {
        links.indices.allSatisfy {
            guard tree.isChild($0) else { return true }
            guard let bid = links[$0].bid else { return false }
            return bid.isExact || bid.pass >= pass
        }
    }

    /// The pass that the parent is in.
    private var nextPass: UInt8 {
        guard let parent = tree.parent else { return pass }
        return max(links[parent].assigned?.pass ?? 0, pass)
    }

    /// Begins a pass that the parent has begun.
    private mutating func takeWindow() {
        guard let parent = tree.parent, let assigned = links[parent].assigned, assigned.pass > pass else {
            return
        }
        pass = assigned.pass
        window = assigned.window
        isStale = true
    }

    private mutating func addUp() {
        if isStale {
            (isStale, isBidDue, isSettlingDue) = (false, true, true)
            sum = BidCurve.sum(of: [bid].compactMap(\.self) + links.compactMap(\.bid?.curve))
        }
        guard isBidDue, let parent = tree.parent, hasBids(of: pass) else { return }
        isBidDue = false
        let whole = limits[tree.neighbours[parent].node].map { sum.clipped(to: $0) } ?? sum
        let curve = whole.condensed(to: settings.points, within: window)
        let isExact =
            curve.points.count == whole.points.count
            && links.allSatisfy { $0.bid?.isExact ?? true }
        if let ownBid, ownBid.curve == curve, ownBid.isExact == isExact, ownBid.pass == pass { return }
        versions += 1
        ownBid = ClearingMessage.Bid(version: versions, pass: pass, isExact: isExact, curve: curve)
        links[parent].isNews = true
    }

    /// Divides what the parent asks for, at the root nothing, between the own device and the children.
    private mutating func settle() {
        guard isSettlingDue else { return }
        var wanted = Power.zero
        var settled: BidCurve.Clearing?
        if let parent = tree.parent {
            guard let assigned = links[parent].assigned else { return }
            wanted = assigned.power
            // The parent's price, unless it does not give the power: then the branch is full, or the bid had
            // fewer points.
            let given = sum.power(at: assigned.clearing).value
            let size = max(abs(sum.least.value), abs(sum.most.value))
            if abs(given - wanted.value) <= 1e-12 * size { settled = assigned.clearing }
        } else {
            guard tree.isRoot, hasBids(of: pass) else { return }
        }
        isSettlingDue = false
        let clearing = settled ?? sum.clearing(giving: wanted)
        self.clearing = clearing
        power = bid?.power(at: clearing)
        beginPass(at: clearing)
        for index in links.indices where tree.isChild(index) {
            guard let bid = links[index].bid else { continue }
            let power = bid.curve.power(at: clearing)
            if let last = links[index].assignment, last.clearing == clearing, last.power == power,
                last.pass == pass
            {
                continue
            }
            versions += 1
            links[index].isNews = true
            links[index].assignment = ClearingMessage.Assignment(
                version: versions, pass: pass, clearing: clearing, power: power,
                window: window ?? bracket(clearing.price))
        }
    }

    /// At the root: a second pass where bids of the first lack points. Behind a full branch: a window about
    /// the own price.
    private mutating func beginPass(at clearing: BidCurve.Clearing) {
        let isRough = links.contains { $0.bid?.isExact == false }
        guard isRough else { return }
        if tree.isRoot, pass == 0 {
            pass = 1
            window = bracket(clearing.price)
        } else if let window, !window.contains(clearing.price) {
            self.window = bracket(clearing.price)
        }
    }

    /// The prices next to one at which every child's bid is right.
    private func bracket(_ price: EnergyCost) -> ClosedRange<EnergyCost> {
        links.reduce(price...price) { range, link in
            guard let bid = link.bid, !bid.isExact else { return range }
            let own = bid.curve.bracket(price)
            return min(range.lowerBound, own.lowerBound)...max(range.upperBound, own.upperBound)
        }
    }
}

// What it says.
extension ClearingAgent {
    private mutating func tellAll(_ outbox: inout Outbox<ClearingMessage>) {
        for index in links.indices { tell(index, &outbox) }
    }

    private mutating func tell(_ index: Int, _ outbox: inout Outbox<ClearingMessage>) {
        links[index].isNews = false
        let link = links[index]
        var body = ClearingMessage(place: tree.place, step: step, heard: link.taken)
        if tree.parent == index, let ownBid, ownBid.version != link.heard { body.bid = ownBid }
        if tree.isChild(index), let assignment = link.assignment, assignment.version != link.heard {
            body.assignment = assignment
        }
        outbox.send(body, to: tree.neighbours[index].node)
    }

    private mutating func schedule(at now: VirtualTime, _ outbox: inout Outbox<ClearingMessage>) {
        next = now + settings.tick
        if next <= deadline { outbox.wake(at: next) }
    }
}
