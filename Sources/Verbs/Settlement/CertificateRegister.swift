public import Market
public import Timeline

/// The register of green electricity certificates (绿证). Certificates are issued with consecutive serial
/// numbers and sold once; nothing else changes them.
public struct CertificateRegister: Hashable, Sendable {
    /// Batches of certificates in order of serial number. They do not overlap, and together they hold every
    /// number issued.
    public private(set) var certificates: [Certificate] = []
    /// Number of certificates issued; serial numbers are 0 ..< `issued`.
    public private(set) var issued: Int64 = 0

    /// Creates an empty register.
    public init() {}

    /// Issues `count` certificates (above zero) for energy that `producer` generated in `month`; returns
    /// their serial numbers.
    public mutating func issue(_ count: Int64, to producer: Participant, month: CivilMonth) -> Range<Int64> {
        precondition(count > 0)
        let ids = issued..<issued + count
        certificates.append(
            Certificate(producer: producer, month: month, ids: ids, holder: producer, state: .issued))
        issued += count
        checkHeld()
        return ids
    }

    /// Transfers the oldest `count` unsold certificates of `producer` to `buyer`; returns their serial
    /// numbers. Nil, and no change, when the producer has fewer.
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
        precondition(left == 0)
        checkHeld()
        return sold
    }

    /// Every certificate issued is held by one participant: none is lost, none stands twice.
    private func checkHeld() {
        let held = certificates.reduce(0) { $0 + Int64($1.ids.count) }
        precondition(held == issued, "a certificate was lost or stands twice")
    }

    /// Returns the number of certificates that `participant` holds.
    public func held(by participant: Participant) -> Int64 {
        certificates.reduce(0) { $0 + ($1.holder == participant ? Int64($1.ids.count) : 0) }
    }
}
