import TextFile

/// The kind of a quantity, with the units it may be written in. All units are read here: `50 kW` becomes
/// 50,000 W. Each case names the engine's unit.
public enum QuantityKind: CaseIterable, Sendable {
    /// Active power, W.
    case power
    /// Reactive power, var.
    case reactivePower
    /// Apparent power, VA.
    case apparentPower
    /// Energy, Wh.
    case energy
    /// Voltage, V.
    case voltage
    /// Voltage relative to the nominal voltage, 1.
    case perUnitVoltage
    /// Current, A.
    case current
    /// Impedance, Ω.
    case impedance
    /// Susceptance, S.
    case susceptance
    /// Fraction, 1; written in %.
    case fraction
    /// Angle, degrees.
    case angle
    /// Length, m.
    case length
    /// Volume flow, m³/s.
    case flow
    /// Duration, s.
    case duration
    /// Change of power per time, W/s.
    case ramp
    /// Energy price, yuan/Wh.
    case energyPrice
    /// Fuel price, yuan/L.
    case fuelPrice
    /// Fuel use at no load, per rated power, L/h/W.
    case fuelIntercept
    /// Fuel use per energy generated, L/Wh.
    case fuelSlope
    /// Relative change per temperature, 1/K.
    case temperatureCoefficient
    /// Self-discharge, 1/h.
    case lossRate
    /// Energy per month, Wh.
    case monthlyEnergy
    /// Emission price, yuan/kg.
    case emissionPrice
    /// Mass, kg.
    case mass
    /// Money, yuan.
    case money
    /// Data rate, bit/s.
    case dataRate
    /// Frequency, Hz.
    case frequency
    /// Temperature, °C.
    case temperature
    /// Growth in a year, 1.
    case growth
    /// Heat loss for each kelvin, W/K.
    case heatLoss
    /// Heat capacity, Wh/K.
    case heatCapacity

    /// The allowed units; the first is the one a message suggests.
    var units: [Unit] {
        switch self {
        case .power: [Unit("kW", 1000), Unit("W"), Unit("MW", 1e6), Unit("GW", 1e9)]
        case .reactivePower: [Unit("kvar", 1000), Unit("var"), Unit("Mvar", 1e6)]
        case .apparentPower: [Unit("kVA", 1000), Unit("VA"), Unit("MVA", 1e6)]
        case .energy: [Unit("kWh", 1000), Unit("Wh"), Unit("MWh", 1e6), Unit("GWh", 1e9)]
        case .voltage: [Unit("kV", 1000), Unit("V")]
        case .perUnitVoltage: [Unit("pu"), Unit("%", over: 100)]
        case .current: [Unit("A"), Unit("kA", 1000)]
        case .impedance: [Unit("ohm"), Unit("Ω"), Unit("mohm", over: 1000), Unit("mΩ", over: 1000)]
        case .susceptance: [Unit("uS", over: 1e6), Unit("µS", over: 1e6), Unit("S")]
        case .fraction: [Unit("%", over: 100)]
        case .angle: [Unit("deg"), Unit("°")]
        case .length: [Unit("m"), Unit("km", 1000)]
        case .flow: [Unit("m3/s"), Unit("m³/s"), Unit("L/s", over: 1000)]
        case .duration:
            [
                Unit("s"), Unit("ms", over: 1000), Unit("min", 60), Unit("h", 3600), Unit("day", 86_400),
                Unit("days", 86_400),
            ]
        case .ramp:
            [Unit("kW/min", 1000, over: 60), Unit("kW/s", 1000), Unit("MW/min", 1e6, over: 60), Unit("W/s")]
        case .energyPrice:
            [Unit("yuan/kWh", over: 1000), Unit("yuan/MWh", over: 1e6), Unit("fen/kWh", over: 1e5)]
        case .fuelPrice: [Unit("yuan/L")]
        case .fuelIntercept: [Unit("L/h/kW", over: 1000)]
        case .fuelSlope: [Unit("L/kWh", over: 1000)]
        case .temperatureCoefficient: [Unit("%/K", over: 100), Unit("%/°C", over: 100)]
        case .lossRate: [Unit("%/h", over: 100)]
        case .emissionPrice: [Unit("yuan/kg"), Unit("yuan/t", over: 1000)]
        case .mass: [Unit("kg"), Unit("t", 1000)]
        case .monthlyEnergy: [Unit("MWh/month", 1e6), Unit("kWh/month", 1000), Unit("GWh/month", 1e9)]
        case .money: [Unit("yuan")]
        case .dataRate: [Unit("kbit/s", 1000), Unit("bit/s"), Unit("Mbit/s", 1e6), Unit("Gbit/s", 1e9)]
        case .frequency: [Unit("Hz")]
        case .temperature: [Unit("degC"), Unit("°C")]
        case .growth: [Unit("%/year", over: 100)]
        case .heatLoss: [Unit("kW/K", 1000), Unit("W/K")]
        case .heatCapacity: [Unit("kWh/K", 1000), Unit("Wh/K"), Unit("MJ/K", 1e4, over: 36)]
        }
    }

    /// A unit: one of it is `times` / `over` of the engine's unit. Both are whole numbers, so that 95 % is
    /// exactly the number 0.95.
    struct Unit {
        let symbol: String
        let times: Double
        let over: Double

        init(_ symbol: String, _ times: Double = 1, over: Double = 1) {
            (self.symbol, self.times, self.over) = (symbol, times, over)
        }

        func engine(_ value: Double) -> Double { value * times / over }
        func written(_ value: Double) -> Double { value * over / times }
    }

    /// The quantity that the author of the bare number `value` probably meant.
    func guess(_ text: String, _ value: Double) -> String {
        let isShare = self == .fraction && abs(value) <= 1
        return "'\(isShare ? shortDecimal(value * 100) : text) \(units[0].symbol)'"
    }

    /// An example of a value.
    var example: String {
        self == .fraction ? "95 %" : self == .perUnitVoltage ? "1.03 pu" : "50 \(units[0].symbol)"
    }

    /// The name in a message, with its article.
    var name: String {
        switch self {
        case .power: "a power"
        case .reactivePower: "a reactive power"
        case .apparentPower: "an apparent power"
        case .energy: "an energy"
        case .voltage: "a voltage"
        case .perUnitVoltage: "a voltage relative to nominal"
        case .current: "a current"
        case .impedance: "an impedance"
        case .susceptance: "a susceptance"
        case .fraction: "a fraction"
        case .angle: "an angle"
        case .length: "a length"
        case .flow: "a flow"
        case .duration: "a duration"
        case .ramp: "a ramp"
        case .energyPrice: "an energy price"
        case .fuelPrice: "a fuel price"
        case .fuelIntercept: "a fuel use per hour and rated power"
        case .fuelSlope: "a fuel use per energy"
        case .temperatureCoefficient: "a temperature coefficient"
        case .lossRate: "a self-discharge rate"
        case .monthlyEnergy: "an energy per month"
        case .emissionPrice: "an emission price"
        case .mass: "a mass"
        case .money: "an amount of money"
        case .dataRate: "a data rate"
        case .frequency: "a frequency"
        case .temperature: "a temperature"
        case .growth: "a growth in a year"
        case .heatLoss: "a heat loss per kelvin"
        case .heatCapacity: "a heat capacity"
        }
    }

    /// The largest magnitude allowed, in the engine's unit: larger than in any microgrid, small enough that
    /// no sum or product overflows.
    public var greatest: Double {
        switch self {
        case .power, .apparentPower, .reactivePower, .monthlyEnergy, .money, .dataRate: 1e12
        case .energy: 1e15
        case .mass: 1e12
        case .voltage, .current, .impedance: 1e7
        case .duration: 1e10
        case .energyPrice: 1000
        default: 1e6
        }
    }

    /// The unit with this symbol; nil if it is not allowed.
    func unit(_ symbol: some StringProtocol) -> Unit? {
        units.first { $0.symbol == symbol }
    }

    /// `kW, W, MW or GW`
    var allowedUnits: String {
        let symbols = units.map(\.symbol)
        return symbols.count == 1
            ? symbols[0] : symbols.dropLast().joined(separator: ", ") + " or " + symbols.last!
    }

    /// Explains why the unit `text` is not allowed here.
    /// - Parameter allowed: the allowed units instead of those of this kind.
    public func explainUnit(_ text: String, allowed: [String]? = nil) -> String {
        let allowedUnits = allowed?.joined(separator: ", ") ?? allowedUnits
        if let other = QuantityKind.allCases.first(where: { $0 != self && $0.unit(text) != nil }) {
            return "\(quoted(text)) is a unit for \(other.name); \(name) is written in \(allowedUnits)"
        }
        return "\(quoted(text)) is not a unit for \(name), which is written in \(allowedUnits)"
            + suggestion(text, in: allowed ?? units.map(\.symbol))
    }

    /// `value`, which is in the engine's unit, with the first of the allowed units: `50 kW`.
    public func shown(_ value: Double) -> String {
        "\(shortDecimal(units[0].written(value))) \(units[0].symbol)"
    }
}

/// `value` for a message, rounded to six digits after the point, without trailing zeros.
public func shortDecimal(_ value: Double) -> String {
    let rounded = (value * 1e6).rounded() / 1e6
    return rounded == rounded.rounded() && abs(rounded) < 1e15 ? "\(Int64(rounded))" : "\(rounded)"
}
