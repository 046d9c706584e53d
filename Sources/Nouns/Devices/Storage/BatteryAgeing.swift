import Glibc
public import Grid

// Capacity that a lithium iron phosphate battery loses, after the life model of NREL's BLAST-Lite for a large
// prismatic cell (Lfp_Gr_250AhPrismatic; cells and tests: Gasper et al., Journal of Energy Storage 73 (2023)
// 109042). Two parts add up,
//
//     by time    k_t · t^0.526,     k_t = 8.37e4 · e^(−5210/T) · e^(−3560·U/T),    t in days
//     by use     k_c · E^0.828,     k_c = (4.38e-8 + 1.55e-8·D + 1.68e-7·C) · (e^(2190/T) + e^(−1.55e5/T))
//
// with the temperature T of the cells, K, the potential U of the anode, V, which follows from the state of
// charge (Safari and Delacourt 2011), equivalent full cycles E, their depth D and the mean rate C, 1/h. Where
// k changes, a part goes on along its new curve from the loss it has.
//
// BLAST-Lite takes depth and cycles of one day; here each cycle that rainflow counting closes has its own
// depth. The model is fitted to 10–45 °C, depths above 80 % and rates below 1/h.

/// Ageing of one battery, from its state of charge as it comes.
public struct BatteryAgeing: Hashable, Sendable {
    /// Temperature of the cells, °C.
    public let temperature: Double
    /// Equivalent full cycles of the nominal capacity, counted so far by `add`.
    public private(set) var fullCycles = 0.0
    private var cycles = Rainflow()
    private var last: Double
    private var lossByTime = 0.0
    private var lossByUse = 0.0
    private var hours = 0.0
    /// Time since the last day was counted, h, and the integral of k_t over it.
    private var hoursToday = 0.0
    private var rateToday = 0.0

    /// Loss of capacity at which a battery is replaced, as a fraction.
    public static let endOfLife = 0.2

    /// Creates the ageing of a new battery with its first state of charge.
    public init(temperature: Double, stateOfCharge: Double) {
        (self.temperature, last) = (temperature, stateOfCharge)
        cycles.add(stateOfCharge) { _ in }
    }

    /// Adds the state of charge at the end of the next `hours`.
    public mutating func add(_ stateOfCharge: Double, hours step: Double) {
        fullCycles += abs(stateOfCharge - last) / 2
        hours += step
        let rate = (rateByTime(last) + rateByTime(stateOfCharge)) / 2
        hoursToday += step
        rateToday += rate * step
        last = stateOfCharge
        if hoursToday >= 24 { endDay() }
        var closed: [Rainflow.Cycle] = []
        cycles.add(stateOfCharge) { closed.append($0) }
        for cycle in closed { use(cycle) }
    }

    /// Fraction of the nominal capacity lost by time, so far.
    public var timeLoss: Double {
        var now = self
        now.endDay()
        return now.lossByTime
    }

    /// Fraction of the nominal capacity lost by use, so far: half cycles that are not closed count too.
    public var useLoss: Double {
        var now = self
        for cycle in cycles.residue { now.use(cycle) }
        return now.lossByUse
    }

    /// Fraction of the nominal capacity lost, so far.
    public var loss: Double { timeLoss + useLoss }

    private mutating func endDay() {
        guard hoursToday > 0 else { return }
        lossByTime = Self.grown(
            lossByTime, by: hoursToday / 24, rate: rateToday / hoursToday, power: Self.timePower)
        (hoursToday, rateToday) = (0, 0)
    }

    private mutating func use(_ cycle: Rainflow.Cycle) {
        // Depth counts in the capacity that is left.
        let depth = min(cycle.range / max(1 - lossByTime - lossByUse, 0.1), 1)
        let rate = Self.rateByUse(
            depth: depth, rate: hours > 0 ? 2 * fullCycles / hours : 0, temperature: temperature)
        lossByUse = Self.grown(
            lossByUse, by: cycle.count * cycle.range, rate: rate, power: Self.usePower)
    }
}

extension BatteryAgeing {
    private static let (timePower, usePower) = (0.526, 0.828)

    /// y + Δy along y = k·x^p for a further `x`.
    private static func grown(_ y: Double, by x: Double, rate k: Double, power p: Double) -> Double {
        k > 0 ? k * pow(pow(y / k, 1 / p) + x, p) : y
    }

    /// k_t.
    private func rateByTime(_ stateOfCharge: Double) -> Double {
        let kelvin = temperature + 273.15
        return 8.37e4 * exp(-5210 / kelvin) * exp(-3560 * Self.anodePotential(stateOfCharge) / kelvin)
    }

    /// k_c.
    private static func rateByUse(depth: Double, rate: Double, temperature: Double) -> Double {
        let kelvin = temperature + 273.15
        return (4.38e-8 + 1.55e-8 * depth + 1.68e-7 * rate) * (exp(2190 / kelvin) + exp(-1.55e5 / kelvin))
    }

    /// V against lithium.
    private static func anodePotential(_ stateOfCharge: Double) -> Double {
        let x = 8.5e-3 + stateOfCharge * (0.78 - 8.5e-3)
        return 0.6379 + 0.5416 * exp(-305.5309 * x) - 0.044 * tanh((x - 0.1958) / 0.1088)
            - 0.1978 * tanh((x - 1.0571) / 0.0854) - 0.6875 * tanh((x + 0.0117) / 0.0529)
            - 0.0175 * tanh((x - 0.5692) / 0.0875)
    }

    /// Returns the price of wear of each Wh out of the cells: the price of a new battery, per Wh of capacity,
    /// spread over the equivalent full cycles of `depth` at `rate` (1/h) that use up its life by use alone.
    public static func wear(
        replacing price: EnergyCost, depth: Double, rate: Double, temperature: Double
    ) -> EnergyCost {
        let k = rateByUse(depth: depth, rate: rate, temperature: temperature)
        return EnergyCost(price.value / pow(endOfLife / k, 1 / usePower))
    }
}

extension Battery {
    /// What the scenario says of a battery's ageing.
    public struct Life: Hashable, Sendable {
        /// Temperature of the cells, °C.
        public let temperature: Double
        /// Price of a new battery, per Wh of capacity; nil: not stated.
        public let replacement: EnergyCost?

        /// Creates the settings of one battery.
        public init(temperature: Double, replacement: EnergyCost?) {
            (self.temperature, self.replacement) = (temperature, replacement)
        }
    }

    /// Its ageing before the first step; nil where the scenario does not ask for it.
    public var newAgeing: BatteryAgeing? {
        life.map { BatteryAgeing(temperature: $0.temperature, stateOfCharge: initialStateOfCharge) }
    }

    /// Money that an ageing amounts to: the part of its life that is used up, of the price of a new battery;
    /// nil where that is not stated.
    public func cost(of ageing: BatteryAgeing) -> Double? {
        life?.replacement.map { $0.value * capacity.value * ageing.loss / BatteryAgeing.endOfLife }
    }
}
