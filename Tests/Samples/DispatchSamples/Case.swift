import Grid
public import Scheduling
public import Timeline

/// Small problems in kW, kWh and yuan/kWh, steps of one hour unless said.
public struct Case {
    /// Number of steps, and length of one, s.
    public var steps: Int
    public var step = 3600
    /// Offers added so far.
    public var offers: [Offer] = []

    /// A case without offers.
    public init(steps: Int) { self.steps = steps }

    /// Steps from 1970 on.
    public var horizon: Horizon { Horizon(start: Instant(secondsSinceEpoch: 0), step: step, count: steps) }

    /// Adds an offer; each list has one value or one a step.
    public mutating func add(
        _ lower: [Double], _ upper: [Double], deliver: [Double] = [0], absorb: [Double] = [0],
        quadratic: Double = 0,
        perHourOn: Double = 0, rating: Double? = nil, store: Reservoir? = nil, ramp: Double? = nil,
        power: Double = 0, minimum: Double? = nil, role: Offer.Role? = nil, cycling: Cycling? = nil
    ) {
        func watts(_ values: [Double]) -> [Power] {
            (0..<steps).map { Power(kilowatts: values[values.count == 1 ? 0 : $0]) }
        }
        let cost = Cost(
            deliver: deliver.map { EnergyCost(yuanPerKilowattHour: $0) },
            absorb: absorb.map { EnergyCost(yuanPerKilowattHour: $0) }, quadratic: quadratic / 1e6,
            perHourOn: perHourOn)
        offers.append(
            Offer(
                device: DeviceID(offers.count), role: role, horizon: horizon, lower: watts(lower),
                upper: watts(upper), cost: cost,
                rating: rating.map { Power(kilowatts: $0) }, reservoir: store, ramp: ramp.map { $0 / 3.6 },
                power: Power(kilowatts: power), minimumWhenOn: minimum.map { Power(kilowatts: $0) },
                cycling: cycling))
    }

    /// Adds a load.
    public mutating func load(_ demand: [Double], value: Double = 20, rating: Double? = nil) {
        add(demand.map { -$0 }, [0], deliver: [value], absorb: [value], rating: rating, role: .load)
    }

    /// Adds a grid connection.
    public mutating func connection(
        limit: Double, export: Double = 0, price: [Double], feedIn: [Double] = [0]
    ) {
        add([-export], [limit], deliver: price, absorb: feedIn, role: .connection)
    }

    /// The problem of the offers added.
    public func problem(stored: Double? = nil, losses: [Double]? = nil) -> DispatchProblem {
        DispatchProblem(
            horizon: horizon, offers: offers, losses: losses?.map { Power(kilowatts: $0) },
            storedValue: stored.map { EnergyCost(yuanPerKilowattHour: $0) })
    }

    /// A store of kWh.
    public static func store(
        _ stored: Double, _ range: ClosedRange<Double>, charge: Double = 0.9, discharge: Double = 0.9,
        leak: Double = 0
    ) -> Reservoir {
        Reservoir(
            stored: Energy(kilowattHours: stored), minimum: Energy(kilowattHours: range.lowerBound),
            maximum: Energy(kilowattHours: range.upperBound), chargeEfficiency: charge,
            dischargeEfficiency: discharge, selfDischarge: leak)
    }
}

extension Plan {
    /// Powers of an offer, kW.
    public func kilowatts(_ offer: Int) -> [Double] { power(of: offer).map(\.kilowatts) }
    /// Prices, yuan/kWh.
    public var prices: [Double] { price.map(\.yuanPerKilowattHour) }
}
