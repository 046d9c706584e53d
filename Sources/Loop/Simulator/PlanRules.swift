import Devices
public import Grid
public import Scheduling
import Settlement
import Timeline

/// What a scenario's plans must keep to, by device; `Requirements` says the same of one problem.
public struct PlanRules: Hashable, Sendable {
    /// How the tariff's demand charge enters a plan.
    public enum DemandRule: String, Hashable, Sendable, CaseIterable {
        /// Not at all.
        case ignored
        /// In full for what the plan adds to the month's peak so far.
        case full
        /// In the proportion of the plan's part of what is left of the month, or of the simulated time: the
        /// peak serves all of it.
        case shared
    }

    public enum End: Hashable, Sendable {
        case valued, asNow
        /// Of the capacity of every battery.
        case stateOfCharge(Double)
    }

    public struct Spinning: Hashable, Sendable {
        /// Of the loads' demand.
        public let share: Double
        /// h
        public let hours: Double

        public init(share: Double, hours: Double) {
            self.share = share
            self.hours = hours
        }
    }

    public struct Island: Hashable, Sendable {
        /// s
        public let length: Int
        /// Devices that can form a grid, and loads that must be served.
        public let forming: [DeviceID]
        public let loads: [DeviceID]

        public init(length: Int, forming: [DeviceID], loads: [DeviceID]) {
            self.length = length
            self.forming = forming
            self.loads = loads
        }
    }

    /// Whether plans keep to the limits of voltage, current and exchange that their power flow shows.
    public var heedsNetwork = false
    /// Least power factor of the exchange at the connection; nil: whatever comes. Only where plans heed the
    /// network.
    public var powerFactor: Double?
    public var demand = DemandRule.shared
    public var end = End.valued
    /// Yuan per kg of CO₂.
    public var emissionPrice = 0.0
    /// kg of CO₂ over the horizon of each plan.
    public var emissionCap: Double?
    public var spinning: Spinning?
    public var island: Island?
    /// Nil: the whole network is one place.
    public var areas: PlanAreas?

    public init() {}
}

extension PlanRules {
    /// What `offers` over `horizon` must keep to, as `peak` stands.
    func requirements(_ scenario: Scenario, _ offers: [Offer], over horizon: Horizon, _ peak: PeakMemory)
        -> Requirements
    {
        var requirements = Requirements()
        let devices = scenario.devices
        func places(_ ids: [DeviceID]) -> [Int] {
            ids.compactMap { id in offers.firstIndex { $0.device == id } }
        }
        func isLoad(_ offer: Offer) -> Bool {
            if case .load = devices[offer.device.index].kind { true } else { false }
        }
        if demand != .ignored, let connection = places([DeviceID(scenario.connection)]).first {
            requirements.demandCharge = peak.charge(
                on: connection, over: horizon, shared: demand == .shared)
        }
        requirements.end = end(offers, devices)
        if emissionPrice > 0 || emissionCap != nil {
            requirements.emissions = Emissions(
                factors: offers.map { factor(of: devices[$0.device.index], scenario.terms.rules.carbon) },
                price: emissionPrice, cap: emissionCap)
        }
        if let spinning {
            let demand = horizon.indices.map { step in
                offers.reduce(Power.zero) { isLoad($1) ? $0 - $1.lower[step] : $0 }
            }
            requirements.spinning = SpinningReserve(
                required: demand.map { $0 * spinning.share },
                providers: offers.indices.filter { holdsReserve(devices[offers[$0].device.index]) },
                hours: spinning.hours)
        }
        if let island {
            requirements.island = IslandReserve(
                steps: (island.length + horizon.step - 1) / horizon.step, forming: places(island.forming),
                loads: places(island.loads))
        }
        return requirements
    }

    private func end(_ offers: [Offer], _ devices: [Device]) -> Requirements.End {
        switch end {
        case .valued: .valued
        case .asNow: .asNow
        case .stateOfCharge(let share):
            .contents(
                offers.map { offer in
                    guard case .battery(let battery) = devices[offer.device.index].kind else { return nil }
                    return battery.capacity * share
                })
        }
    }

    /// kg per Wh given.
    private func factor(of device: Device, _ carbon: CarbonFactors) -> [Double] {
        switch device.kind {
        case .grid: [carbon.imported / 1000]
        case .genset(let genset): [carbon.diesel * genset.fuelSlope]
        default: []
        }
    }

    /// What answers at once to a loss of power: batteries, gensets that run, the connection.
    private func holdsReserve(_ device: Device) -> Bool {
        switch device.kind {
        case .battery, .genset, .grid: true
        default: false
        }
    }
}
