import Devices
public import Grid
public import Settlement
import Simulator
import Timeline

// Sums over a summary's tallies.

extension Summary {
    /// Of device `index` over the whole run.
    public func tally(of index: Int) -> Tally {
        tallies.reduce(Tally()) { $0 + $1[index] }
    }

    /// Of all devices of `kind`, over the whole run or in one of its months.
    public func tally(of kind: DeviceKind, month: Int? = nil) -> Tally {
        let chosen = month.map { [tallies[$0]] } ?? tallies
        return chosen.reduce(Tally()) { sum, devices in
            zip(scenario.devices, devices).reduce(sum) { $1.0.sort == kind ? $0 + $1.1 : $0 }
        }
    }

    public var totalLosses: Energy { losses.reduce(.zero, +) }

    public var curtailed: Energy {
        DeviceKind.allCases.filter(\.isRenewable).reduce(.zero) { $0 + tally(of: $1).curtailed }
    }

    /// Sun, wind and water among all that was generated or imported; nil when nothing was.
    public var renewableShare: Double? {
        let given = DeviceKind.allCases.filter { $0 != .battery && $0 != .load }
            .map { (kind: $0, energy: tally(of: $0).given) }
        let total = given.reduce(Energy.zero) { $0 + $1.energy }
        guard total > .zero else { return nil }
        return given.reduce(Energy.zero) { $1.kind.isRenewable ? $0 + $1.energy : $0 } / total
    }

    public var hours: Double { Double(steps) * scenario.horizon.stepHours }

    /// What device `index` gave against its rating at all times; nil where it has none.
    public func capacityFactor(of index: Int) -> Double? {
        guard let rated = scenario.devices[index].ratedPower, rated > .zero, hours > 0 else { return nil }
        return tally(of: index).given / rated.energy(hours: hours)
    }

    /// Full cycles of the battery `index`: what left its cells against its capacity; nil for anything else.
    public func cycles(of index: Int) -> Double? {
        guard let battery = scenario.devices[index].battery, battery.capacity > .zero else { return nil }
        return tally(of: index).given / battery.dischargeEfficiency / battery.capacity
    }

    public var carbon: CarbonFactors { scenario.terms.rules.carbon }

    /// kg CO₂ of imports and of gensets.
    public var importEmissions: Double { tally(of: .grid).given.kilowattHours * carbon.imported }
    public var gensetEmissions: Double { fuel.reduce(0, +) * carbon.diesel }

    /// Net load of every step, greatest first.
    public var durationCurve: [Power] { traces.netLoad.sorted(by: >) }
}
