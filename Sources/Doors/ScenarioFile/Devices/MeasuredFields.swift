import Devices
import Grid
import TextFile
import YAMLFile

/// A quantity of which a measured series gives one value for each step.
struct SeriesQuantity {
    /// Noun for messages, its unit, and the values that are allowed, in that unit.
    let noun, kind, unit: String
    let allowed: ClosedRange<Double>

    private static let most = QuantityKind.power.greatest / 1000
    static let demand = Self(noun: "a demand", kind: "a power ", unit: "kW", allowed: 0...most)
    static let output = Self(noun: "an output", kind: "a power ", unit: "kW", allowed: 0...most)
    static let reactive = Self(
        noun: "a reactive power", kind: "", unit: "kvar", allowed: -most...most)
}

extension Field {
    /// `{file: demand.csv, column: school_kw}`: one value for each step, in kW or kvar; nil, with the reasons
    /// reported, if it cannot be read.
    func series(_ quantity: SeriesQuantity, _ context: DeviceContext) -> [Double]? {
        mapping { section in
            let file = section.required("file")
            let column = section.required("column")
            guard let name = column?.text else { return column?.refuse("the name of a column") }
            guard let file, let table = InputTable(file, in: context.folder) else { return nil }
            guard table.csv.index(of: name) != nil else {
                column?.mistake("no column is called \(quoted(name))\(hint(name, among: table.csv.columns))")
                return nil
            }
            guard column?.isColumn(name, of: quantity) == true else { return nil }
            return context.series.read(name, in: quantity.allowed, of: table)
        }
    }
}

extension Mapping {
    /// The measured reactive power under the key `reactive`, which stands beside a measured active power
    /// only; empty where the key is left out, nil if it is wrong.
    func reactiveSeries(_ context: DeviceContext) -> [ReactivePower]? {
        guard let field = optional("reactive") else { return [] }
        for extra in [optional("power_factor"), optional("apparent_power")] {
            extra?.mistake("not allowed beside 'reactive', which says the reactive power of each step")
        }
        return field.series(.reactive, context)?.map { ReactivePower($0 * 1000) }
    }
}

extension MeasuredPlant {
    /// Keys of a plant that a measured output makes needless.
    private static let needless = [
        "albedo", "losses", "temperature_coefficient", "curve", "hub_height", "roughness", "head",
        "design_flow", "residual_flow", "turbine", "head_loss", "generator_efficiency",
    ]

    /// A solar, wind or hydro plant with the key `output`.
    init?(_ section: Mapping, _ kind: DeviceKind, _ field: Field, _ context: DeviceContext) {
        for key in Self.needless {
            section.optional(key)?.mistake("not allowed beside 'output', which says what the plant gives")
        }
        let output = field.series(.output, context)?.map { Power(kilowatts: $0) }
        let reactive = section.reactiveSeries(context)
        guard let (source, rating, capacity) = Self.plate(section, kind), let output, let reactive else {
            return nil
        }
        if let largest = output.max(), largest > rating {
            field.mistake(
                "the output reaches \(QuantityKind.power.shown(largest.value)), more than the largest power of "
                    + "the plant, \(QuantityKind.power.shown(rating.value))")
            return nil
        }
        self.init(source: source, rating: rating, capacity: capacity, output: output, reactive: reactive)
    }

    /// What drives the plant, its largest power and its capacity.
    private static func plate(
        _ section: Mapping, _ kind: DeviceKind
    ) -> (source: Source, rating: Power, capacity: Power)? {
        switch kind {
        case .wind:
            let turbines = section.required("turbines")?.integer(in: 1...10_000)
            let rated = section.quantity("rated", .power, in: .positive)
            guard let turbines, let rated else { return nil }
            let power = Power(rated) * Double(turbines)
            return (.wind, power, power)
        case .hydro:
            return section.quantity("capacity", .power, in: .positive).map {
                (.water, Power($0), Power($0))
            }
        default:
            let capacity = section.quantity("capacity", .power, in: .positive)
            let inverter = section.quantity("inverter", .power, in: .positive)
            // Forecasts alone use the direction; flat modules see every sky alike.
            let tilt = section.quantity("tilt", .angle, in: Bounds(0...90), default: 0)
            let azimuth = section.quantity("azimuth", .angle, in: Bounds(0...360), default: 180)
            guard let capacity, let inverter, let tilt, let azimuth else { return nil }
            let modules = Solar(
                capacity: Power(capacity), inverterCapacity: Power(inverter), tilt: tilt, azimuth: azimuth)
            return (.sun(modules), Power(inverter), Power(capacity))
        }
    }
}
