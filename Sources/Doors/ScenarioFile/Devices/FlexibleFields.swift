import Devices
import Grid
import Timeline
import YAMLFile

/// A kind of flexible demand, as scenario files write it.
enum FlexibleForm: String, CaseIterable {
    case fleet = "ev-fleet"
    case shiftable
    case heatPump = "heat-pump"

    /// All kinds of devices that may be written.
    static let kinds: [(String, (DeviceKind, FlexibleForm?))] =
        DeviceKind.allCases.filter { $0 != .flexible }.map { ($0.rawValue, ($0, nil)) }
        + allCases.map { ($0.rawValue, (.flexible, $0)) }

    func read(_ section: Mapping, _ context: DeviceContext) -> FlexibleDemand? {
        switch self {
        case .fleet: FlexibleDemand(fleet: section, context)
        case .shiftable: FlexibleDemand(shiftable: section, context)
        case .heatPump: FlexibleDemand(heatPump: section)
        }
    }
}

extension FlexibleDemand {
    /// Vehicles that are away from `departure` to `arrival` on some days, and need `energy` for it.
    fileprivate init?(fleet section: Mapping, _ context: DeviceContext) {
        let capacity = section.quantity("capacity", .energy, in: .positive)
        let power = section.quantity("power", .power, in: .positive)
        let energy = section.quantity("energy", .energy, in: .positive)
        let away = section.window(from: "departure", to: "arrival")
        let days = section.days()
        let feed = section.quantity("feed", .power, in: .notNegative, default: 0)
        let charge = section.quantity("efficiency", .fraction, in: .share, default: 0.9)
        let discharge = section.quantity("feed_efficiency", .fraction, in: .share, default: 0.9)
        let wear = section.quantity("wear", .energyPrice, in: .notNegative, default: 0)
        let initial = section.quantity("initial", .fraction, in: Bounds(0...1), default: 0.5)
        let reserve = section.quantity("reserve", .fraction, in: Bounds(0...1), default: 0)
        guard let capacity, let power, let energy, let away, let days, let feed, let charge, let discharge,
            let wear, let initial, let reserve, let horizon = context.horizon, let zone = context.zone
        else { return nil }
        guard energy <= capacity * (1 - reserve) else {
            section.optional("energy")?.mistake(
                "\(QuantityKind.energy.shown(energy)) with the reserve is more than the capacity of the vehicles, "
                    + QuantityKind.energy.shown(capacity))
            return nil
        }
        let connected = away.touching(horizon, zone, days).map { !$0 }
        self.init(
            use: .sessions(Sessions(isConnected: connected, energy: Energy(energy))), power: Power(power),
            feedPower: Power(feed), capacity: Energy(capacity), reserve: Energy(capacity * reserve),
            chargeEfficiency: charge, dischargeEfficiency: discharge, initial: Energy(capacity * initial),
            wear: EnergyCost(wear))
        warn(section, away.connectedHours, energy)
    }

    /// Work of some energy that may begin at `from` and is done by `deadline`, every day or on some days.
    fileprivate init?(shiftable section: Mapping, _ context: DeviceContext) {
        let power = section.quantity("power", .power, in: .positive)
        let energy = section.quantity("energy", .energy, in: .positive)
        let window = section.window(from: "from", to: "deadline")
        let days = section.days()
        guard let power, let energy, let window, let days, let horizon = context.horizon,
            let zone = context.zone
        else { return nil }
        let connected = window.inside(horizon, zone, days)
        self.init(
            use: .sessions(Sessions(isConnected: connected, energy: Energy(energy))), power: Power(power),
            capacity: Energy(energy), initial: .zero)
        warn(section, window.hours, energy)
    }

    /// A heat pump in a building whose temperature stays in a band.
    fileprivate init?(heatPump section: Mapping) {
        let power = section.quantity("power", .power, in: .positive)
        let performance = section.required("cop")?.number(in: 1...10)
        let loss = section.quantity("heat_loss", .heatLoss, in: .positive)
        let capacity = section.quantity("heat_capacity", .heatCapacity, in: .positive)
        let gains = section.quantity("gains", .power, in: .notNegative, default: 0)
        let band = section.required("temperature")?.mapping { band -> ClosedRange<Double>? in
            let low = band.quantity("min", .temperature, in: Bounds(-30...100))
            let high = band.quantity("max", .temperature, in: Bounds(-30...100))
            guard let low, let high else { return nil }
            guard low < high else {
                band.field.mistake(
                    "min \(QuantityKind.temperature.shown(low)) must be less than max "
                        + QuantityKind.temperature.shown(high))
                return nil
            }
            return low...high
        }
        guard let power, let performance, let loss, let capacity, let gains, let band else { return nil }
        let building = Building(
            heatLoss: loss, heatCapacity: capacity, temperatures: band, performance: performance, gains: gains
        )
        self.init(
            use: .heat(building), power: Power(power), capacity: building.capacity,
            initial: building.capacity / 2)
    }

    /// Warns where a session is too short for its energy.
    private func warn(_ section: Mapping, _ hours: Double, _ energy: Double) {
        let most = power.value * chargeEfficiency * hours
        guard most < energy else { return }
        section.optional("energy")?.warning(
            "\(QuantityKind.power.shown(power.value)) for \(shortDecimal(hours)) h charge "
                + "\(QuantityKind.energy.shown(most)); the rest is never delivered")
    }
}
