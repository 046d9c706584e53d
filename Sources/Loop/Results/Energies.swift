public import Devices
public import Grid
public import Settlement
import Simulator
import Timeline

// Sums over a summary's tallies.

extension Summary {
    /// Energies of device `index` over the whole run.
    public func tally(of index: Int) -> Tally {
        tallies.reduce(Tally()) { $0 + $1[index] }
    }

    /// Energies of all devices of `kind`, over the whole run or in one of its `months`, by index.
    public func tally(of kind: DeviceKind, month: Int? = nil) -> Tally {
        let chosen = month.map { [tallies[$0]] } ?? tallies
        return chosen.reduce(Tally()) { sum, devices in
            zip(scenario.devices, devices).reduce(sum) { $1.0.deviceKind == kind ? $0 + $1.1 : $0 }
        }
    }

    /// Network losses of the run.
    public var totalLosses: Energy { losses.reduce(.zero, +) }

    /// Curtailed energy of sun, wind and water over the whole run.
    public var curtailed: Energy { curtailed() }

    /// Curtailed energy over the whole run, or in one of its `months`, by index.
    public func curtailed(month: Int? = nil) -> Energy {
        DeviceKind.allCases.filter(\.isRenewable).reduce(.zero) { $0 + tally(of: $1, month: month).curtailed }
    }

    /// Energy not served over the whole run.
    public var unserved: Energy { tally(of: .load).unserved }

    /// Energy that loads took as a fraction of what they wanted; nil when they wanted none.
    public var servedShare: Double? {
        let load = tally(of: .load)
        let wanted = load.taken + load.unserved
        return wanted > .zero ? load.taken / wanted : nil
    }

    /// Energy from sun, wind and water as a fraction of all that was generated or imported; nil when nothing
    /// was.
    public var renewableShare: Double? {
        let given = DeviceKind.allCases.filter { $0 != .battery && $0 != .load }
            .map { (kind: $0, energy: tally(of: $0).given) }
        let total = given.reduce(Energy.zero) { $0 + $1.energy }
        guard total > .zero else { return nil }
        return given.reduce(Energy.zero) { $1.kind.isRenewable ? $0 + $1.energy : $0 } / total
    }

    /// Duration of the steps so far, h.
    public var hours: Double { Double(steps) * scenario.horizon.stepHours }

    /// Capacity factor: energy device `index` gave over that of its rated power at all times; nil without
    /// one.
    public func capacityFactor(of index: Int) -> Double? {
        guard let rated = scenario.devices[index].ratedPower, rated > .zero, hours > 0 else { return nil }
        return tally(of: index).given / rated.energy(hours: hours)
    }

    /// Full cycles of the battery `index`: energy out of its cells over its capacity; nil for any other
    /// device.
    public func cycles(of index: Int) -> Double? {
        guard let battery = scenario.devices[index].battery, battery.capacity > .zero else { return nil }
        return tally(of: index).given / battery.dischargeEfficiency / battery.capacity
    }

    /// Emission factors of the scenario's rules.
    public var carbon: CarbonFactors { scenario.terms.rules.carbon }

    /// Emissions of imports, kg CO₂.
    public var importEmissions: Double { tally(of: .grid).given.kilowattHours * carbon.imported }
    /// Emissions of gensets, kg CO₂.
    public var gensetEmissions: Double { fuel.reduce(0, +) * carbon.diesel }

    /// Emissions of imports and gensets, kg CO₂.
    public var emissions: Double { importEmissions + gensetEmissions }

    /// Load duration curve: net load of every step, or of the means that `traces` has, greatest first.
    public var durationCurve: [Power] { traces.netLoad.sorted(by: >) }
}
