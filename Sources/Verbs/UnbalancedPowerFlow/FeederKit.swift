import Grid
import LinearAlgebra

/// Controls and inverters of a feeder, as runners need them; shared by all workers.
struct FeederKit: Sendable {
    let loadCount: Int
    /// Tap controls, then shunt controls; nil where there is no path to a source.
    let relays: [(any ControlRelay)?]
    let first: [ControlState]
    /// Longer waits make no difference.
    let mostWaits: [Int32]
    let inverters: [InverterUnit]

    init(_ plan: PortPlan, interval: Double) {
        let feeder = plan.system.feeder
        loadCount = feeder.loads.count
        let taps = feeder.tapControls.enumerated().map { index, control -> (any ControlRelay)? in
            TapRelay(control, plan.coilsOfControl[index], plan)
        }
        let shunts = feeder.shuntControls.enumerated().map { index, control -> (any ControlRelay)? in
            ShuntRelay(control, plan.banksOfControl[index], plan)
        }
        relays = taps + shunts
        first = relays.enumerated().map { index, relay in
            let shunt = index - taps.count
            let closed = shunt >= 0 ? feeder.shunts[feeder.shuntControls[shunt].shunt].closed : 0
            return relay?.first ?? ControlState(position: Int32(clamping: closed))
        }
        let delays =
            feeder.tapControls.map { max($0.delay, $0.reverse?.delay ?? 0) }
            + feeder.shuntControls.map { max($0.delay, $0.delayOff) + $0.deadTime }
        mostWaits = delays.map { Int32(min(($0 / interval).rounded(.up) + 1, 1e9)) }
        inverters = Self.inverters(plan)
    }

    /// With taps so many steps from the middle of their ranges, as far as these go.
    func first(taps: [Int]) -> [ControlState] {
        var states = first
        for (index, tap) in taps.enumerated() {
            guard let relay = relays[index] as? TapRelay else { continue }
            states[index].position = relay.position(steps: tap)
        }
        return states
    }

    /// Without controls: taps and shunts stay where they begin.
    var withoutRelays: FeederKit {
        FeederKit(
            loadCount: loadCount, relays: relays.map { _ in nil }, first: first, mostWaits: mostWaits,
            inverters: inverters)
    }

    private init(
        loadCount: Int, relays: [(any ControlRelay)?], first: [ControlState], mostWaits: [Int32],
        inverters: [InverterUnit]
    ) {
        self.loadCount = loadCount
        self.relays = relays
        self.first = first
        self.mostWaits = mostWaits
        self.inverters = inverters
    }

    private static func inverters(_ plan: PortPlan) -> [InverterUnit] {
        let feeder = plan.system.feeder
        var terminals = [[Int]](repeating: [], count: feeder.inverters.count)
        for (index, terminal) in plan.details.enumerated() where Int(terminal.source) >= feeder.loads.count {
            terminals[Int(terminal.source) - feeder.loads.count].append(index)
        }
        let ratings = feeder.inverters.map { inverter in
            inverter.voltVar == nil && inverter.voltWatt == nil ? 0 : inverter.rating.value
        }
        let places = feeder.inverters.map { inverter in
            inverter.pairs.compactMap { plan.system.place(inverter.bus, $0) }
        }
        return feeder.inverters.enumerated().map { index, inverter in
            var gain = 0.0
            if ratings[index] > 0 {
                // By reciprocity a current here does there what one there does here.
                var drawn: [Int: Complex] = [:]
                for place in places[index] {
                    let plus = place.plus.map { plan.solution[$0] } ?? .zero
                    let minus = place.minus.map { plan.solution[$0] } ?? .zero
                    // In phase with the voltage: the currents of three phases are a third of a turn apart.
                    let current = (plus - minus) * (1 / max((plus - minus).magnitude, 1e-9))
                    if let plus = place.plus { drawn[plus, default: .zero] += current }
                    if let minus = place.minus { drawn[minus, default: .zero] -= current }
                }
                let response = plan.response(to: drawn)
                for (other, rating) in ratings.enumerated() where rating > 0 {
                    for place in places[other] {
                        let plus = place.plus.map { response[$0] } ?? .zero
                        let minus = place.minus.map { response[$0] } ?? .zero
                        gain +=
                            (plus - minus).magnitude * rating / FeederSystem.basePower
                            / Double(places[other].count)
                    }
                }
            }
            return InverterUnit(inverter, terminals[index], gain: gain)
        }
    }
}

/// What the inverters of eight lanes do, as fractions of their ratings.
struct InverterLanes {
    private struct Lane {
        var available = 0.0
        var reactive = 0.0
    }

    private let units: [InverterUnit]
    private var lanes: [[Lane]]
    /// By lane: Σ of squares of what the last step moved, p.u. of the base power.
    private var moved: [Double]
    /// By lane: what shortens the steps.
    private var caution: [Double]

    init(_ units: [InverterUnit]) {
        self.units = units
        lanes = Array(repeating: Array(repeating: Lane(), count: 8), count: units.count)
        moved = Array(repeating: 0, count: 8)
        caution = Array(repeating: 1, count: 8)
    }

    /// Whether the powers of some inverter follow the voltage.
    var followVoltage: Bool { units.contains { $0.followsVoltage } }

    /// Shortens the steps of a lane.
    mutating func setCaution(_ factor: Double, _ lane: Int) { caution[lane] = factor }

    /// Starts a step: factors of the nominal powers.
    mutating func begin(_ index: Int, _ lane: Int, active: Double, reactive: Double, _ flow: PortFlow) {
        let unit = units[index]
        lanes[index][lane] = Lane(available: unit.active * active, reactive: unit.reactive * reactive)
        let first = unit.powers(available: unit.active * active, reactive: unit.reactive * reactive, at: 1)
        for terminal in unit.terminals {
            flow.demands[terminal].active[lane] = flow.details[terminal].nominalActive * first.active
            flow.demands[terminal].reactive[lane] = flow.details[terminal].nominalReactive * first.reactive
        }
    }

    /// Moves what follows the voltage towards its curves.
    mutating func advance(_ flow: PortFlow, _ range: ClosedRange<Int>) {
        for lane in range { moved[lane] = 0 }
        for (index, unit) in units.enumerated() where unit.followsVoltage {
            for lane in range {
                let voltages = unit.terminals.map {
                    1 / (flow.demands[$0].reciprocal[lane] * flow.details[$0].nominal)
                }
                for (k, terminal) in unit.terminals.enumerated() {
                    let size = (flow.details[terminal].nominalActive, flow.details[terminal].nominalReactive)
                    let demand = flow.demands[terminal]
                    let (target, damping) = unit.step(
                        available: lanes[index][lane].available, reactive: lanes[index][lane].reactive,
                        at: unit.voltage(voltages, k),
                        from: (demand.active[lane] / size.0, demand.reactive[lane] / size.1))
                    let part = caution[lane] * damping
                    let dp = target.active * size.0 - demand.active[lane]
                    let dq = target.reactive * size.1 - demand.reactive[lane]
                    flow.demands[terminal].active[lane] += part * dp
                    flow.demands[terminal].reactive[lane] += part * dq
                    moved[lane] += dp * dp + dq * dq
                }
            }
        }
    }

    /// Whether the powers of a lane stand where their curves say.
    func isAtRest(_ lane: Int, _ flow: PortFlow) -> Bool {
        units.isEmpty || moved[lane] <= flow.allowed * max(1, flow.plan.largest * flow.plan.largest)
    }
}
