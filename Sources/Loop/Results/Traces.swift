public import Devices
public import Grid

/// The whole run as series of one value a step, for charts.
public struct Traces: Hashable, Sendable {
    /// Net power of all devices of a kind, by `DeviceKind.index`; positive when given to the network.
    public private(set) var power: [[Power]] = Array(repeating: [], count: DeviceKind.allCases.count)
    /// Power that loads want.
    public private(set) var demand: [Power] = []
    /// Curtailment of sun, wind and water.
    public private(set) var curtailed: [Power] = []
    /// Demand not served.
    public private(set) var unserved: [Power] = []
    /// Network losses (I²R).
    public private(set) var losses: [Power] = []
    /// Power of the loads less that of sun, wind and water.
    public private(set) var netLoad: [Power] = []
    /// State of charge of every battery at the end of the step, fraction of its capacity.
    public private(set) var stateOfCharge: [[Double]]
    /// Lowest |V| of the energised buses, fraction of nominal; nil without any, or without a solution.
    public private(set) var lowestVoltage: [Double?] = []
    /// Mean |V|, likewise.
    public private(set) var meanVoltage: [Double?] = []
    /// Highest |V|, likewise.
    public private(set) var highestVoltage: [Double?] = []
    /// Price of energy imported.
    public private(set) var importPrice: [EnergyCost] = []
    /// Marginal price at the grid connection in the plan in force; nil without a plan.
    public private(set) var marginalPrice: [EnergyCost?] = []
    /// Marginal price of each area of the plans, by area.
    public private(set) var areaPrices: [[EnergyCost?]]
    /// Planned flow over each branch between two areas, by branch.
    public private(set) var tieFlows: [[Power?]]

    init(batteries: Int, areas: Int, ties: Int) {
        stateOfCharge = Array(repeating: [], count: batteries)
        areaPrices = Array(repeating: [], count: areas)
        tieFlows = Array(repeating: [], count: ties)
    }

    /// Steps so far.
    public var count: Int { demand.count }

    /// Net power of all devices of `kind`, positive when given to the network.
    public func power(of kind: DeviceKind) -> [Power] { power[kind.index] }

    mutating func add(_ facts: StepFacts, stateOfCharge content: [Double]) {
        for kind in power.indices { power[kind].append(facts.power[kind]) }
        for battery in stateOfCharge.indices { stateOfCharge[battery].append(content[battery]) }
        demand.append(facts.demand)
        curtailed.append(facts.curtailed)
        unserved.append(facts.unserved)
        losses.append(facts.losses)
        netLoad.append(facts.netLoad)
        lowestVoltage.append(facts.voltage?.lowest)
        meanVoltage.append(facts.voltage?.mean)
        highestVoltage.append(facts.voltage?.highest)
        importPrice.append(facts.importPrice)
        marginalPrice.append(facts.marginalPrice)
        for area in areaPrices.indices { areaPrices[area].append(facts.areaPrices[area]) }
        for tie in tieFlows.indices { tieFlows[tie].append(facts.tieFlows[tie]) }
    }
}
