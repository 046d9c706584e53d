public import Devices
public import Grid
import Planning
public import Scheduling
public import Simulator
public import Timeline

/// The whole microgrid in one step.
public struct StepFacts: Hashable, Sendable {
    /// Power that loads want.
    public private(set) var demand = Power.zero
    /// Demand not served (`DeviceKind.unserved`).
    public private(set) var unserved = Power.zero
    /// Curtailment of sun, wind and water (`DeviceKind.curtailed`).
    public private(set) var curtailed = Power.zero
    /// Network losses (I²R).
    public let losses: Power
    /// Power of all devices less the losses: zero within the tolerance of the power flow.
    public let residual: Power
    /// Power at all grid connections, positive when imported.
    public let exchange: Power
    /// Net power by `DeviceKind.index`, positive when given to the network.
    public private(set) var power = Array(repeating: Power.zero, count: DeviceKind.allCases.count)
    /// Price of energy imported at the first connection.
    public let importPrice: EnergyCost
    /// Price of energy exported at the first connection.
    public let feedIn: EnergyCost
    /// Prices of energy imported and exported at the further connections, in their order.
    public let furtherPrices: [Prices]
    /// Marginal price at the grid connection in the plan in force; nil without a plan.
    public let marginalPrice: EnergyCost?
    /// Price at the grid connection at which the step was cleared on what was measured; nil where it was not.
    public let clearedPrice: EnergyCost?
    /// Marginal price of each area of the plan in force; nil without a plan, empty without areas.
    public let areaPrices: [EnergyCost?]
    /// Planned flow over each branch between two areas, positive from → to; nil without a plan, empty without
    /// areas.
    public let tieFlows: [Power?]
    /// Voltages of the energised buses; nil when there is none, or no solution.
    public let voltage: Band?

    /// Prices of energy at one grid connection.
    public struct Prices: Hashable, Sendable {
        /// Of import, and of export.
        public let imported, exported: EnergyCost
    }

    /// |V| over the energised buses, fractions of nominal.
    public struct Band: Hashable, Sendable {
        /// Lowest voltage.
        public let lowest: Double
        /// Index of its bus.
        public let lowestBus: Int
        /// Mean of the buses.
        public let mean: Double
        /// Highest voltage.
        public let highest: Double
        /// Index of its bus.
        public let highestBus: Int
    }

    /// Sums up `record`. `plan` is the plan in force, the latest one made; nil before the first.
    public init(_ record: Record, of scenario: Scenario, plan: Plan?) {
        losses = record.point.status.isSolved ? record.point.losses : .zero
        exchange = scenario.connections.reduce(.zero) { $0 + record.power[$1] }
        residual = record.power.reduce(.zero, +) - losses
        voltage = Band(record, of: scenario)
        let step = plan?.step(of: record.interval)
        marginalPrice = step.map { plan!.price(in: scenario.connectionArea, at: $0) }
        clearedPrice = record.clearedPrice(in: scenario.connectionArea)
        let areas = scenario.planning.rules.areas
        areaPrices = (0..<(areas?.names.count ?? 0)).map { area in
            step.map { plan!.price(in: area, at: $0) }
        }
        tieFlows = (0..<(areas?.crossings.count ?? 0)).map { tie in
            step.map { plan!.flow(over: tie, at: $0) }
        }
        let grids = scenario.connections.compactMap { scenario.devices[$0].externalGrid }
        importPrice = grids.first?.importPrice[record.step] ?? .zero
        feedIn = grids.first?.feedIn(at: record.step) ?? .zero
        furtherPrices = grids.dropFirst().map {
            Prices(imported: $0.importPrice[record.step], exported: $0.feedIn(at: record.step))
        }
        for (index, device) in scenario.devices.enumerated() {
            let (kind, given, potential) = (device.deviceKind, record.power[index], record.potential[index])
            power[kind.index] = power[kind.index] + given
            if kind == .load { demand = demand + potential }
            unserved = unserved + kind.unserved(given, of: potential)
            curtailed = curtailed + kind.curtailed(given, of: potential)
        }
    }

    /// Power of all devices of `kind`, positive when given to the network.
    public func power(of kind: DeviceKind) -> Power { power[kind.index] }

    /// Net load: power of the loads less that of sun, wind and water.
    public var netLoad: Power {
        -power(of: .load) - power(of: .solar) - power(of: .wind) - power(of: .hydro)
    }
}

extension StepFacts.Band {
    /// Over all phases of a feeder, or over the buses of a balanced network.
    fileprivate init?(_ record: Record, of scenario: Scenario) {
        guard let own = scenario.feeder, let step = record.feeder else {
            self.init(record.point, of: scenario.network)
            return
        }
        let live = step.voltage.indices.filter { step.voltage[$0] > 0 }
        guard record.point.status.isSolved,
            let low = live.min(by: { step.voltage[$0] < step.voltage[$1] }),
            let high = live.max(by: { step.voltage[$0] < step.voltage[$1] })
        else { return nil }
        self.init(
            lowest: step.voltage[low], lowestBus: own.phases[low].bus,
            mean: live.reduce(0) { $0 + step.voltage[$1] } / Double(live.count),
            highest: step.voltage[high], highestBus: own.phases[high].bus)
    }

    private init?(_ point: OperatingPoint, of network: Network) {
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
    /// Returns which step of the plan `interval` is; nil outside the plan.
    public func step(of interval: Interval) -> Int? {
        let step = interval.start.seconds(since: horizon.start) / horizon.step
        return horizon.indices.contains(step) ? step : nil
    }
}
