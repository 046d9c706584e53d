public import Market
public import Timeline

/// The registry of green certificates: issued with consecutive serial numbers, sold once, never changed
/// otherwise.
public struct CertificateRegister: Hashable, Sendable {
    /// Disjoint, in order of serial number, together every number issued.
    public private(set) var certificates: [Certificate] = []
    public private(set) var issued: Int64 = 0

    public init() {}

    /// Issues `count` certificates for energy `producer` made in `month` and gives their serial numbers.
    public mutating func issue(_ count: Int64, to producer: Participant, month: CivilMonth) -> Range<Int64> {
        precondition(count > 0)
        let ids = issued..<issued + count
        certificates.append(
            Certificate(producer: producer, month: month, ids: ids, holder: producer, state: .issued))
        issued += count
        return ids
    }

    /// Hands the oldest `count` unsold certificates of `producer` to `buyer` and gives their serial
    /// numbers; nil, and nothing changes, when it has fewer.
    public mutating func sell(
        _ count: Int64, of producer: Participant, to buyer: Participant
    ) -> [Range<Int64>]? {
        let unsold = certificates.filter { $0.producer == producer && $0.state == .issued }
        guard unsold.reduce(0, { $0 + Int64($1.ids.count) }) >= count else { return nil }
        var left = count
        var sold: [Range<Int64>] = []
        certificates = certificates.flatMap { batch -> [Certificate] in
            guard left > 0, batch.producer == producer, batch.state == .issued else { return [batch] }
            let split = batch.ids.lowerBound + min(left, Int64(batch.ids.count))
            let taken = batch.ids.lowerBound..<split
            left -= Int64(taken.count)
            sold.append(taken)
            let part = Certificate(
                producer: producer, month: batch.month, ids: taken, holder: buyer, state: .sold)
            guard split < batch.ids.upperBound else { return [part] }
            let rest = Certificate(
                producer: producer, month: batch.month, ids: split..<batch.ids.upperBound, holder: producer,
                state: .issued)
            return [part, rest]
        }
        return sold
    }

    /// How many `participant` holds.
    public func held(by participant: Participant) -> Int64 {
        certificates.reduce(0) { $0 + ($1.holder == participant ? Int64($1.ids.count) : 0) }
    }
}
