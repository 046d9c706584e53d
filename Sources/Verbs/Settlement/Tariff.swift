// The delivered price of a segment (到户电价), its factor f on the floating components only:
//     price(seg) = f(seg)·Σ floating + Σ fixed,
// rounded once to the µyuan, half away from zero: prices are published to six decimals.

public import Market
public import Timeline

/// What a kWh costs by the time of day (分时电价), and what a kW of the month's peak costs (需量电价).
public struct Tariff: Hashable, Sendable {
    public enum Component: String, Hashable, Sendable, CaseIterable {
        /// The energy itself (上网电价).
        case energy
        /// Losses on the way (上网环节线损).
        case loss
        /// Transmission and distribution (输配电价).
        case transmission
        /// System operation (系统运行费).
        case systemOperation
        /// Government funds (政府性基金).
        case funds
    }

    public struct Charge: Hashable, Sendable {
        public let component: Component
        public let price: Price
        /// Multiplied by the segment's factor.
        public let floats: Bool

        public init(_ component: Component, _ price: Price, floats: Bool) {
            self.component = component
            self.price = price
            self.floats = floats
        }
    }

    /// From `start` seconds after midnight until the next window starts.
    public struct Window: Hashable, Sendable {
        public let start: Int
        public let segment: TimeOfUse

        public init(start: Int, segment: TimeOfUse) {
            self.start = start
            self.segment = segment
        }

        public init(hour: Int, _ segment: TimeOfUse) {
            self.init(start: hour * 3600, segment: segment)
        }
    }

    public struct Demand: Hashable, Sendable {
        /// A month, per kW.
        public let price: Money
        /// Length of the means whose highest counts, s; divides a day.
        public let interval: Int

        public init(price: Money, interval: Int = 900) {
            self.price = price
            self.interval = interval
        }
    }

    public let charges: [Charge]
    public let windows: [Window]
    /// In thousandths, for each segment that has a window.
    public let factors: [TimeOfUse: Int64]
    public let demand: Demand?

    /// Nil unless the windows partition a day (in order, the first from midnight) and each segment has a
    /// factor between 0 and 100, every price is billable, and the demand interval divides a day.
    public init?(charges: [Charge], windows: [Window], factors: [TimeOfUse: Int64], demand: Demand?) {
        guard windows.first?.start == 0, windows.last!.start < 86_400,
            zip(windows, windows.dropFirst()).allSatisfy({ $0.start < $1.start }),
            windows.allSatisfy({ factors[$0.segment].map { (0...100_000).contains($0) } ?? false }),
            charges.allSatisfy({ Price.billable.contains($0.price) }),
            demand.map({ Self.isBillable($0) }) ?? true
        else { return nil }
        self.charges = charges
        self.windows = windows
        self.factors = factors
        self.demand = demand
    }

    private static func isBillable(_ demand: Demand) -> Bool {
        demand.interval > 0 && 86_400 % demand.interval == 0 && (0...100_000_000).contains(demand.price.fen)
    }

    /// The segment of a step that begins when clocks show `time`.
    public func segment(at time: CivilTime) -> TimeOfUse {
        windows.last { $0.start <= time.secondOfDay }!.segment
    }

    /// The delivered price. A segment without a window has factor 1.
    public func price(of segment: TimeOfUse) -> Price {
        price(of: segment, charges: charges)
    }

    /// The delivered price without its energy component: what is still due on energy bought elsewhere.
    public func priceWithoutEnergy(of segment: TimeOfUse) -> Price {
        price(of: segment, charges: charges.filter { $0.component != .energy })
    }

    /// True when a step of `horizon` begins in one segment and ends in another: it would be billed wholly
    /// by the first.
    public func isStraddled(by horizon: Horizon, in zone: TimeZoneTable) -> Bool {
        guard Set(windows.map(\.segment)).count > 1 else { return false }
        guard 86_400 % horizon.step == 0 else { return true }
        let changes = zone.transitions.filter { horizon.start < $0.at && $0.at < horizon.end }
        let used = [zone.offset(at: horizon.start)] + changes.map(\.offset)
        return used.contains { offset in
            let begin = CivilTime(horizon.start, offset: offset).secondOfDay
            return windows.contains { ($0.start - begin) % horizon.step != 0 }
        }
    }

    private func price(of segment: TimeOfUse, charges: [Charge]) -> Price {
        let factor = Int128(factors[segment] ?? 1000)
        let thousandths = charges.reduce(Int128(0)) {
            $0 + Int128($1.price.microyuanPerKilowattHour) * ($1.floats ? factor : 1000)
        }
        return Price(microyuanPerKilowattHour: Int64(thousandths.dividedHalfAwayFromZero(by: 1000)))
    }
}

extension Price {
    /// What lines can carry without passing 64 bits: up to 1,000 yuan/kWh in either direction.
    public static let billable =
        Price(microyuanPerKilowattHour: -1_000_000_000)...Price(microyuanPerKilowattHour: 1_000_000_000)
}
