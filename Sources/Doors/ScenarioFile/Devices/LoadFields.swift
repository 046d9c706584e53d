import Devices
import Grid
import Timeline
import YAMLFile

// A load is written under `devices` or as a row of the table of loads. Both end in the same initialiser.

extension Load {
    /// Priorities run from 0 to this.
    static let highestPriority = 1000

    /// A load of the section `devices`: a nominal power and a shape, or a measured series.
    init?(_ section: Mapping, _ context: DeviceContext, _ variable: inout VariableDemand?) {
        let factor = section.optional("power_factor").map { $0.number(in: 0.01...1) } ?? 1
        let own = section.optional("value_of_lost_load").map { $0.quantity(.energyPrice, in: .positive) }
        let value = own.map { $0.map { EnergyCost($0) } } ?? context.valueOfLostLoad
        if value == nil, own == nil {
            section.field.mistake(
                "value_of_lost_load is missing; give it here, or in the section 'loads' for all loads")
        }
        let ratio = factor.map { (1 / ($0 * $0) - 1).squareRoot() }
        let priority = section.optional("priority").map { $0.integer(in: 0...Self.highestPriority) } ?? 0
        let (active, shape) = (section.optional("active"), section.optional("shape"))
        let series = section.optional("demand")
        let reactive = series == nil ? [] : section.reactiveSeries(context)
        if let series {
            for extra in [active, shape] {
                extra?.mistake(
                    "not allowed beside 'demand'; a measured demand needs no 'active' and no 'shape'")
            }
            let demand = series.series(.demand, context)?.map { Power(kilowatts: $0) }
            guard let demand, let reactive, let ratio, let value, let priority else { return nil }
            self.init(
                demand: demand, reactiveRatio: ratio, valueOfLostLoad: value, priority: priority,
                reactive: reactive)
        } else {
            self.init(
                nominal: section.required("active")?.quantity(.power, in: .notNegative).map { Power($0) },
                shape: section.required("shape"), reactiveRatio: ratio, valueOfLostLoad: value,
                priority: priority, context, &variable)
        }
    }

    /// A load with a nominal power and the shape that `shape` names; nil if a part of it is missing or wrong.
    /// Its demand is the expected one; `variable` is what has to be drawn, if loads vary.
    init?(
        nominal: Power?, shape: Field?, reactiveRatio: Double?, valueOfLostLoad: EnergyCost?,
        priority: Int?, _ context: DeviceContext, _ variable: inout VariableDemand?
    ) {
        let fractions = shape.flatMap { context.shape($0) }
        guard let nominal, let fractions, let reactiveRatio, let valueOfLostLoad, let priority,
            let horizon = context.horizon
        else { return nil }
        let demand = VariableDemand(nominal: nominal, fractions: fractions, deviation: context.variation)
        if demand.deviation > 0 { variable = demand }
        self.init(
            demand: demand.expected, reactiveRatio: reactiveRatio, valueOfLostLoad: valueOfLostLoad,
            priority: priority, expected: demand.firstWeek(step: horizon.step))
    }
}
