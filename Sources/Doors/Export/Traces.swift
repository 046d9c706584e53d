public import Grid

/// The whole run as series, one value a step, for charts.
public struct Traces: Hashable, Sendable {
    /// Net power of all devices of a kind, by `DeviceKind.index`.
    public private(set) var power: [[Power]] = Array(repeating: [], count: DeviceKind.allCases.count)
    public private(set) var demand: [Power] = []
    public private(set) var curtailed: [Power] = []
    public private(set) var unserved: [Power] = []
    public private(set) var losses: [Power] = []
    public private(set) var netLoad: [Power] = []
    /// Content of every battery at the end of the step, fraction of its capacity.
    public private(set) var stateOfCharge: [[Double]]
    /// |V|, fractions of nominal; nil where no bus was energised.
    public private(set) var lowestVoltage: [Double?] = []
    public private(set) var meanVoltage: [Double?] = []
    public private(set) var highestVoltage: [Double?] = []
    public private(set) var importPrice: [EnergyCost] = []
    public private(set) var marginalPrice: [EnergyCost?] = []
    /// By area, and by branch between two areas: see `StepFacts`.
    public private(set) var areaPrices: [[EnergyCost?]]
    public private(set) var tieFlows: [[Power?]]

    init(batteries: Int, areas: Int, ties: Int) {
        stateOfCharge = Array(repeating: [], count: batteries)
        areaPrices = Array(repeating: [], count: areas)
        tieFlows = Array(repeating: [], count: ties)
    }

    public var count: Int { demand.count }

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
