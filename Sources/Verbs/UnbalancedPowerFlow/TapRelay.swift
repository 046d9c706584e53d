import Grid
import LinearAlgebra

/// The relay of a tap control.
final class TapRelay: ControlRelay {
    private let control: Feeder.TapControl
    private let voltage: VoltageProbe
    private let coils: Range<Int>
    private let winding: Feeder.Transformer.Winding
    /// Rated voltage of the measured winding, V.
    private let measuredVolts: Double
    /// By phase: the pair of the measured winding, and the currents of which its own is made, VA.
    private let currents: [Current]
    private let isFirstWinding: Bool

    private struct Current: Sendable {
        let plus: Int
        let minus: Int
        let slots: [Int]
    }

    /// Nil where the transformer has no path to a source.
    init?(_ control: Feeder.TapControl, _ coils: Range<Int>, _ plan: PortPlan) {
        let transformer = plan.system.feeder.transformers[control.transformer]
        voltage = VoltageProbe(control.voltage, plan)
        guard let first = plan.system.transformerRows[control.transformer], voltage.isLive, !coils.isEmpty
        else { return nil }
        self.control = control
        self.coils = coils
        winding = transformer.windings[control.winding]
        let measured = transformer.windings[control.measured]
        measuredVolts = measured.voltage.value
        isFirstWinding = control.measured == 0
        let others = transformer.windings.count - 1
        currents = measured.pairs.enumerated().map { phase, pair in
            let place = plan.system.place(measured.bus, pair)
            let rows = (0..<others).filter { control.measured == 0 || $0 == control.measured - 1 }
            return Current(
                plus: plan.slot(place?.plus), minus: plan.slot(place?.minus),
                slots: rows.map { plan.slot(first + phase * others + $0) })
        }
        scale = plan.system.feeder.buses[measured.bus].nominalPhaseVoltage
    }

    private let scale: Double

    var first: ControlState { ControlState(position: 0) }

    /// The tap at a state.
    func tap(_ state: ControlState) -> Double {
        let tap = winding.tap + Double(state.position) * winding.tapStep
        return min(max(tap, winding.tapRange.lowerBound), winding.tapRange.upperBound)
    }

    /// The position nearest to so many steps from the middle of the range.
    func position(steps: Int) -> Int32 {
        let (low, high) = (winding.tapRange.lowerBound, winding.tapRange.upperBound)
        let wanted = min(max((low + high) / 2 + Double(steps) * winding.tapStep, low), high)
        return Int32(((wanted - winding.tap) / winding.tapStep).rounded())
    }

    func set(_ state: ControlState, _ flow: PortFlow, _ lane: Int) {
        flow.setTap(tap(state), coils: coils, lane)
    }

    func delay(of wish: ControlWish, _ state: ControlState, interval: Double) -> Double {
        guard let reverse = control.reverse else { return control.delay }
        if wish == .turn { return reverse.delay }
        return state.isReversed && reverse.isNeutral ? control.tapDelay : control.delay
    }

    func wish(_ flow: PortFlow, _ lane: Int, _ state: ControlState, at time: Double) -> ControlWish {
        if let reverse = control.reverse {
            let forward = -power(flow, lane, state)
            let hasTurned =
                state.isReversed
                ? forward > reverse.threshold.value : forward < -reverse.threshold.value
            if hasTurned { return .turn }
            if state.isReversed, reverse.isNeutral {
                return move((1 - tap(state)) / winding.tapStep, state, limit: .max)
            }
        }
        let reverse = state.isReversed ? control.reverse : nil
        let setting = reverse?.setting ?? control.setting
        let isBackwards = reverse.map { !$0.isCogeneration } ?? false
        var (seen, phase) = voltage.measure(flow, lane)
        if voltage.slots.count == 1 { phase = control.currentPhase }
        seen = seen * (1 / control.potentialRatio)
        let local = seen.magnitude
        if setting.resistance != 0 || setting.reactance != 0 {
            let current = current(flow, lane, phase, state) * (1 / control.currentRating)
            seen += Complex(setting.resistance, setting.reactance) * current
        }
        let actual = isBackwards ? seen.magnitude / tap(state) : seen.magnitude
        var boost = setting.level - actual
        var isOutside = boost.magnitude > setting.bandwidth / 2
        if let limit = control.limit, local > limit {
            boost = limit - local
            isOutside = true
        }
        guard isOutside else { return .rest }
        let steps = boost * control.potentialRatio / measuredVolts / winding.tapStep
        let isOpposite = (control.winding != control.measured) || isBackwards
        return move(isOpposite ? -steps : steps, state, limit: Int32(clamping: control.mostSteps))
    }

    /// A move of seven tenths of so many steps, at least one: what OpenDSS takes before it looks again. None
    /// at the end of the range.
    private func move(_ steps: Double, _ state: ControlState, limit: Int32) -> ControlWish {
        let rounded = steps.rounded(.toNearestOrEven)
        guard rounded != 0, rounded.isFinite else { return .rest }
        let present = tap(state)
        let end = rounded > 0 ? winding.tapRange.upperBound : winding.tapRange.lowerBound
        let room = ((end - present).magnitude / winding.tapStep - 1e-6).rounded(.up)
        let part = (0.7 * (rounded.magnitude * winding.tapStep) / winding.tapStep).rounded(.down)
        let count = min(max(part, 1), room, Double(limit))
        guard count >= 1 else { return .rest }
        return .move(Int32(rounded > 0 ? count : -count))
    }

    /// Into the measured winding from its bus, A.
    private func current(_ flow: PortFlow, _ lane: Int, _ phase: Int, _ state: ControlState) -> Complex {
        let sum = currents[phase].slots.reduce(Complex.zero) { $0 + flow.value($1, lane) }
        let turns = 1 / (measuredVolts * (control.measured == control.winding ? tap(state) : measuredTap))
        return sum * ((isFirstWinding ? turns : -turns) * FeederSystem.basePower)
    }

    private var measuredTap: Double { 1 }

    /// Into the measured winding, W.
    private func power(_ flow: PortFlow, _ lane: Int, _ state: ControlState) -> Double {
        currents.indices.reduce(0) { sum, phase in
            let v = flow.value(currents[phase].plus, lane) - flow.value(currents[phase].minus, lane)
            return sum + (v * scale * current(flow, lane, phase, state).conjugate).real
        }
    }
}
