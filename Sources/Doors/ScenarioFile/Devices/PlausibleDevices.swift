import Devices
import Grid
import YAMLFile

// Values that are allowed one by one, and together are more often a wrong unit than meant. They are warnings:
// the scenario is used as it is.

extension Device.Kind {
    /// Warns of what is hardly meant, at the key where it is written.
    func warnOfImplausible(_ section: Mapping) {
        switch self {
        case .battery(let battery): battery.warn(section)
        case .genset(let genset): genset.warn(section)
        case .grid(let grid): grid.warn(section)
        case .solar(let solar): solar.warn(section)
        case .hydro(let hydro): hydro.warn(section)
        case .wind(let wind): wind.warn(section)
        case .load, .measured, .flexible: break
        }
    }
}

extension Battery {
    /// Between three minutes and 200 hours; a round trip keeps at least half.
    fileprivate func warn(_ section: Mapping) {
        let power = max(chargePower, dischargePower)
        let hours = capacity.value / power.value
        if hours < 0.05 || hours > 200 {
            section.optional("capacity")?.warning(
                "\(QuantityKind.energy.shown(capacity.value)) at \(QuantityKind.power.shown(power.value)) "
                    + "last \(Self.shown(hours)); check the units")
        }
        let kept = chargeEfficiency * dischargeEfficiency
        if kept < 0.5 {
            section.optional("efficiency")?.warning(
                "a round trip keeps only \(percent(kept)) of the energy")
        }
    }

    private static func shown(_ hours: Double) -> String {
        hours < 1 ? "\(shortDecimal((hours * 36000).rounded() / 10)) s" : "\(shortDecimal(hours.rounded())) h"
    }
}

extension Genset {
    /// Energy of a litre of diesel, Wh, its lower heating value.
    private static let diesel = 10_000.0

    /// An efficiency between 10 % and 60 % at full load.
    fileprivate func warn(_ section: Mapping) {
        let efficiency = 1 / ((fuelIntercept + fuelSlope) * Self.diesel)
        guard efficiency < 0.1 || efficiency > 0.6 else { return }
        section.optional("fuel")?.warning(
            "intercept and slope make an efficiency of \(percent(efficiency)) at full load, where "
                + "a litre of diesel holds 10 kWh; check the units")
    }
}

extension ExternalGrid {
    fileprivate func warn(_ section: Mapping) {
        guard importLimit == .zero else { return }
        section.optional("import_limit")?.warning(
            exportLimit == .zero
                ? "the grid connection carries nothing: the microgrid is an island"
                : "the grid connection may only export: nothing can be bought")
    }
}

extension Solar {
    fileprivate func warn(_ section: Mapping) {
        let ratio = inverterCapacity.value / capacity.value
        guard ratio < 0.3 || ratio > 3 else { return }
        section.optional("inverter")?.warning(
            "the inverter has \(percent(ratio)) of the capacity of the modules; check the "
                + "units")
    }
}

extension Hydro {
    /// ρ·g, kg/(m²·s²).
    private static let weight = 9810.0

    fileprivate func warn(_ section: Mapping) {
        let water = Self.weight * designFlow * head
        let ratio = capacity.value / water
        guard ratio < 0.2 || ratio > 1.3 else { return }
        section.optional("capacity")?.warning(
            "the design flow over the head is \(QuantityKind.power.shown(water)); check the units")
    }
}

extension Wind {
    fileprivate func warn(_ section: Mapping) {
        let most = curve.reduce(0) { max($0, $1.power.value) }
        guard most < 0.5 * rated.value else { return }
        section.optional("rated")?.warning(
            "the curve reaches only \(QuantityKind.power.shown(most)); check the units")
    }
}

/// A fraction in percent with one digit after the point.
private func percent(_ fraction: Double) -> String {
    QuantityKind.fraction.shown((fraction * 1000).rounded() / 1000)
}
