import Devices
import Events
import Grid
import Islanding
import Scheduling
import Timeline

/// What devices do in a step with events, while it is worked out.
struct IslandDraft {
    /// State of each device after the step.
    var states: [DeviceState]
    var reactive: [ReactivePower]
    /// What each could give or wants in the step.
    var potential: [Power]
    var causes: [UnservedCause?]

    init(_ plant: Plant, at step: Int) {
        states = plant.states
        reactive = plant.reactive
        potential = plant.potential.map { $0[step] }
        causes = Array(repeating: nil, count: states.count)
    }
}

// Parts that are joined to the external grid, and parts without voltage.
extension Islands {
    /// Devices that follow their setpoints. What has been without voltage comes back: loads at once, with
    /// what they make up for; sources and stores after a delay.
    mutating func resolveConnected(_ part: Part, _ plant: Plant, at step: Int, _ draft: inout IslandDraft) {
        for index in present(in: part) {
            let device = devices[index]
            if device.load != nil {
                restore(index, at: step)
                let factor = coldFactor(of: index, at: step)
                guard factor > 1 else { continue }
                draft.potential[index] = draft.potential[index] * factor
                // The setpoint was made for the demand without the excess.
                let share = draft.states[index].power / plant.potential[index][step]
                let power = plant.potential[index][step] == .zero ? .zero : draft.potential[index] * share
                draft.states[index].power = power
                draft.reactive[index] = device.reactive(power, at: step)
            } else {
                let share = reconnectedShare(of: device.bus, at: step)
                guard share < 1 else { continue }
                if device.deviceKind.isRenewable, share > 0 {
                    let power = draft.states[index].power * share
                    draft.states[index].power = power
                    draft.reactive[index] = device.reactive(power, at: step, asked: draft.reactive[index])
                } else {
                    disconnect(index, plant, &draft)
                }
            }
        }
    }

    /// Devices without voltage: nothing is given or taken.
    mutating func resolveDead(_ part: Part, _ plant: Plant, at step: Int, _ draft: inout IslandDraft) {
        let cause = cause(of: part)
        for index in present(in: part) {
            disconnect(index, plant, &draft)
            guard devices[index].load != nil else { continue }
            switchOff(index, part.wasAlive ? cause : nil, else: cause, at: step)
        }
    }

    /// Devices at the buses of `part` that are there and work, without its reference and without grid
    /// connections that are not joined.
    func present(in part: Part) -> [Int] {
        part.devices.filter {
            $0 != part.reference && isSound($0) && (devices[$0].externalGrid == nil || isJoined($0))
        }
    }

    /// It gives and takes nothing.
    func disconnect(_ index: Int, _ plant: Plant, _ draft: inout IslandDraft) {
        draft.states[index] = devices[index].withoutVoltage(
            after: plant.before[index], potential: draft.potential[index], hours: scenario.horizon.stepHours)
        draft.reactive[index] = .zero
    }

    /// Failed and absent devices, and grid connections that are not joined. What is absent wants nothing; a
    /// failed load is not served.
    func disconnectUnsound(_ plant: Plant, _ draft: inout IslandDraft) {
        for index in scenario.connections where !isJoined(index) { disconnect(index, plant, &draft) }
        for index in disturbance.failed + disturbance.absent {
            disconnect(index, plant, &draft)
            if devices[index].load == nil || disturbance.absent.contains(index) {
                draft.potential[index] = .zero
            }
        }
    }

    /// Why a part has no voltage: its island ran out, or what parts it from the external grid.
    private func cause(of part: Part) -> UnservedCause {
        let number = partOfBus[part.buses[0]]
        let wasIsland = part.wasAlive && state.islands.joined().contains { partOfBus[$0] == number }
        let hasFormers = present(in: part).contains { devices[$0].forming != nil }
        if wasIsland && hasFormers || part.hasCollapsed { return .exhausted }
        if scenario.connection == nil { return .shedding }
        if disturbance.outages.contains(where: { partOfBus[devices[$0].bus] == number }) { return .outage }
        func borders(_ branches: [Int]) -> Bool {
            branches.contains {
                let branch = scenario.network.branches[$0]
                return (partOfBus[branch.from] == number) != (partOfBus[branch.to] == number)
            }
        }
        if borders(disturbance.cut) { return .cut }
        return borders(disturbance.opened) ? .open : .outage
    }

    /// A load that is off already keeps its cause, unless there is a `new` one.
    mutating func switchOff(_ index: Int, _ new: UnservedCause?, else first: UnservedCause, at step: Int) {
        let old = state.off[index]
        state.off[index] = (old?.since ?? step, new ?? old?.cause ?? first)
        state.cold[index] = nil
    }

    /// A load is served again.
    mutating func restore(_ index: Int, at step: Int) {
        guard let off = state.off.removeValue(forKey: index) else { return }
        let load = ColdLoad(off: elapsed(since: off.since, at: step), settings)
        state.cold[index] = (step, load)
    }

    /// Multiple of the demand of a load in this step.
    mutating func coldFactor(of index: Int, at step: Int) -> Double {
        guard let cold = state.cold[index] else { return 1 }
        let factor = cold.load.factor(
            after: elapsed(since: cold.since, at: step), over: Double(stepSeconds))
        if factor == 1 { state.cold[index] = nil }
        return factor
    }

    /// Part of the step in which sources and stores at a bus may be connected: not before voltage has been
    /// there for the delay.
    func reconnectedShare(of bus: Int, at step: Int) -> Double {
        let elapsed = elapsed(since: state.aliveSince[bus], at: step)
        guard elapsed < settings.reconnectDelay else { return 1 }
        let left = settings.reconnectDelay - elapsed
        return max(0, 1 - left / Double(stepSeconds))
    }
}
