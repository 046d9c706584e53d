import Devices
import Grid
import YAMLFile

/// The largest powers of all devices and branches together. Meters and money count exactly up to 1 TW with
/// all losses, so the sum may be a tenth of that: one device alone may be small enough, and many not.
enum PowerSum {
    private static let most = 1e11

    /// Reports the device with the largest power if the sum is too large.
    static func check(_ devices: DeviceSection, _ network: Network?) {
        let powers = devices.entries.map(largest)
        let charging =
            network.map { network in
                network.branches.reduce(0) {
                    let volts = network.buses[$1.from].nominalVoltage.value
                    return $0 + abs($1.charging) * volts * volts
                }
            } ?? 0
        let sum = powers.reduce(charging, +)
        guard !(sum <= most) else { return }
        let place = devices.entries.indices.max { powers[$0] < powers[$1] }
        place.map { devices.entries[$0].name }?.mistake(
            "the largest powers of all devices, with the charging of all branches, sum to "
                + "\(QuantityKind.power.shown(sum)); at most \(QuantityKind.power.shown(most)) are simulated")
    }

    /// Apparent power of what the device may generate or consume, W.
    private static func largest(_ entry: DeviceSection.Entry) -> Double {
        switch entry.device.kind {
        case .load(let load): load.peak.value * (1 + load.reactiveRatio * load.reactiveRatio).squareRoot()
        case .solar(let solar): solar.inverterCapacity.value
        case .wind(let wind):
            max(wind.rated, wind.curve.map(\.power).max() ?? .zero).value * Double(wind.turbines)
        case .hydro(let hydro): hydro.capacity.value
        case .measured(let plant): plant.rating.value
        case .battery(let battery): max(battery.chargePower.value, battery.dischargePower.value)
        case .genset(let genset): genset.capacity.value
        case .flexible(let demand): max(demand.power.value, demand.feedPower.value)
        case .grid: 0
        }
    }
}
