import Devices
import Grid
import YAMLFile

extension Solar {
    init?(_ section: Mapping) {
        let capacity = section.quantity("capacity", .power, in: .positive)
        let inverter = section.quantity("inverter", .power, in: .positive)
        let tilt = section.quantity("tilt", .angle, in: Bounds(0...90))
        let azimuth = section.quantity("azimuth", .angle, in: Bounds(0...360))
        let albedo = section.quantity("albedo", .fraction, in: Bounds(0...1), default: 0.2)
        let losses = section.quantity("losses", .fraction, in: Bounds(0...1), default: 0.140757)
        let coefficient = section.quantity(
            "temperature_coefficient", .temperatureCoefficient, in: Bounds(-0.02...0.02), default: -0.0035)
        let degradation = section.quantity("degradation", .growth, in: Bounds(0...0.2), default: 0)
        guard let capacity, let inverter, let tilt, let azimuth, let albedo, let losses, let coefficient,
            let degradation
        else { return nil }
        self.init(
            capacity: Power(capacity), inverterCapacity: Power(inverter), tilt: tilt, azimuth: azimuth,
            albedo: albedo, losses: losses, temperatureCoefficient: coefficient)
        self.degradation = degradation
    }
}

extension Wind {
    init?(_ section: Mapping, _ folder: InputFolder) {
        let turbines = section.required("turbines")?.integer(in: 1...10_000)
        let rated = section.quantity("rated", .power, in: .positive)
        let curveField = section.required("curve")
        let curve = curveField.flatMap { Wind.curve($0, folder) }
        let hubHeight = section.quantity("hub_height", .length, in: Bounds(1...500))
        let roughness = section.quantity("roughness", .length, in: Bounds(1e-6...5), default: 0.1)
        let spread = section.quantity("spread", .fraction, in: Bounds(0...0.3), default: 0)
        guard let turbines, let rated, let curveField, let curve, let hubHeight, let roughness, let spread
        else {
            return nil
        }
        guard hubHeight > roughness else {
            section.field.mistake("hub_height must be more than roughness")
            return nil
        }
        guard curve.allSatisfy({ $0.power.value <= rated * (1 + 1e-9) }) else {
            curveField.mistake(
                "a power of the curve is more than the rated \(QuantityKind.power.shown(rated))")
            return nil
        }
        self.init(
            turbines: turbines, rated: Power(rated), curve: curve, hubHeight: hubHeight, roughness: roughness,
            spread: spread)
    }

    /// Columns `speed_m_s` and `power_kw`, in order of speed.
    private static func curve(_ field: Field, _ folder: InputFolder) -> [CurvePoint]? {
        guard let table = InputTable(field, in: folder) else { return nil }
        table.refuseColumns(besides: ["speed_m_s", "power_kw"])
        let speeds = table.numbers("speed_m_s", in: 0...100)
        let powers = table.numbers("power_kw", in: 0...QuantityKind.power.greatest / 1000)
        guard let speeds, let powers else { return nil }
        guard speeds.count >= 2 else {
            field.mistake("a power curve needs at least two points")
            return nil
        }
        for row in table.rows.dropFirst() where speeds[row] <= speeds[row - 1] {
            table.mistake("speeds must increase from row to row", row: row, "speed_m_s")
            return nil
        }
        return zip(speeds, powers).map { CurvePoint(speed: $0, power: Power(kilowatts: $1)) }
    }
}

extension Hydro {
    init?(_ section: Mapping) {
        let capacity = section.quantity("capacity", .power, in: .positive)
        let head = section.quantity("head", .length, in: Bounds(0.1...3000))
        let designFlow = section.quantity("design_flow", .flow, in: .positive)
        let residualFlow = section.quantity("residual_flow", .flow, in: .notNegative, default: 0)
        let turbine = section.required("turbine")?.choice("a turbine type", of: Turbine.self)
        let headLoss = section.quantity("head_loss", .fraction, in: Bounds(0...0.5), default: 0.06)
        let efficiency = section.quantity("generator_efficiency", .fraction, in: .share, default: 0.95)
        guard let capacity, let head, let designFlow, let residualFlow, let turbine, let headLoss,
            let efficiency
        else { return nil }
        self.init(
            capacity: Power(capacity), head: head, designFlow: designFlow, residualFlow: residualFlow,
            turbine: turbine, headLoss: headLoss, generatorEfficiency: efficiency)
    }
}

extension Genset {
    init?(_ section: Mapping) {
        let capacity = section.quantity("capacity", .power, in: .positive)
        let minimumLoad = section.quantity("minimum_load", .fraction, in: Bounds(0...1), default: 0)
        let ramp = section.quantity("ramp", .ramp, in: .positive)
        let fuel = section.required("fuel")?.mapping { fuel -> (Double, Double, Double)? in
            let intercept = fuel.quantity("intercept", .fuelIntercept, in: .notNegative)
            let slope = fuel.quantity("slope", .fuelSlope, in: .positive)
            let price = fuel.quantity("price", .fuelPrice, in: Bounds(0...1000))
            guard let intercept, let slope, let price else { return nil }
            return (intercept, slope, price)
        }
        let starting = Starting(section)
        guard let capacity, let minimumLoad, let ramp, let fuel, let starting else { return nil }
        self.init(
            capacity: Power(capacity), minimumLoad: minimumLoad, ramp: ramp, fuelIntercept: fuel.0,
            fuelSlope: fuel.1, fuelPrice: fuel.2,
            starting: starting == .free ? nil : starting)
    }
}

extension Genset.Starting {
    /// No restriction and no cost.
    fileprivate static let free = Self(minimumUp: 0, minimumDown: 0, hot: 0, cold: 0, coldAfter: 168)

    /// The keys of starting and stopping, with their defaults.
    fileprivate init?(_ section: Mapping) {
        let (week, hours) = (Bounds(0...604_800), 3600.0)
        let up = section.quantity("minimum_up_time", .duration, in: week, default: 0)
        let down = section.quantity("minimum_down_time", .duration, in: week, default: 0)
        let field = section.optional("start_cost")
        let cost = field?.mapping { cost -> (Double, Double, Double)? in
            let hot = cost.quantity("hot", .money, in: .notNegative)
            let cold = cost.quantity("cold", .money, in: .notNegative, default: hot ?? 0)
            let after = cost.quantity("cold_after", .duration, in: week, default: 604_800)
            guard let hot, let cold, let after else { return nil }
            guard cold >= hot else {
                (cost.optional("cold") ?? cost.field).mistake(
                    "a cold start must not cost less than a hot start")
                return nil
            }
            return (hot, cold, after)
        }
        guard let up, let down, field == nil || cost != nil else { return nil }
        let (hot, cold, after) = cost ?? (0, 0, 604_800)
        self.init(
            minimumUp: up / hours, minimumDown: down / hours, hot: hot, cold: cold, coldAfter: after / hours)
    }
}
