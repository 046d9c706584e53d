import Clearing
import Devices
import Grid
import Islanding
import Monitoring
import Planning
import Scheduling
import Timeline

// A step with events, from the parts of the network to what the plant does.
extension Islands {
    /// Resolves the step: what devices do in each part, the power flow, and what is left for later steps. Nil
    /// in a step without events, in which nothing is changed.
    mutating func resolve(
        _ plant: inout Plant, _ agreement: Coordination.Agreement, at step: Int,
        into point: inout OperatingPoint
    ) -> Islanding? {
        guard parts != nil else { return nil }
        let begun = state
        while true {
            var draft = IslandDraft(plant, at: step)
            disconnectUnsound(plant, &draft)
            var islands: [IslandMembers] = []
            for part in parts! {
                switch part.kind {
                case .connected: resolveConnected(part, plant, at: step, &draft)
                case .dead: resolveDead(part, plant, at: step, &draft)
                case .island: islands.append(members(of: part, plant, agreement, at: step, &draft))
                }
            }
            let (outcomes, fallen) = solve(&islands, plant, at: step, &draft, into: &point)
            guard fallen.isEmpty else {
                state = begun
                collapse(fallen)
                continue
            }
            var record = finish(islands, outcomes, plant, at: step, &draft, &point)
            plant.take(draft, injections(of: draft, plant, without: slacks(of: islands)))
            if scenario.planning.clearing.method != .none, isConnected {
                keepExchanges(&plant, agreement, at: step, &point)
                record.causes = causes(plant.states, draft.potential, point)
            }
            point.losses += plant.unmodelledLosses
            return record
        }
    }

    /// Each part that is joined to an external grid keeps the exchange of its reference, as in a step without
    /// events (`Plant.relieve`).
    private func keepExchanges(
        _ plant: inout Plant, _ agreement: Coordination.Agreement, at step: Int,
        _ point: inout OperatingPoint
    ) {
        for (number, part) in parts!.enumerated() {
            guard let reference = part.reference else { continue }
            let wanted =
                number == central ? agreement.decision?.exchange : agreement.exchanges[part.buses]
            // A source that has only begun to give can still give less.
            let members = part.devices.filter {
                isAvailable($0, in: number)
                    && (devices[$0].load != nil || devices[$0].isWeatherDriven
                        || reconnectedShare(of: devices[$0].bus, at: step) == 1)
            }
            for _ in 0..<Self.mostReliefs {
                guard point.status.isSolved,
                    plant.relieve(
                        plant.states[reference].power, of: reference, agreement.inForce, within: wanted,
                        at: step, among: members)
                else { break }
                // The slacks of islands are among these injections: their sources give nothing beside.
                network.solveAgain(plant.injections, into: &point)
                takeExchanges(&plant, point)
            }
        }
        takeExchanges(&plant, point)
    }

    /// Sets the references to what the sources of the solution give.
    private func takeExchanges(_ plant: inout Plant, _ point: OperatingPoint) {
        let isSolved = point.status.isSolved
        guard references.count > 1, isSolved else {
            for reference in references {
                plant.states[reference].power = isSolved ? point.sourcePower : .zero
                plant.reactive[reference] = isSolved ? point.sourceReactive : .zero
            }
            return
        }
        for reference in references {
            (plant.states[reference].power, plant.reactive[reference]) =
                given(by: reference, plant, plant.states, plant.reactive, point)
        }
    }

    /// Often enough for the losses that follow the change of power.
    private static let mostReliefs = 6

    /// Islands that cannot be held lose their voltage.
    private mutating func collapse(_ fallen: [Int]) {
        let places = parts!.indices.filter { parts![$0].kind == .island }
        for island in fallen {
            parts![places[island]].kind = .dead
            parts![places[island]].forming = []
            parts![places[island]].hasCollapsed = true
        }
    }

    private func slacks(of islands: [IslandMembers]) -> [Int] { islands.map { $0.forming[$0.slack] } }

    /// What all devices give but the references and the slacks of the islands.
    private func injections(
        of draft: IslandDraft, _ plant: Plant, without slacks: [Int]
    ) -> Injections {
        var injections = Injections(buses: scenario.network.buses.count)
        for (index, device) in devices.enumerated()
        where !references.contains(index) && !slacks.contains(index) {
            injections.add(draft.states[index].power, draft.reactive[index], at: device.bus)
        }
        injections.active[0] = injections.active[0] - plant.unmodelledLosses(draft.states)
        return injections
    }

    private func topology(_ islands: [IslandMembers]) -> IslandNetwork.Topology {
        let network = scenario.network
        var sources = references.map { reference in
            let bus = devices[reference].bus
            return bus == network.source
                ? network.sources[0] : Network.Source(bus: bus, voltage: network.sourceVoltage)
        }
        for slack in slacks(of: islands) {
            let bus = devices[slack].bus
            sources.append(
                Network.Source(bus: bus, voltage: state.heldVoltage[bus] ?? network.sourceVoltage))
        }
        return .init(isClosed: Array(state.isClosed.prefix(network.branches.count)), sources: sources)
    }

    /// Rounds of power flow and balance until the losses that each island counts with are those that it has.
    private static let mostRounds = 20
    /// W.
    private static let lossTolerance = 0.01

    /// Balances all islands and solves the network. Returns the islands, by their place, that cannot be held;
    /// `draft` has the powers of all devices otherwise.
    private mutating func solve(
        _ islands: inout [IslandMembers], _ plant: Plant, at step: Int, _ draft: inout IslandDraft,
        into point: inout OperatingPoint
    ) -> (outcomes: [IslandStep.Outcome], fallen: [Int]) {
        let topology = topology(islands)
        let slacks = slacks(of: islands)
        var outcomes: [IslandStep.Outcome] = []
        for _ in 0..<Self.mostRounds {
            outcomes = islands.map { balance($0, plant, at: step) }
            for (members, outcome) in zip(islands, outcomes) {
                apply(outcome, members, plant, at: step, &draft)
            }
            let injections = injections(of: draft, plant, without: slacks)
            network.solve(injections, topology, into: &point)
            guard point.status.isSolved else { return (outcomes, Array(islands.indices)) }
            var largest = 0.0
            for (place, slack) in slacks.enumerated() {
                let given = network.sourcePower(at: devices[slack].bus, point, injections)
                let losses = outcomes[place].losses(of: islands[place], withSlackAt: given.active)
                largest = max(largest, abs((losses - islands[place].step.losses).value))
                islands[place].step.losses = losses
                // Who is served is decided once; later rounds may only shed.
                for load in islands[place].step.loads.indices {
                    islands[place].step.loads[load].isOn = outcomes[place].isServed[load]
                }
                islands[place].step.mostBlocks = 0
                draft.states[slack] = running(slack, given.active, plant.before[slack])
                draft.reactive[slack] = given.reactive
            }
            if largest <= Self.lossTolerance { break }
        }
        let fallen = slacks.indices.filter { place in
            let range = range(of: slacks[place], plant.before[slacks[place]], lasting: 1)
            let power = draft.states[slacks[place]].power
            return power > range.upperBound + Power(1) || power < min(range.lowerBound, .zero) - Power(1)
        }
        return (outcomes, fallen)
    }

    /// Writes what an island's devices do.
    private func apply(
        _ outcome: IslandStep.Outcome, _ members: IslandMembers, _ plant: Plant, at step: Int,
        _ draft: inout IslandDraft
    ) {
        let powers =
            zip(members.forming, outcome.forming) + zip(members.following, outcome.following)
            + zip(members.sources, outcome.sources)
        for (index, power) in powers {
            draft.states[index] =
                devices[index].flexible == nil
                ? running(index, power, plant.before[index])
                : devices[index].follow(
                    power, potential: plant.potential[index][step], state: plant.before[index], at: step,
                    hours: scenario.horizon.stepHours)
            draft.reactive[index] = devices[index].reactive(power, at: step)
        }
        for (place, index) in members.loads.enumerated() {
            let isServed = outcome.isServed[place]
            draft.potential[index] = members.wanted(place, isServed: isServed)
            let power = isServed ? -members.step.loads[place].demand : .zero
            draft.states[index] = DeviceState(power: power, stored: .zero)
            draft.reactive[index] = devices[index].reactive(power, at: step)
        }
    }

    /// The state of a device that gives exactly `power` for the step.
    private func running(_ index: Int, _ power: Power, _ before: DeviceState) -> DeviceState {
        let hours = scenario.horizon.stepHours
        if let battery = devices[index].battery {
            let stored = battery.follow(
                power, stored: before.stored, hours: hours, health: battery.health(at: step, hours: hours)
            ).stored
            return DeviceState(power: power, stored: stored)
        }
        guard devices[index].genset != nil else { return DeviceState(power: power, stored: .zero) }
        let stays = (power > .zero) == (before.power > .zero)
        return DeviceState(power: power, stored: .zero, hours: stays ? before.hours + hours : hours)
    }
}

extension IslandStep.Outcome {
    /// What the network of the island takes where its slack gives `power`.
    fileprivate func losses(of members: IslandMembers, withSlackAt power: Power) -> Power {
        let served = zip(members.step.loads, isServed).reduce(Power.zero) { $1.1 ? $0 + $1.0.demand : $0 }
        let given = (forming + following + sources).reduce(.zero, +) - forming[members.slack] + power
        return given - served
    }
}

private func + <A: Sequence, B: Sequence>(a: A, b: B) -> [A.Element] where A.Element == B.Element {
    Array(a) + Array(b)
}
