import Devices
import Grid
import YAMLFile

extension Battery {
    init?(_ section: Mapping) {
        let capacity = section.quantity("capacity", .energy, in: .positive)
        let power = section.required("power").flatMap(Battery.powers)
        let efficiency = section.required("efficiency")?.mapping { part -> (Double, Double)? in
            let charge = part.quantity("charge", .fraction, in: .share)
            let discharge = part.quantity("discharge", .fraction, in: .share)
            guard let charge, let discharge else { return nil }
            return (charge, discharge)
        }
        let charge = section.required("state_of_charge").flatMap(Battery.stateOfCharge)
        let selfDischarge = section.quantity("self_discharge", .lossRate, in: Bounds(0...0.5), default: 0)
        let wear = section.optional("wear").map { $0.quantity(.energyPrice, in: .notNegative) }
        let life = section.optional("ageing").map(Life.read)
        let degradation = section.quantity("degradation", .growth, in: Bounds(0...0.2), default: 0)
        guard let capacity, let power, let efficiency, let charge, let selfDischarge, let degradation,
            wear.map({ $0 != nil }) ?? true, life.map({ $0 != nil }) ?? true
        else { return nil }
        let aged = (life ?? nil)?.wear(
            depth: charge.bounds.upperBound - charge.bounds.lowerBound, rate: power.discharge / capacity,
            efficiency: efficiency.1)
        self.init(
            capacity: Energy(capacity), chargePower: Power(power.charge),
            dischargePower: Power(power.discharge),
            chargeEfficiency: efficiency.0, dischargeEfficiency: efficiency.1, selfDischarge: selfDischarge,
            stateOfCharge: charge.bounds, initialStateOfCharge: charge.initial,
            wear: (wear ?? nil).map { EnergyCost($0) } ?? aged ?? .zero)
        self.life = life ?? nil
        self.degradation = degradation
    }

    /// `400 kW` for both directions, or `{charge: 300 kW, discharge: 400 kW}`.
    private static func powers(_ field: Field) -> (charge: Double, discharge: Double)? {
        guard case .mapping = field.node.content else {
            return field.quantity(.power, in: .positive).map { ($0, $0) }
        }
        return field.mapping { part in
            let charge = part.quantity("charge", .power, in: .positive)
            let discharge = part.quantity("discharge", .power, in: .positive)
            guard let charge, let discharge else { return nil }
            return (charge, discharge)
        }
    }

    private static func stateOfCharge(_ field: Field) -> (bounds: ClosedRange<Double>, initial: Double)? {
        field.mapping { part in
            let initial = part.quantity("initial", .fraction, in: Bounds(0...1))
            let low = part.quantity("min", .fraction, in: Bounds(0...1), default: 0)
            let high = part.quantity("max", .fraction, in: Bounds(0...1), default: 1)
            guard let initial, let low, let high else { return nil }
            let percent = QuantityKind.fraction.shown
            guard low < high else {
                field.mistake("min \(percent(low)) must be less than max \(percent(high))")
                return nil
            }
            guard (low...high).contains(initial) else {
                part.optional("initial")!.mistake(
                    "\(percent(initial)) is not between \(percent(low)) and \(percent(high))")
                return nil
            }
            return (low...high, initial)
        }
    }
}

extension Battery.Life {
    /// `{temperature: 25 degC, replacement: 900 yuan/kWh}`
    fileprivate static func read(_ field: Field) -> Self? {
        field.mapping { part in
            let temperature = part.quantity("temperature", .temperature, in: Bounds(-20...60), default: 25)
            let price = part.optional("replacement").map { $0.quantity(.energyPrice, in: .positive) }
            guard let temperature, price.map({ $0 != nil }) ?? true else { return nil }
            return Self(temperature: temperature, replacement: (price ?? nil).map { EnergyCost($0) })
        }
    }

    /// Price of wear for each Wh delivered, where the price of a new battery is stated.
    fileprivate func wear(depth: Double, rate: Double, efficiency: Double) -> EnergyCost? {
        replacement.map {
            EnergyCost(
                BatteryAgeing.wear(replacing: $0, depth: depth, rate: rate, temperature: temperature).value
                    / efficiency)
        }
    }
}
