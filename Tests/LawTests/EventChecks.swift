import Clearing
import Devices
import Events
import Grid
import Planning
import Scheduling
import Simulator
import Timeline

/// What must hold in every step of a run with events.
struct EventChecks {
    private let scenario: Scenario
    private var stored: [Energy]
    private var power: [Power]

    init(_ scenario: Scenario) {
        self.scenario = scenario
        stored = scenario.devices.map(\.initialState.stored)
        power = scenario.devices.map(\.initialState.power)
    }

    /// The laws that `record` breaks.
    mutating func broken(by record: Record) -> [String] {
        let broken =
            balance(record) + exchange(record) + parts(record) + limits(record) + contents(record)
            + silence(record)
            + reasons(record)
        (stored, power) = (record.stored, record.power)
        return broken
    }

    private func law(_ holds: Bool, _ text: @autoclosure () -> String) -> [String] {
        holds ? [] : [text()]
    }

    /// Injections are losses and loads, in the whole and in each part of the network.
    private func balance(_ record: Record) -> [String] {
        let given = record.power.reduce(Power.zero, +)
        let losses = record.point.status.isSolved ? record.point.losses : .zero
        guard record.islanding != nil, record.point.status.isSolved else {
            return law(abs((given - losses).value) < 1, "\((given - losses).value) W out of balance")
        }
        var (sums, ofBus) = ([Double](), Array(repeating: -1, count: scenario.network.buses.count))
        // A cable: buses between branches without any flow or voltage drop across an open one.
        for bus in ofBus.indices {
            let isJoined = bus > 0 && isClosed(bus - 1, record)
            if !isJoined { sums.append(0) }
            ofBus[bus] = sums.count - 1
        }
        for (index, device) in scenario.devices.enumerated() {
            sums[ofBus[device.bus]] += record.power[index].value
        }
        for (index, branch) in scenario.network.branches.enumerated() {
            let loss = record.point.powerFrom[index] + record.point.powerTo[index]
            sums[ofBus[branch.from]] -= loss.value
        }
        return law(sums.allSatisfy { abs($0) < 1 }, "parts out of balance: \(sums) W")
    }

    /// Each connection keeps its limits, also beside islands and after interruptions, unless a hijacked
    /// device pushes power through it.
    private func exchange(_ record: Record) -> [String] {
        let attacks = scenario.events.disturbance(in: record.step).attacks
        guard !attacks.values.contains(where: { $0.contains(.hijack) }) else { return [] }
        guard scenario.planning.clearing.method != .none, record.point.status.isSolved else { return [] }
        return scenario.connections.flatMap { connection in
            let (grid, power) = (scenario.devices[connection].externalGrid!, record.power[connection])
            let slack = Power(10)
            return law(
                power <= grid.importLimit + slack && -power <= grid.exportLimit + slack,
                "connection \(connection) carries \(power.kilowatts) kW")
        }
    }

    private func isClosed(_ branch: Int, _ record: Record) -> Bool {
        let now = scenario.events.disturbance(in: record.step)
        let isWaiting = record.islanding?.waiting.contains(branch) ?? false
        return !now.cut.contains(branch) && !now.opened.contains(branch) && !isWaiting
    }

    /// What is dead carries nothing; an island has its grid-forming devices; the connection gives nothing
    /// while the grid is out.
    private func parts(_ record: Record) -> [String] {
        guard let islanding = record.islanding, record.point.status.isSolved else { return [] }
        let dead = Set(islanding.deadBuses)
        var broken: [String] = []
        for (index, device) in scenario.devices.enumerated() where dead.contains(device.bus) {
            broken += law(record.power[index] == .zero, "\(device.name) is dead and gives power")
        }
        for (index, branch) in scenario.network.branches.enumerated() where dead.contains(branch.from) {
            broken += law(record.point.powerFrom[index] == .zero, "dead branch \(branch.name) carries power")
        }
        for bus in scenario.network.buses.indices {
            broken += law((record.point.voltage[bus] == .zero) == dead.contains(bus), "voltage of bus \(bus)")
        }
        for island in islanding.islands {
            broken += law(!island.forming.isEmpty && island.forming.contains(island.slack), "who forms it")
            broken += law(island.buses.allSatisfy { !dead.contains($0) }, "an island is dead")
            for device in island.forming {
                let isThere = island.buses.contains(scenario.devices[device.index].bus)
                broken += law(isThere && scenario.devices[device.index].forming != nil, "a stranger forms it")
            }
            broken += law(
                island.headroom.value > -1, "an island lacks \(-island.headroom.value) W: \(island)")
        }
        let outages = scenario.events.disturbance(in: record.step).outages
        for connection in scenario.connections where outages.contains(connection) {
            broken += law(record.power[connection] == .zero, "a connection gives during its outage")
            broken += law(!record.references.contains(connection), "it holds the voltage then")
        }
        let isOut = scenario.connections.allSatisfy(outages.contains)
        broken += law(!isOut || !islanding.isConnected, "connected during an outage")
        return broken
    }

    /// No device beyond its limits.
    private func limits(_ record: Record) -> [String] {
        zip(scenario.devices, zip(record.power, record.potential)).flatMap { device, powers in
            let (power, potential) = powers
            let slack = Power(1)
            switch device.kind {
            case .battery(let battery):
                return law(
                    power <= battery.dischargePower + slack && -power <= battery.chargePower + slack,
                    "\(device.name) beyond its power")
            case .genset(let genset):
                return law(
                    power >= -slack && power <= genset.capacity + slack, "\(device.name) beyond its power")
            case .solar, .wind, .hydro, .measured:
                return law(power >= -slack && power <= potential + slack, "\(device.name) above its sun")
            case .load:
                return law(power <= slack && -power <= potential + slack, "\(device.name) takes too much")
            case .flexible(let demand):
                let bounds = demand.bounds(at: record.step)
                return law(
                    power >= bounds.lowerBound - slack && power <= bounds.upperBound + slack,
                    "\(device.name) beyond its power")
            case .grid: return []
            }
        }
    }

    /// Contents follow from powers alone: no crash, partition or cut changes any.
    private func contents(_ record: Record) -> [String] {
        scenario.devices.indices.flatMap { index -> [String] in
            guard let battery = scenario.devices[index].battery else { return [] }
            let after = battery.follow(
                record.power[index], stored: stored[index], hours: record.interval.hours)
            let isKept = battery.bounds.contains(record.stored[index])
            return law(
                abs((after.stored - record.stored[index]).value) < 1 && isKept,
                "content of \(scenario.devices[index].name): \(record.stored[index].value) Wh")
        }
    }

    /// Devices that failed or are absent do nothing, and what only touches messages leaves no trace.
    private func silence(_ record: Record) -> [String] {
        let now = scenario.events.disturbance(in: record.step)
        var broken = (now.failed + now.absent).flatMap { index in
            law(record.power[index] == .zero, "\(scenario.devices[index].name) is out and gives power")
        }
        broken += law(!now.touchesPower || record.islanding != nil, "an event without a trace")
        return broken
    }

    /// Whatever is not served has a cause.
    private func reasons(_ record: Record) -> [String] {
        guard let islanding = record.islanding else { return [] }
        return scenario.devices.indices.flatMap { index -> [String] in
            let device = scenario.devices[index]
            let unserved = device.deviceKind.unserved(record.power[index], of: record.potential[index])
            let isUnserved = unserved > record.potential[index] * 1e-6
            return law(
                !isUnserved || islanding.causes[index] != nil,
                "\(device.name) is not served, nobody knows why")
        }
    }
}
