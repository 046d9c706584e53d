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
    /// wrong.
    static func read(_ section: Mapping, _ model: Device.Kind?) -> Reading? {
        switch model {
        case .solar(let solar): converter(section, solar.inverterCapacity)
        case .wind(let wind): converter(section, wind.rated * Double(wind.turbines))
        case .battery(let battery): converter(section, max(battery.chargePower, battery.dischargePower))
        case .hydro, .genset: machine(section)
        case .load, .grid, nil: Reading(value: nil)
        }
    }

    private static func converter(_ section: Mapping, _ rating: Power) -> Reading? {
        guard let field = section.optional("apparent_power") else { return Reading(value: nil) }
        guard let size = field.quantity(.apparentPower, in: .positive) else { return nil }
        guard size >= rating.value else {
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
