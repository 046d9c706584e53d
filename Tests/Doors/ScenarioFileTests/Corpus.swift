import Testing

/// The good scenario with `old` replaced by `new`, and the one mistake that makes.
struct Spoilt: CustomTestStringConvertible, Sendable {
    let old: String
    let new: String
    let mistake: String

    init(_ old: String, _ new: String, _ mistake: String) {
        (self.old, self.new, self.mistake) = (old, new, mistake)
    }

    var testDescription: String { "\(old) → \(new)" }
}

enum Corpus {
    static let yaml: [Spoilt] = [
        Spoilt("seed: 7", "sede: 7", "3:1: error: unknown key 'sede'; did you mean 'seed'?"),
        Spoilt(
            "seed: 7", "version: 2",
            "3:1: error: unknown key 'version'; allowed are name, description, seed, place, time, weather, network, loads, devices, communication, events, islands, forecast, dispatch, market, overrides"
        ),
        Spoilt(
            "    minimum_load: 30 %", "    minimum_laod: 30 %",
            "36:5: error: devices.standby: unknown key 'minimum_laod'; did you mean 'minimum_load'?"),
        Spoilt(
            "dispatch: {method: rolling-optimum, horizon: 24 h", "dispatch: {how: best, horizon: 24 h",
            "43:12: error: dispatch: unknown key 'how'; allowed are method, set_point, threshold, timeout, gap, time_limit, command, horizon, replan, interval, network_limits, power_factor, demand_charge, end, emission_price, emission_cap, reserve, areas, ties, coordination, clear"
        ),
        Spoilt("    capacity: 200 kWh\n", "", "25:5: error: devices.battery: the key 'capacity' is missing"),
        Spoilt("name: Test valley\n", "", "1:1: error: the key 'name' is missing"),
        Spoilt(
            "place: {latitude: 27.06, longitude: 106.98, elevation: 1070 m, timezone: Asia/Shanghai}",
            "place: [27.06, 106.98]", "4:8: error: place: found a list, expected a mapping (key: value)"),
        Spoilt(
            "topology: star", "topology: [star]",
            "41:13: error: communication.topology: found a list, expected a topology: star, tree, ring, overlay, mesh, list, along-the-cable"
        ),
        Spoilt(
            "forecast: {method: persistence}", "forecast:",
            "44:10: error: forecast: found nothing, expected a mapping (key: value)"),
        Spoilt(
            "name: Test valley", "name: \"Test \\u202E valley\"",
            "1:7: error: name: the text holds the invisible character U+202E"),
    ]

    static let numbers: [Spoilt] = [
        Spoilt(
            "capacity: 80 kW", "capacity: 80",
            "35:15: error: devices.standby.capacity: '80' has no unit; a power is written in kW, W, MW or GW, such as '80 kW'"
        ),
        Spoilt(
            "capacity: 80 kW", "capacity: 80 kWh",
            "35:15: error: devices.standby.capacity: 'kWh' is a unit for an energy; a power is written in kW, W, MW or GW"
        ),
        Spoilt(
            "charge: 95 %", "charge: 950 %",
            "29:26: error: devices.battery.efficiency.charge: 950 % is more than 100 %"),
        Spoilt(
            "charge: 95 %", "charge: 0.95",
            "29:26: error: devices.battery.efficiency.charge: '0.95' has no unit; a fraction is written in %, such as '95 %'"
        ),
        Spoilt("loss: 2 %", "loss: 130 %", "42:47: error: communication.link.loss: 130 % is more than 100 %"),
        Spoilt(
            "0.93..1.07 pu", "0.93..1.07",
            "13:21: error: network.limits.voltage: '0.93..1.07' has no unit; a voltage relative to nominal is written in pu or %, such as '0.93..1.07 pu'"
        ),
        Spoilt(
            "seed: 7", "seed: -1",
            "3:7: error: seed: '-1' is not a whole number from 0 to 18446744073709551615"),
        Spoilt(
            "turbines: 1", "turbines: 1.5",
            "22:41: error: devices.ridge.turbines: '1.5' is not a whole number from 1 to 10000"),
        Spoilt("latitude: 27.06", "latitude: 127", "4:19: error: place.latitude: 127 is more than 90"),
        Spoilt(
            "feed_in: 0.2 yuan/kWh", "feed_in: 1e18 yuan/kWh",
            "39:102: error: devices.grid.feed_in: 1e18 yuan/kWh is more than 1000 yuan/kWh"),
        Spoilt(
            "feed_in: 0.2 yuan/kWh", "feed_in: 0.1234567 yuan/kWh",
            "39:102: error: devices.grid.feed_in: '0.1234567 yuan/kWh' has more than six decimals in yuan/kWh"
        ),
        Spoilt(
            "price: 7.6 yuan/L", "price: 7.6 yuan/kWh",
            "38:62: error: devices.standby.fuel.price: 'yuan/kWh' is a unit for an energy price; a fuel price is written in yuan/L"
        ),
        Spoilt(
            "power_factor: 0.95", "power_factor: 0",
            "19:62: error: devices.houses.power_factor: 0 is less than 0.01"),
    ]
}
