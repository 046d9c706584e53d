public import Devices
public import Grid
public import Timeline

/// The whole run as series for charts, of at most `most` values: one a step, or, in a longer run, one for so
/// many steps that follow one another. A value of several steps is their mean, unless it says otherwise.
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
    /// State of charge of every battery at the end of the last step of a value, fraction of its capacity.
    public private(set) var stateOfCharge: [[Double]]
    /// Lowest |V| of the energised buses in the steps of a value, fraction of nominal; nil without any, or
    /// without a solution.
    public private(set) var lowestVoltage: [Double?] = []
    /// Mean |V|, likewise.
    public private(set) var meanVoltage: [Double?] = []
    /// Highest |V| in the steps of a value, likewise.
    public private(set) var highestVoltage: [Double?] = []
    /// Price of energy imported.
    public private(set) var importPrice: [EnergyCost] = []
    /// Marginal price at the grid connection in the plan in force; nil without a plan.
    public private(set) var marginalPrice: [EnergyCost?] = []
    /// Marginal price of each area of the plans, by area.
    public private(set) var areaPrices: [[EnergyCost?]]
    /// Steps that a value stands for; the last may stand for fewer.
    public let stepsPerValue: Int
    /// Steps so far.
    private var steps = 0
    private let whole: Horizon

    /// Most values of a series, unless a day has more: a report of them has some megabytes.
    static let most = 100_000

    /// Series of a run over `horizon`.
    init(batteries: Int, areas: Int, over horizon: Horizon) {
        stateOfCharge = Array(repeating: [], count: batteries)
        areaPrices = Array(repeating: [], count: areas)
        whole = horizon
        stepsPerValue = Self.stepsPerValue(horizon)
    }

    /// The least divisor of a day's steps that keeps to `most` values; a day where none does.
    private static func stepsPerValue(_ horizon: Horizon) -> Int {
        let day = max(1, 86_400 / horizon.step)
        let least = (horizon.count + most - 1) / most
        return (max(1, least)...max(day, least)).first { day % $0 == 0 } ?? day
    }

    /// Values so far.
    public var count: Int { demand.count }

    /// The time of the values.
    public var horizon: Horizon {
        Horizon(start: whole.start, step: whole.step * stepsPerValue, count: count)
    }

    /// Net power of all devices of `kind`, positive when given to the network.
    public func power(of kind: DeviceKind) -> [Power] { power[kind.index] }

    mutating func add(_ facts: StepFacts, stateOfCharge content: [Double]) {
        // Steps of the value before this one.
        let n = Double(steps % stepsPerValue)
        steps += 1
        func mean(_ old: Double, _ new: Double) -> Double { old + (new - old) / (n + 1) }
        func note(_ new: Power, _ series: inout [Power]) {
            Self.note(new, &series, n) { Power(mean($0.value, $1.value)) }
        }
        func note(_ new: EnergyCost?, _ series: inout [EnergyCost?]) {
            Self.note(new, &series, n) { old, new in
                guard let old, let new else { return new ?? old }
                return EnergyCost(mean(old.value, new.value))
            }
        }
        func note(
            _ new: Double?, _ series: inout [Double?], _ joined: (Double, Double) -> Double
        ) {
            Self.note(new, &series, n) { old, new in
                guard let old, let new else { return new ?? old }
                return joined(old, new)
            }
        }
        for kind in power.indices { note(facts.power[kind], &power[kind]) }
        for battery in stateOfCharge.indices {
            Self.note(content[battery], &stateOfCharge[battery], n) { $1 }
        }
        note(facts.demand, &demand)
        note(facts.curtailed, &curtailed)
        note(facts.unserved, &unserved)
        note(facts.losses, &losses)
        note(facts.netLoad, &netLoad)
        note(facts.voltage?.lowest, &lowestVoltage, min)
        note(facts.voltage?.mean, &meanVoltage, mean)
        note(facts.voltage?.highest, &highestVoltage, max)
        Self.note(facts.importPrice, &importPrice, n) { EnergyCost(mean($0.value, $1.value)) }
        note(facts.marginalPrice, &marginalPrice)
        for area in areaPrices.indices { note(facts.areaPrices[area], &areaPrices[area]) }
    }

    private static func note<Value>(
        _ new: Value, _ series: inout [Value], _ before: Double, _ joined: (Value, Value) -> Value
    ) {
        if before == 0 {
            series.append(new)
        } else {
            series[series.count - 1] = joined(series[series.count - 1], new)
        }
    }
}
