import Grid
import LinearAlgebra

/// The relay of a shunt control.
final class ShuntRelay: ControlRelay {
    private let control: Feeder.ShuntControl
    private let banks: Range<Int>
    private let steps: Int32
    private let closed: Int32
    private let override: VoltageProbe?
    private let voltage: VoltageProbe?
    private let currents: [Current]

    private struct Current: Sendable {
        let plus: Int
        let minus: Int
        let terms: [(slot: Int, factor: Complex)]
        /// V and A of one per unit.
        let volts: Double
        var amperes: Double { FeederSystem.basePower / volts }
    }

    init?(_ control: Feeder.ShuntControl, _ banks: Range<Int>, _ plan: PortPlan) {
        guard !banks.isEmpty else { return nil }
        let shunt = plan.system.feeder.shunts[control.shunt]
        self.control = control
        self.banks = banks
        (steps, closed) = (Int32(clamping: shunt.steps), Int32(clamping: shunt.closed))
        override = control.override.map { VoltageProbe($0.voltage, plan) }
        var probe: VoltageProbe?
        var measured: Feeder.CurrentPoint?
        switch control.kind {
        case .voltage(let point, _, _, _): probe = VoltageProbe(point, plan)
        case .current(let point, _, _, _), .reactive(let point, _, _), .powerFactor(let point, _, _):
            measured = point
        case .time: break
        }
        voltage = probe
        currents = (measured.map(plan.system.terms) ?? []).map { term in
            Current(
                plus: plan.slot(term.plus), minus: plan.slot(term.minus),
                terms: term.currents.map { (plan.slot($0.unknown), Complex($0.factor, 0)) }
                    + term.charging.map { (plan.slot($0.node), $0.susceptance) },
                volts: term.volts)
        }
        if let probe, !probe.isLive { return nil }
        if measured != nil, currents.isEmpty { return nil }
    }

    var first: ControlState { ControlState(position: closed) }

    func set(_ state: ControlState, _ flow: PortFlow, _ lane: Int) {
        flow.setClosed(Double(state.position) / Double(steps), banks: banks, lane)
    }

    func delay(of wish: ControlWish, _ state: ControlState, interval: Double) -> Double {
        guard case .move(let steps) = wish, steps > 0 else { return control.delayOff }
        guard state.open > 0 else { return control.delay }
        return max(control.delay, control.deadTime + control.delay - Double(state.open - 1) * interval)
    }

    func wish(_ flow: PortFlow, _ lane: Int, _ state: ControlState, at time: Double) -> ControlWish {
        if let override, override.isLive, let limits = control.override {
            let seen = override.measure(flow, lane).voltage.magnitude / limits.ratio
            if seen < limits.least { return close(state) }
            if seen > limits.most { return open(state) }
        }
        switch control.kind {
        case .voltage(_, let ratio, let on, let off):
            guard let voltage else { return .rest }
            let seen = voltage.measure(flow, lane).voltage.magnitude / ratio
            return seen > off ? open(state) : seen < on ? close(state) : .rest
        case .current(_, let ratio, let on, let off):
            let seen = currents.map { current($0, flow, lane).magnitude * $0.amperes }
            let mean = seen.reduce(0, +) / Double(seen.count) / ratio
            return choose(mean, on, off, state)
        case .reactive(_, let on, let off):
            return choose(power(flow, lane).imaginary, on.value, off.value, state)
        case .powerFactor(_, let on, let off):
            let s = power(flow, lane)
            let size = s.magnitude
            guard size > 0 else { return .rest }
            let factor = s.real.magnitude / size
            let seen = s.imaginary < 0 ? 2 - factor : factor
            return seen < on ? close(state) : seen > off ? open(state) : .rest
        case .time(let on, let off):
            let day = time.truncatingRemainder(dividingBy: 86_400)
            let isOn = on < off ? day >= on && day < off : day >= on || day < off
            return isOn ? close(state) : open(state)
        }
    }

    private func choose(_ seen: Double, _ on: Double, _ off: Double, _ state: ControlState) -> ControlWish {
        seen > on ? close(state) : seen < off ? open(state) : .rest
    }

    private func close(_ state: ControlState) -> ControlWish { state.position < steps ? .move(1) : .rest }
    private func open(_ state: ControlState) -> ControlWish { state.position > 0 ? .move(-1) : .rest }

    private func current(_ current: Current, _ flow: PortFlow, _ lane: Int) -> Complex {
        current.terms.reduce(Complex.zero) { $0 + flow.value($1.slot, lane) * $1.factor }
    }

    /// W and var into the element.
    private func power(_ flow: PortFlow, _ lane: Int) -> Complex {
        currents.reduce(Complex.zero) { sum, measured in
            let v = flow.value(measured.plus, lane) - flow.value(measured.minus, lane)
            return sum + v * current(measured, flow, lane).conjugate * FeederSystem.basePower
        }
    }
}
