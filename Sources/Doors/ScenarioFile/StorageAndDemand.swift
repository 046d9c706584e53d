import Devices
import Grid
import TextFile
import Timeline

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
        let wear = section.quantity("wear", .energyPrice, in: .notNegative, default: 0)
        guard let capacity, let power, let efficiency, let charge, let selfDischarge, let wear else {
            return nil
        }
        self.init(
            capacity: Energy(capacity), chargePower: Power(power.charge),
            dischargePower: Power(power.discharge),
            chargeEfficiency: efficiency.0, dischargeEfficiency: efficiency.1, selfDischarge: selfDischarge,
            stateOfCharge: charge.bounds, initialStateOfCharge: charge.initial, wear: EnergyCost(wear))
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
            let percent = Dimension.fraction.shown
            guard low < high else {
                field.mistake("min \(percent(low)) must be less than max \(percent(high))")
                return nil
            }
            guard (low...high).contains(initial) else {
                part.optional("initial")!.mistake(
                    "\(percent(initial)) is not within \(percent(low)) … \(percent(high))")
                return nil
            }
            return (low...high, initial)
        }
    }
}

extension Load {
    /// A nominal power and a shape, or a measured series.
    init?(_ section: Mapping, named name: String, _ context: DeviceContext) {
        let factor = section.optional("power_factor").map { $0.number(in: 0.01...1) } ?? 1
        let own = section.optional("value_of_lost_load").map { $0.quantity(.energyPrice, in: .positive) }
        let value = own.map { $0.map { EnergyCost($0) } } ?? context.valueOfLostLoad
        let active = section.optional("active")
        let shape = section.optional("shape")
        let demand: [Power]?
        if let series = section.optional("demand") {
            for extra in [active, shape] {
                extra?.mistake("a measured demand has neither 'active' nor 'shape'")
            }
            demand = Load.measured(series, context)
        } else {
            demand = Load.shaped(section, active, shape, named: name, context)
        }
        if value == nil, own == nil {
            section.field.mistake("no value_of_lost_load is given, neither here nor in loads")
        }
        guard let demand, let factor, let value else { return nil }
        self.init(
            demand: demand, reactiveRatio: (1 / (factor * factor) - 1).squareRoot(), valueOfLostLoad: value)
    }

    /// `{file: demand.csv, column: school_kw}`
    private static func measured(_ field: Field, _ context: DeviceContext) -> [Power]? {
        field.mapping { section in
            let file = section.required("file")
            let column = section.required("column")
            guard let name = column?.text else { return column?.refuse("the name of a column") }
            guard let file, let table = Table(file, in: context.folder) else { return nil }
            guard table.csv.index(of: name) != nil else {
                column?.mistake("no column is called \(quoted(name))\(hint(name, among: table.csv.columns))")
                return nil
            }
            return StepSeries.read(
                name, in: 0...Dimension.power.greatest / 1000, of: table, over: context.horizon
            )?.map { Power(kilowatts: $0) }
        }
    }

    private static func shaped(
        _ section: Mapping, _ active: Field?, _ shape: Field?, named name: String, _ context: DeviceContext
    ) -> [Power]? {
        if active == nil { _ = section.required("active") }
        if shape == nil { _ = section.required("shape") }
        let nominal = active?.quantity(.power, in: .notNegative)
        let fractions = context.knowsShapes ? shape?.reference("shape", in: context.shapes) : nil
        guard let nominal, let fractions, let horizon = context.horizon else { return nil }
        return LoadVariation(deviation: context.variation, seed: context.seed, load: name)
            .demand(nominal: Power(nominal), fractions: fractions, step: horizon.step)
    }
}
