public import Agents
import Grid
import Scheduling

// What the agents of a tree say, in bytes.
extension ClearingMessage: CodedPayload {
    /// Number of this kind of payload.
    public static var kind: UInt8 { 2 }

    /// No node: where there is no root, or no parent.
    private static let nobody = UInt32.max

    /// Writes place, step and acknowledgement (33 bytes), an assignment (45), a bid (6 and its points).
    public func write(to bytes: inout ByteWriter) {
        bytes.write(place.root?.rank ?? 0)
        bytes.write(place.root.map { UInt32($0.node.index) } ?? Self.nobody)
        bytes.write(place.root?.beat ?? 0)
        bytes.write(place.distance)
        bytes.write(place.parent.map { UInt32($0.index) } ?? Self.nobody)
        bytes.write(step)
        bytes.write(heard)
        bytes.write(UInt8(bid == nil ? 0 : 1) | UInt8(assignment == nil ? 0 : 2))
        if let assignment {
            bytes.write(assignment.version)
            bytes.write(assignment.pass)
            bytes.write([assignment.clearing.price.value, assignment.clearing.share])
            bytes.write(assignment.power.value)
            bytes.write([assignment.window.lowerBound.value, assignment.window.upperBound.value])
        }
        if let bid {
            bytes.write(bid.version)
            bytes.write(bid.pass)
            bytes.write(UInt8(bid.isExact ? 1 : 0))
            bid.curve.write(to: &bytes)
        }
    }

    /// Reads what `write` has written; nil where it is anything else.
    public init?(from bytes: inout ByteReader) {
        guard let rank = bytes.whole(UInt16.self), let root = bytes.whole(UInt32.self),
            let beat = bytes.whole(UInt64.self), let distance = bytes.whole(UInt16.self),
            let parent = bytes.whole(UInt32.self), let step = bytes.whole(Int64.self),
            let heard = bytes.whole(UInt32.self), let parts = bytes.whole(UInt8.self), parts < 4
        else { return nil }
        let place = TreePlace(
            root: root == Self.nobody ? nil : .init(rank: rank, node: NodeID(Int(root)), beat: beat),
            distance: distance, parent: parent == Self.nobody ? nil : NodeID(Int(parent)))
        self.init(place: place, step: step, heard: heard)
        if parts & 2 != 0 {
            guard let assignment = Assignment(from: &bytes) else { return nil }
            self.assignment = assignment
        }
        if parts & 1 != 0 {
            guard let bid = Bid(from: &bytes) else { return nil }
            self.bid = bid
        }
    }
}

extension ClearingMessage.Assignment {
    fileprivate init?(from bytes: inout ByteReader) {
        guard let version = bytes.whole(UInt32.self), let pass = bytes.whole(UInt8.self),
            let numbers = bytes.finite(count: 5), (0...1).contains(numbers[1]), numbers[3] <= numbers[4]
        else { return nil }
        self.init(
            version: version, pass: pass, clearing: .init(price: EnergyCost(numbers[0]), share: numbers[1]),
            power: Power(numbers[2]), window: EnergyCost(numbers[3])...EnergyCost(numbers[4]))
    }
}

extension ClearingMessage.Bid {
    fileprivate init?(from bytes: inout ByteReader) {
        guard let version = bytes.whole(UInt32.self), let pass = bytes.whole(UInt8.self),
            let exact = bytes.whole(UInt8.self), exact < 2, bytes.left.isMultiple(of: 16),
            let curve = BidCurve(points: bytes.left / 16, from: &bytes)
        else { return nil }
        self.init(version: version, pass: pass, isExact: exact == 1, curve: curve)
    }
}
