import Devices
import Events
import Grid
import Islanding
import Monitoring
import Scheduling

// What a step with events leaves behind: the record, and the state for later steps.
extension Islands {
    mutating func finish(
        _ islands: [IslandMembers], _ outcomes: [IslandStep.Outcome], _ plant: Plant, at step: Int,
        _ draft: inout IslandDraft, _ point: inout OperatingPoint
    ) -> Islanding {
        connect(plant, &draft, &point)
        var record = Islanding()
        state.resting = []
        let places = parts!.indices.filter { parts![$0].kind == .island }
        for (place, members) in islands.enumerated() {
            let part = parts![places[place]]
            note(members, outcomes[place], at: step)
            state.resting.formUnion(resting(members, outcomes[place], draft))
            record.islands.append(self.record(members, outcomes[place], part))
        }
        record.deadBuses = parts!.filter { $0.kind == .dead }.flatMap(\.buses).sorted()
        record.isConnected = isConnected
        (record.synchronised, record.waiting) = (synchronised, waiting)
        record.alarms = alarms(of: record)
        if !point.status.isSolved { loseAll(plant, &draft) }
        record.potential = draft.potential
        record.causes = causes(draft.states, draft.potential, point)
        keep(islands, outcomes, at: step, point)
        return record
    }

    /// Sets the references to what the network draws there.
    private func connect(
        _ plant: Plant, _ draft: inout IslandDraft, _ point: inout OperatingPoint
    ) {
        (point.sourcePower, point.sourceReactive) = (.zero, .zero)
        for reference in references {
            let given =
                point.status.isSolved
                ? self.given(by: reference, plant, draft.states, draft.reactive, point) : (.zero, .zero)
            (draft.states[reference].power, draft.reactive[reference]) = given
            point.sourcePower += given.active
            point.sourceReactive += given.reactive
        }
    }

    /// What a reference gives beside these powers of the other devices at its bus.
    func given(
        by reference: Int, _ plant: Plant, _ states: [DeviceState], _ reactive: [ReactivePower],
        _ point: OperatingPoint
    ) -> (active: Power, reactive: ReactivePower) {
        var injections = Injections(buses: scenario.network.buses.count)
        let bus = devices[reference].bus
        for (index, device) in devices.enumerated() where index != reference && device.bus == bus {
            injections.add(states[index].power, reactive[index], at: bus)
        }
        injections.active[bus] = injections.active[bus] - plant.unmodelledLosses(states)
        return network.sourcePower(at: bus, point, injections)
    }

    /// Without a solution of the network no device has a voltage.
    private func loseAll(_ plant: Plant, _ draft: inout IslandDraft) {
        for index in devices.indices where !references.contains(index) { disconnect(index, plant, &draft) }
    }

    /// Loads that are shed or picked up.
    private mutating func note(_ members: IslandMembers, _ outcome: IslandStep.Outcome, at step: Int) {
        for (place, index) in members.loads.enumerated() {
            if outcome.isServed[place] {
                restore(index, at: step)
            } else {
                switchOff(index, nil, else: .shedding, at: step)
            }
        }
    }

    /// Shortest time that a genset runs in an island, h.
    private static let leastRun = 1.0
    /// Margin of the stores over what is needed when a genset stops.
    private static let margin = 1.2

    /// Gensets that stop before the next step: all loads are served, no setpoint asks for them, and the
    /// stores that form the island can carry it alone, without an agreement for the endurance.
    private func resting(
        _ members: IslandMembers, _ outcome: IslandStep.Outcome, _ draft: IslandDraft
    ) -> [Int] {
        let gensets = members.forming.filter { devices[$0].genset != nil }
        guard gensets.count < members.forming.count, outcome.isServed.allSatisfy(\.self) else { return [] }
        let steps = members.isAgreed ? 1 : max(1, settings.endurance / Double(stepSeconds))
        let stores = members.forming.reduce(Power.zero) {
            gensets.contains($1) ? $0 : $0 + range(of: $1, draft.states[$1], lasting: steps).upperBound
        }
        guard stores >= outcome.forming.reduce(.zero, +) * Self.margin else { return [] }
        return gensets.filter {
            let least = max(Self.leastRun, devices[$0].genset!.starting?.minimumUp ?? 0)
            return !members.wanted.contains($0) && draft.states[$0].hours >= least - 1e-9
        }
    }

    private func record(
        _ members: IslandMembers, _ outcome: IslandStep.Outcome, _ part: Part
    ) -> Islanding.Island {
        var island = Islanding.Island(slack: DeviceID(members.forming[members.slack]))
        island.buses = part.buses
        island.forming = members.forming.map { DeviceID($0) }
        island.isNew = members.step.isNew
        island.isBlackStart = !part.wasAlive
        island.frequency = settings.frequency + outcome.deviation
        (island.reserveUsed, island.headroom) = (outcome.reserveUsed, outcome.headroom)
        for (place, index) in members.loads.enumerated() {
            let demand = members.step.loads[place].demand
            island.demand += members.wanted(place, isServed: outcome.isServed[place])
            let was = members.wasOn[place]
            if was, !outcome.isServed[place] {
                island.shed.append(DeviceID(index))
                island.shedPower += demand
            } else if !was, outcome.isServed[place] {
                island.pickedUp.append(DeviceID(index))
            }
        }
        return island
    }

    /// Largest change of frequency without an alarm, Hz, as a fraction of nominal: 2 % (EN 50160, networks
    /// without connection to an interconnected system).
    private static let frequencyBand = 0.02

    private func alarms(of record: Islanding) -> [Alarm] {
        record.islands.flatMap { island -> [Alarm] in
            let bus = devices[island.slack.index].bus
            let band = settings.frequency * Self.frequencyBand
            let deviation = island.frequency - settings.frequency
            var alarms: [Alarm] = []
            if abs(deviation) > band {
                let limit = settings.frequency + (deviation > 0 ? band : -band)
                alarms.append(Alarm(kind: .frequency, place: bus, value: island.frequency, limit: limit))
            }
            if !island.shed.isEmpty {
                alarms.append(Alarm(kind: .loadShedding, place: bus, value: island.shedPower.value, limit: 0))
            }
            return alarms
        }
    }

    /// Why loads are not served.
    func causes(
        _ states: [DeviceState], _ potential: [Power], _ point: OperatingPoint
    ) -> [UnservedCause?] {
        devices.indices.map { index in
            guard devices[index].load != nil, potential[index] > .zero else { return nil }
            let unserved = potential[index] + states[index].power
            guard unserved > potential[index] * 1e-9 else { return nil }
            if disturbance.failed.contains(index) { return .failure }
            if !point.status.isSolved { return .noSolution }
            return state.off[index]?.cause ?? .dispatch
        }
    }

    private mutating func keep(
        _ islands: [IslandMembers], _ outcomes: [IslandStep.Outcome], at step: Int, _ point: OperatingPoint
    ) {
        state.islands = parts!.filter { $0.kind == .island }.map(\.buses)
        for (number, part) in parts!.enumerated() {
            for bus in part.buses {
                let isAlive = part.kind != .dead
                if isAlive, state.zones[bus] == nil { state.aliveSince[bus] = step }
                if !isAlive, state.zones[bus] != nil { state.deadSince[bus] = step }
                state.zones[bus] = isAlive ? (part.kind == .connected ? 0 : number + 1) : nil
                voltages[bus] = point.voltage[bus] / scenario.network.buses[bus].nominalVoltage
            }
        }
        state.zones[state.zones.count - 1] = isGridOut ? nil : 0
        state.losses = [:]
        for members in islands {
            state.losses[devices[members.forming[members.slack]].bus] = members.step.losses
        }
        matchVoltages(islands)
    }

    /// Moves the voltage of an island that waits for synchronism to that of the other side.
    private mutating func matchVoltages(_ islands: [IslandMembers]) {
        var held: [Int: Double] = [:]
        for members in islands {
            let bus = devices[members.forming[members.slack]].bus
            held[bus] = state.heldVoltage[bus]
            let number = partOfBus[bus]
            for tie in waiting {
                let isConnection = tie >= scenario.network.branches.count
                let from = isConnection ? self.bus(ofTie: tie) : scenario.network.branches[tie].from
                let to = isConnection ? nil : scenario.network.branches[tie].to
                let isAtFrom = partOfBus[from] == number
                guard isAtFrom || to.map({ partOfBus[$0] == number }) ?? false,
                    voltageDifference(over: tie) > Self.mostVoltageDifference / 2
                else { continue }
                let rise = voltageRise(over: tie)
                let now = held[bus] ?? scenario.network.sourceVoltage
                held[bus] = min(max(now + (isAtFrom ? rise : -rise), 0.9), 1.1)
                break
            }
        }
        state.heldVoltage = held
    }
}
