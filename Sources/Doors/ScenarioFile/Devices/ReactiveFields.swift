import Devices
import Glibc
import Grid
import Scheduling
import YAMLFile

extension ReactiveCapability {
    /// What was read; `value` is nil if the file does not say.
    struct Reading {
        let value: ReactiveCapability?
    }

    /// `apparent_power: 500 kVA` of a device with a converter, `power_factor: 0.8` of a machine; nil if it is
    /// wrong. `model` is nil if another key of the device is wrong.
    static func read(_ section: Mapping, _ kind: DeviceKind, _ model: Device.Kind?) -> Reading? {
        switch kind {
        case .solar, .wind, .battery: converter(section, model.flatMap(rating))
        case .hydro, .genset: machine(section)
        case .load, .flexible, .grid: Reading(value: nil)
        }
    }

    /// The largest active power through the converter of `model`.
    static func rating(_ model: Device.Kind) -> Power? {
        switch model {
        case .solar(let solar): solar.inverterCapacity
        case .wind(let wind): wind.rated * Double(wind.turbines)
        case .battery(let battery): max(battery.chargePower, battery.dischargePower)
        case .measured(let plant): plant.rating
        case .hydro, .genset, .load, .flexible, .grid: nil
        }
    }

    private static func converter(_ section: Mapping, _ rating: Power?) -> Reading? {
        guard let field = section.optional("apparent_power") else { return Reading(value: nil) }
        guard let size = field.quantity(.apparentPower, in: .positive) else { return nil }
        if let rating, size < rating.value {
            let (less, power) = (
                QuantityKind.apparentPower.shown(size), QuantityKind.power.shown(rating.value)
            )
            field.mistake("\(less) is less than the largest active power, \(power)")
            return nil
        }
        return Reading(value: .apparentPower(ApparentPower(size)))
    }

    private static func machine(_ section: Mapping) -> Reading? {
        guard let field = section.optional("power_factor") else { return Reading(value: nil) }
        guard let factor = field.number(in: 0.5...1) else { return nil }
        return Reading(value: .perActive(tan(acos(factor))))
    }
}
