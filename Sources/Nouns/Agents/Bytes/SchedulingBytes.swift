import Grid
public import Scheduling
public import Timeline

// What messages carry, in bytes. What is read keeps the preconditions of its type; anything else is nil.

extension Interval {
    /// Length in bytes.
    public static var byteCount: Int { 16 }

    /// Writes begin and length.
    public func write(to bytes: inout ByteWriter) {
        bytes.write(start.secondsSinceEpoch)
        bytes.write(Int64(seconds))
    }

    /// Reads an interval; nil where it has no length, or lies beyond all calendars.
    public init?(from bytes: inout ByteReader) {
        guard let start = bytes.whole(Int64.self), let seconds = bytes.whole(Int64.self),
            start.magnitude < 1 << 48, (1..<1 << 32).contains(seconds)
        else { return nil }
        self.init(start: Instant(secondsSinceEpoch: start), seconds: Int(seconds))
    }
}

extension Setpoint {
    /// Length in bytes.
    public static var byteCount: Int { 4 + Interval.byteCount + 16 }

    /// Writes all its values.
    public func write(to bytes: inout ByteWriter) {
        bytes.write(UInt32(device.index))
        interval.write(to: &bytes)
        bytes.write([power.value, reactive.value])
    }

    /// Reads a setpoint.
    public init?(from bytes: inout ByteReader) {
        guard let device = bytes.whole(UInt32.self), let interval = Interval(from: &bytes),
            let values = bytes.finite(count: 2)
        else { return nil }
        self.init(
            device: DeviceID(Int(device)), interval: interval, power: Power(values[0]),
            reactive: ReactivePower(values[1]))
    }
}

extension Measurement {
    /// Length in bytes.
    public static var byteCount: Int { 4 + Interval.byteCount + 32 }

    /// Writes all its values.
    public func write(to bytes: inout ByteWriter) {
        bytes.write(UInt32(device.index))
        interval.write(to: &bytes)
        bytes.write([lower.value, upper.value, power.value, stored.value])
    }

    /// Reads a measurement; nil where its bounds contradict each other.
    public init?(from bytes: inout ByteReader) {
        guard let device = bytes.whole(UInt32.self), let interval = Interval(from: &bytes),
            let values = bytes.finite(count: 4), values[0] <= values[1]
        else { return nil }
        self.init(
            device: DeviceID(Int(device)), interval: interval, lower: Power(values[0]),
            upper: Power(values[1]), power: Power(values[2]), stored: Energy(values[3]))
    }
}

extension BidCurve {
    /// Length in bytes: 16 a point.
    public var byteCount: Int { 16 * points.count }

    /// Writes price and power of each point.
    public func write(to bytes: inout ByteWriter) {
        for point in points { bytes.write([point.price.value, point.power.value]) }
    }

    /// Reads a curve of `count` points; nil where it falls.
    public init?(points count: Int, from bytes: inout ByteReader) {
        guard count > 0, count < 1 << 28, let numbers = bytes.finite(count: 2 * count) else { return nil }
        let points = (0..<count).map {
            Point(price: EnergyCost(numbers[2 * $0]), power: Power(numbers[2 * $0 + 1]))
        }
        let rises = zip(points, points.dropFirst()).allSatisfy {
            $0.price <= $1.price && $0.power <= $1.power
        }
        guard rises else { return nil }
        self.init(points: points)
    }
}
