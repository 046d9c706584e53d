import Devices
import Grid
import Scheduling

// The plant keeps the limits of the grid connection that takes the remainder within a step, by what acts in
// seconds on the measured exchange: converters of stores and of other connections, and breakers of loads.

extension Plant {
    /// Less than this is no excess, W.
    private static let tolerance = 0.5

    /// Brings an exchange into the range that is wanted, and within the limits of the connection. Returns
    /// whether anything changed.
    ///
    /// Stores that follow a setpoint give more or take more, in proportion to their room. What then is still
    /// beyond the limits, controlled grid connections exchange, likewise. What is still above the limit of
    /// import, loads do not get, the cheapest first; what is still beyond the limit of export, sun, wind and
    /// water do not give, each by the same fraction. Only `members` act, nil: all.
    mutating func relieve(
        _ exchange: Power, of connection: Int, _ setpoints: [Setpoint?], within wanted: ClosedRange<Power>?,
        at step: Int, among members: [Int]? = nil
    ) -> Bool {
        let members = members ?? Array(devices.indices)
        guard let grid = devices[connection].externalGrid else { return false }
        let (most, least) = (grid.importLimit.value, -grid.exportLimit.value)
        let highest = min(wanted?.upperBound.value ?? most, most)
        let lowest = max(wanted?.lowerBound.value ?? least, least)
        let lacking =
            exchange.value > highest ? exchange.value - highest : min(exchange.value - lowest, 0)
        guard abs(lacking) > Self.tolerance else { return false }
        let stores = members.filter { devices[$0].isStore && setpoints[$0] != nil }
        let given = share(lacking, among: stores, at: step)
        var left = exchange.value - given
        var changed = abs(given) > Self.tolerance
        let beyond = left > most ? left - most : min(left - least, 0)
        if abs(beyond) > Self.tolerance {
            let others = members.filter { devices[$0].externalGrid != nil && !references.contains($0) }
            let exchanged = share(beyond, among: others, at: step)
            changed = changed || abs(exchanged) > Self.tolerance
            left -= exchanged
        }
        if left > most + Self.tolerance {
            shed(left - most, members, at: step)
            changed = true
        } else if left < least - Self.tolerance {
            curtail(least - left, members, at: step)
            changed = true
        }
        if changed { sumInjections() }
        return changed
    }

    /// Gives `lacking` (W; negative: takes) more by the devices together, in proportion to their room;
    /// returns what was possible.
    private mutating func share(_ lacking: Double, among stores: [Int], at step: Int) -> Double {
        let far = Power(lacking > 0 ? Double.greatestFiniteMagnitude : -Double.greatestFiniteMagnitude)
        let rooms = stores.map { respond($0, to: far, at: step).power.value - states[$0].power.value }
        let room = rooms.reduce(0, +)
        guard abs(room) > 0 else { return 0 }
        let share = min(lacking / room, 1)
        var given = 0.0
        for (index, own) in zip(stores, rooms) {
            let before = states[index].power
            states[index] = respond(index, to: Power(before.value + share * own), at: step)
            given += states[index].power.value - before.value
        }
        return given
    }

    /// Loads of the lowest value of lost load are shed first, equal ones by the same fraction.
    private mutating func shed(_ lacking: Double, _ members: [Int], at step: Int) {
        var left = lacking
        let loads = members.filter { devices[$0].lostLoadValue != nil }
        for value in Set(loads.map { devices[$0].lostLoadValue! }).sorted() where left > 0 {
            let equal = loads.filter { devices[$0].lostLoadValue == value }
            let served = equal.reduce(0) { $0 - states[$1].power.value }
            guard served > 0 else { continue }
            let fraction = min(left / served, 1)
            for index in equal { states[index].power = states[index].power * (1 - fraction) }
            left -= fraction * served
        }
        for index in loads { reactive[index] = devices[index].reactive(states[index].power, at: step) }
    }

    private mutating func curtail(_ surplus: Double, _ members: [Int], at step: Int) {
        let sources = members.filter { devices[$0].isWeatherDriven }
        let given = sources.reduce(0) { $0 + states[$1].power.value }
        guard given > 0 else { return }
        let fraction = min(surplus / given, 1)
        for index in sources {
            states[index].power = states[index].power * (1 - fraction)
            reactive[index] = devices[index].reactive(
                states[index].power, at: step, asked: reactive[index])
        }
    }

    private func respond(_ index: Int, to power: Power, at step: Int) -> DeviceState {
        devices[index].follow(
            power, potential: potential[index][step], state: before[index], at: step, hours: stepHours)
    }
}

extension Device {
    /// Flexible demand does not balance: what it gave up at a deadline would be missed.
    fileprivate var isStore: Bool {
        battery != nil
    }

    /// Whether sun, wind or water drives it.
    var isWeatherDriven: Bool {
        switch kind {
        case .solar, .wind, .hydro, .measured: true
        case .load, .flexible, .battery, .genset, .grid: false
        }
    }

    fileprivate var lostLoadValue: EnergyCost? {
        guard case .load(let load) = kind else { return nil }
        return load.valueOfLostLoad
    }
}
