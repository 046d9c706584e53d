/// What a quantity measures. The one place where units are read: `50 kW` becomes 50,000 W here.
enum Dimension: CaseIterable {
    case power, apparentPower, energy, voltage, perUnitVoltage, current, impedance, susceptance, fraction,
        angle, length,
        flow
    case duration, ramp, energyPrice, fuelPrice, fuelIntercept, fuelSlope, temperatureCoefficient, lossRate
    case monthlyEnergy, emissionPrice, mass, money

    /// As people write it; the first is the one to suggest.
    var units: [Unit] {
        switch self {
        case .power: [Unit("kW", 1000), Unit("W"), Unit("MW", 1e6), Unit("GW", 1e9)]
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
        }
    }

    /// One of it is `times` / `over` of the engine's unit. Both are whole, so that 95 % is the same number as
    /// 0.95.
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

    /// What somebody who wrote the bare number `value` may have meant.
    func guess(_ text: String, _ value: Double) -> String {
        let isShare = self == .fraction && abs(value) <= 1
        return "'\(isShare ? "\(Decimal(value * 100))" : text) \(units[0].symbol)'"
    }

    /// A value as people write it.
    var example: String {
        self == .fraction ? "95 %" : self == .perUnitVoltage ? "1.03 pu" : "50 \(units[0].symbol)"
    }

    /// As a mistake names it.
    var name: String {
        switch self {
        case .power: "a power"
        case .apparentPower: "an apparent power"
        case .energy: "an energy"
        case .voltage: "a voltage"
        case .perUnitVoltage: "a voltage per nominal voltage"
        case .current: "a current"
        case .impedance: "an impedance"
        case .susceptance: "a susceptance"
        case .fraction: "a fraction"
        case .angle: "an angle"
        case .length: "a length"
        case .flow: "a flow"
        case .duration: "a duration"
        case .ramp: "a ramp"
        case .energyPrice: "a price of energy"
        case .fuelPrice: "a price of fuel"
        case .fuelIntercept: "fuel per hour and capacity"
        case .fuelSlope: "fuel per energy"
        case .temperatureCoefficient: "a change per kelvin"
        case .lossRate: "a loss per hour"
        case .monthlyEnergy: "an energy per month"
        case .emissionPrice: "a price of emissions"
        case .mass: "a mass"
        case .money: "an amount of money"
        }
    }

    /// The greatest magnitude taken, in the engine's unit: far beyond any microgrid, near enough that no sum
    /// or product overflows.
    var greatest: Double {
        switch self {
        case .power, .apparentPower, .monthlyEnergy, .money: 1e12
        case .energy: 1e15
        case .mass: 1e12
        case .voltage, .current, .impedance: 1e7
        case .duration: 1e10
        case .energyPrice: 1000
        default: 1e6
        }
    }

    func unit(_ symbol: some StringProtocol) -> Unit? {
        units.first { $0.symbol == symbol }
    }

    /// `kW, W, MW or GW`
    var allowedUnits: String {
        let symbols = units.map(\.symbol)
        return symbols.count == 1
            ? symbols[0] : symbols.dropLast().joined(separator: ", ") + " or " + symbols.last!
    }

    /// What the unit `text` is, when it is not one of those that are allowed here.
    func explainUnit(_ text: String, allowed: [String]? = nil) -> String {
        let allowedUnits = allowed?.joined(separator: ", ") ?? allowedUnits
        if let other = Dimension.allCases.first(where: { $0 != self && $0.unit(text) != nil }) {
            return "\(quoted(text)) is the unit of \(other.name); \(name) is written in \(allowedUnits)"
        }
        return "\(quoted(text)) is not a unit of \(name), which is written in \(allowedUnits)"
            + suggestion(text, in: allowed ?? units.map(\.symbol))
    }

    /// `value`, in the engine's unit, as people write it.
    func shown(_ value: Double) -> String {
        "\(Decimal(units[0].written(value))) \(units[0].symbol)"
    }
}

/// A number as a message shows it: at most six digits, none of them spare.
struct Decimal: CustomStringConvertible {
    let value: Double

    init(_ value: Double) { self.value = value }

    var description: String {
        let rounded = (value * 1e6).rounded() / 1e6
        return rounded == rounded.rounded() && abs(rounded) < 1e15 ? "\(Int64(rounded))" : "\(rounded)"
    }
}
