import Devices
public import Grid
public import Scheduling
public import Simulator
import Timeline

/// What one record says of the whole microgrid.
public struct StepFacts: Hashable, Sendable {
    /// What loads wanted, and what of it they did not get.
    public private(set) var demand = Power.zero
    public private(set) var unserved = Power.zero
    /// What sun, wind and water could have given beyond what they gave.
    public private(set) var curtailed = Power.zero
    /// I²R of the wires.
    public let losses: Power
    /// What all devices gave less the losses: zero but for the tolerance of the power flow.
    public let residual: Power
    /// Positive when imported.
    public let exchange: Power
    /// Net power by `DeviceKind.index`, positive when given.
    public private(set) var power = Array(repeating: Power.zero, count: DeviceKind.allCases.count)
    public let importPrice: EnergyCost
    public let feedIn: EnergyCost
    /// What one more Wh would have cost, as the plan in force saw it; nil without a plan.
    /// At the connection.
    public let marginalPrice: EnergyCost?
    /// The same of each area of the plans, and what each branch between two areas was to carry; empty without
    /// areas.
    public let areaPrices: [EnergyCost?]
    public let tieFlows: [Power?]
    /// |V| over the energised buses, fractions of nominal; nil when there was none.
    public let voltage: Band?

    public struct Band: Hashable, Sendable {
        public let lowest: Double
        public let lowestBus: Int
        public let mean: Double
        public let highest: Double
        public let highestBus: Int
    }

    public init(_ record: Record, of scenario: Scenario, plan: Plan?) {
        losses = record.point.losses
        exchange = record.power[scenario.connection]
        residual = record.power.reduce(.zero, +) - losses
        voltage = Band(record.point, of: scenario.network)
        let step = plan?.step(of: record.interval)
        marginalPrice = step.map { plan!.price(in: scenario.connectionArea, at: $0) }
        let areas = scenario.planning.rules.areas
        areaPrices = (0..<(areas?.names.count ?? 0)).map { area in
            step.map { plan!.price(in: area, at: $0) }
        }
        tieFlows = (0..<(areas?.crossings.count ?? 0)).map { tie in
            step.map { plan!.flow(over: tie, at: $0) }
        }
        switch scenario.devices[scenario.connection].kind {
        case .grid(let grid): (importPrice, feedIn) = (grid.importPrice[record.step], grid.feedIn)
        default: (importPrice, feedIn) = (.zero, .zero)
        }
        for (index, device) in scenario.devices.enumerated() {
            let (kind, given) = (device.sort, record.power[index])
            power[kind.index] = power[kind.index] + given
            if kind == .load {
                demand = demand + record.potential[index]
                unserved = unserved + max(.zero, record.potential[index] + given)
            } else if kind.isRenewable {
                curtailed = curtailed + max(.zero, record.potential[index] - given)
            }
        }
    }

    /// Power of all devices of `kind`, positive when given.
    public func power(of kind: DeviceKind) -> Power { power[kind.index] }

    /// Demand that sun, wind and water leave to the others.
    public var netLoad: Power {
        -power(of: .load) - power(of: .solar) - power(of: .wind) - power(of: .hydro)
    }
}

extension StepFacts.Band {
    init?(_ point: OperatingPoint, of network: Network) {
        var (low, high, sum, count) = (-1, -1, 0.0, 0)
        var (lowest, highest) = (Double.infinity, 0.0)
        for (index, bus) in network.buses.enumerated() where point.voltage[index] > .zero {
            let magnitude = point.voltage[index] / bus.nominalVoltage
            if magnitude < lowest { (low, lowest) = (index, magnitude) }
            if magnitude > highest { (high, highest) = (index, magnitude) }
            sum += magnitude
            count += 1
        }
        guard count > 0, point.status.isSolved else { return nil }
        self.init(
            lowest: lowest, lowestBus: low, mean: sum / Double(count), highest: highest, highestBus: high)
    }
}

extension Plan {
    /// Which step `interval` is; nil outside the plan.
    fileprivate func step(of interval: Interval) -> Int? {
        let step = interval.start.seconds(since: horizon.start) / horizon.step
        return horizon.indices.contains(step) ? step : nil
    }
}
