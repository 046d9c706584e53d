// The delivered price (到户电价) of a time-of-use segment applies the factor f of the segment to the floating
// components only,
//     price(segment) = f(segment)·Σ floating + Σ fixed,
// and is rounded once to the µyuan, half away from zero: prices are published to six decimals.

public import Market
public import Timeline

/// Time-of-use tariff (分时电价) with an optional demand charge (需量电价).
public struct Tariff: Hashable, Sendable {
    /// Component of the delivered price.
    public enum Component: String, Hashable, Sendable, CaseIterable {
        /// Energy (上网电价).
        case energy
        /// Network losses (上网环节线损).
        case loss
        /// Transmission and distribution (输配电价).
        case transmission
        /// System operation (系统运行费).
        case systemOperation
        /// Government funds (政府性基金).
        case funds
    }

    /// Price of one component.
    public struct Charge: Hashable, Sendable {
        /// Component that is priced.
        public let component: Component
        /// Price per kWh, before the factor of the segment.
        public let price: Price
        /// True where the factor of the segment multiplies the price.
        public let floats: Bool

        /// Creates the price of one component.
        public init(_ component: Component, _ price: Price, floats: Bool) {
            self.component = component
            self.price = price
            self.floats = floats
        }
    }

    /// Window of the day: from `start` until the next window starts.
    public struct Window: Hashable, Sendable {
        /// Begin, s after local midnight.
        public let start: Int
        /// Time-of-use segment of the window.
        public let segment: TimeOfUse

        /// Creates a window from `start` seconds after midnight on.
        public init(start: Int, segment: TimeOfUse) {
            self.start = start
            self.segment = segment
        }

        /// Creates a window from a full hour on.
        public init(hour: Int, _ segment: TimeOfUse) {
            self.init(start: hour * 3600, segment: segment)
        }
    }

    /// Demand charge on the highest mean import of a month.
    public struct Demand: Hashable, Sendable {
        /// Price per kW and month.
        public let price: Money
        /// Length of the intervals whose highest mean counts, s; divides a day.
        public let interval: Int

        /// Creates a demand charge.
        public init(price: Money, interval: Int = 900) {
            self.price = price
            self.interval = interval
        }
    }

    /// Components of the price.
    public let charges: [Charge]
    /// Windows of the day in order; the first starts at midnight.
    public let windows: [Window]
    /// Factors in thousandths, for each segment that has a window.
    public let factors: [TimeOfUse: Int64]
    /// Demand charge; nil where none applies.
    public let demand: Demand?

    /// Creates a tariff; nil unless all of these hold: the windows are in order and the first starts at
    /// midnight, each segment with a window has a factor between 0 and 100, every price is within
    /// `Price.billable`, and the demand interval divides a day.
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

    /// Returns the time-of-use segment of a step that begins at the local time `time`.
    public func segment(at time: CivilTime) -> TimeOfUse {
        windows.last { $0.start <= time.secondOfDay }!.segment
    }

    /// Returns the delivered price of a segment. A segment without a window has factor 1.
    public func price(of segment: TimeOfUse) -> Price {
        price(of: segment, charges: charges)
    }

    /// Returns the delivered price without its energy component, which is due on energy bought elsewhere.
    public func priceWithoutEnergy(of segment: TimeOfUse) -> Price {
        price(of: segment, charges: charges.filter { $0.component != .energy })
    }

    /// Returns whether a step of `horizon` begins in one segment and ends in another. Settlement would bill
    /// such a step wholly at the price of the first segment.
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
    /// Prices for which no settlement line exceeds 64 bits: −1,000 … 1,000 yuan/kWh.
    public static let billable =
        Price(microyuanPerKilowattHour: -1_000_000_000)...Price(microyuanPerKilowattHour: 1_000_000_000)
}
