import Agents
import Grid
import Scheduling
import TestSupport
import Testing
import Timeline

/// What messages carry, in bytes: as long as it says, and the same when it is read again.
@Suite struct BytesTests {
    /// Writes and reads, with the length.
    private func again<T>(
        _ write: (inout ByteWriter) -> Void, _ read: (inout ByteReader) -> T?
    ) -> (value: T?, length: Int, left: Int) {
        var writer = ByteWriter()
        write(&writer)
        var reader = ByteReader(writer.bytes)
        let value = read(&reader)
        return (value, writer.bytes.count, reader.left)
    }

    @Test("numbers of every width are the same bits again, least significant byte first")
    func numbers() {
        var writer = ByteWriter()
        writer.write(UInt32(0x0102_0304))
        writer.write(Int64.min)
        writer.write(-0.0)
        #expect(writer.bytes.prefix(4) == [4, 3, 2, 1] && writer.bytes.count == 20)
        var reader = ByteReader(writer.bytes)
        #expect(reader.whole(UInt32.self) == 0x0102_0304)
        #expect(reader.whole(Int64.self) == .min)
        #expect(reader.finite()?.sign == .minus)
        #expect(reader.whole(UInt8.self) == nil && reader.number() == nil && reader.finite(count: 1) == nil)
        #expect(reader.finite(count: 0) == [])
    }

    private func offer(_ random: inout SplitMix64) -> Offer {
        let steps = random.whole(1..<6)
        func series(_ count: Int, _ range: ClosedRange<Double>) -> [Double] {
            random.uniform(range, count: count)
        }
        func maybe<T>(_ value: T) -> T? { random.whole(0..<2) == 0 ? nil : value }
        var store = maybe(
            Reservoir(
                stored: Energy(random.uniform()), minimum: .zero, maximum: Energy(2), chargeEfficiency: 0.9,
                dischargeEfficiency: 0.8, selfDischarge: 0.01))
        if random.whole(0..<2) == 0 { store?.drain = series(steps, 0...1).map { Energy($0) } }
        if random.whole(0..<2) == 0 { store?.required = series(steps, 0...1).map { Energy($0) } }
        let roles: [Offer.Role] = [.source, .load, .connection]
        return Offer(
            device: DeviceID(random.whole(0..<1000)),
            role: store == nil ? roles[random.whole(0..<3)] : .store,
            horizon: Horizon(start: Instant(secondsSinceEpoch: -5), step: 900, count: steps),
            lower: series(steps, -9...0).map { Power($0) }, upper: series(steps, 0...9).map { Power($0) },
            cost: Cost(
                deliver: series(maybe(steps) ?? 1, 0...1).map { EnergyCost($0) },
                absorb: series(maybe(steps) ?? 1, -1...0).map { EnergyCost($0) }, quadratic: random.uniform(),
                perHourOn: random.uniform()),
            rating: maybe(Power(7)), reservoir: store, ramp: maybe(3), power: Power(random.uniform()),
            minimumWhenOn: maybe(Power(1)),
            cycling: maybe(
                Cycling(minimumUp: 2, hotStart: 30, coldStart: 70, isOn: random.whole(0..<2) == 0)),
            capability: maybe(random.whole(0..<2) == 0 ? .perActive(0.3) : .apparentPower(ApparentPower(9))))
    }

    @Test("200 random offers with any of their parts are as long as they say and the same again")
    func offers() {
        var random = SplitMix64(seed: 11)
        for _ in 0..<200 {
            let offer = offer(&random)
            let read = again({ offer.write(to: &$0) }, { Offer(from: &$0) })
            #expect(read.value == offer && read.length == offer.byteCount && read.left == 0)
        }
    }

    @Test("setpoints, measurements and curves are as long as they say and the same again")
    func others() {
        let interval = Interval(start: Instant(secondsSinceEpoch: 1_784_044_800), seconds: 900)
        let setpoint = Setpoint(
            device: DeviceID(3), interval: interval, power: Power(-5.5), reactive: ReactivePower(2))
        let one = again({ setpoint.write(to: &$0) }, { Setpoint(from: &$0) })
        #expect(one.value == setpoint && one.length == Setpoint.byteCount && one.left == 0)
        let measurement = Measurement(
            device: DeviceID(9), interval: interval, lower: Power(-1), upper: Power(4), power: Power(2),
            stored: Energy(8))
        let two = again({ measurement.write(to: &$0) }, { Measurement(from: &$0) })
        #expect(two.value == measurement && two.length == Measurement.byteCount && two.left == 0)
        let curve = BidCurve(from: Power(-3)).adding(Power(5), at: EnergyCost(0.4))
        let three = again({ curve.write(to: &$0) }, { BidCurve(points: 2, from: &$0) })
        #expect(three.value == curve && three.length == curve.byteCount && three.left == 0)
    }

    /// A payload of any bytes.
    private struct Blob: CodedPayload, Hashable {
        var content: [UInt8]
        var byteCount: Int { messageHeaderBytes + content.count }
        static var kind: UInt8 { 250 }
        init(_ content: [UInt8]) { self.content = content }
        func write(to bytes: inout ByteWriter) { for byte in content { bytes.write(byte) } }
        init?(from bytes: inout ByteReader) {
            content = (0..<bytes.left).compactMap { _ in bytes.whole(UInt8.self) }
        }
    }

    @Test("a message is the same again, and no message when a byte of it is changed, missing or added")
    func damage() {
        let message = Message(
            sender: NodeID(7), receiver: NodeID(Int(UInt32.max)), epoch: 3, sequence: .max,
            body: Blob([0, 255, 17]))
        let bytes = message.bytes
        #expect(bytes.count == message.body.byteCount)
        #expect(Message<Blob>(bytes: bytes) == message)
        for place in bytes.indices {
            for bit in 0..<8 {
                var damaged = bytes
                damaged[place] ^= 1 << bit
                #expect(Message<Blob>(bytes: damaged) == nil)
            }
            #expect(Message<Blob>(bytes: bytes.prefix(place)) == nil)
        }
        #expect(Message<Blob>(bytes: bytes + [0]) == nil)
    }

    @Test("any bytes are read as an offer, setpoint, measurement or curve, or refused; nothing traps")
    func garbage() {
        var random = SplitMix64(seed: 12)
        var read = 0
        for _ in 0..<2000 {
            var writer = ByteWriter()
            offer(&random).write(to: &writer)
            var bytes = writer.bytes
            for _ in 0..<random.whole(1..<4) {
                bytes[random.whole(0..<bytes.count)] = UInt8(random.whole(0..<256))
            }
            for begin in [0, random.whole(0..<bytes.count)] {
                var reader = ByteReader(bytes[begin...])
                if let offer = Offer(from: &reader) {
                    read += 1
                    #expect(zip(offer.lower, offer.upper).allSatisfy { $0 <= $1 })
                }
                var others = (ByteReader(bytes), ByteReader(bytes[begin...]), ByteReader(bytes[begin...]))
                _ = (Setpoint(from: &others.0), Measurement(from: &others.1))
                _ = BidCurve(points: others.2.left / 16, from: &others.2)
            }
        }
        #expect(read > 100, "damaged values are still values")
    }
}
