import Devices
import Grid
import Islanding
import Scheduling
import Timeline

/// The devices of one island in one step.
struct IslandMembers {
    var step = IslandStep()
    /// Devices in the order of the step's lists.
    var forming: [Int] = []
    var following: [Int] = []
    var sources: [Int] = []
    var loads: [Int] = []
    /// Whether each load was served before.
    var wasOn: [Bool] = []
    /// What each load wants where it is served, with what it makes up for, and where it is not.
    var demands: [(served: Power, usual: Power)] = []
    /// Position of the slack among `forming`.
    var slack = 0
    /// Gensets that could form the island too, and are off.
    var reserves: [Int] = []
    /// Whether an agreement is in force at the slack.
    var isAgreed = false
    /// Gensets that would run at their setpoints.
    var wanted: Set<Int> = []
    /// Gensets that the plan asks for by the time that they have started.
    var starts: Set<Int> = []

    /// What a load wants: the excess after an interruption is wanted by who is served again.
    func wanted(_ load: Int, isServed: Bool) -> Power {
        isServed ? demands[load].served : demands[load].usual
    }
}

extension Islands {
    /// What the devices of an island could do in this step.
    mutating func members(
        of part: Part, _ plant: Plant, _ agreement: Coordination.Agreement, at step: Int,
        _ draft: inout IslandDraft
    ) -> IslandMembers {
        let setpoints = agreement.inForce
        var members = IslandMembers()
        members.starts = agreement.starts
        members.isAgreed = setpoints[slack(among: part.forming)] != nil
        members.wanted = Set(part.devices.filter { runs($0, plant.before[$0], at: setpoints[$0]) })
        members.step.isNew = !state.islands.contains(part.buses)
        members.step.mostBlocks = max(1, Int(Double(stepSeconds) / settings.blockInterval))
        for index in present(in: part) {
            let (device, asked) = (devices[index], setpoints[index]?.power)
            if part.forming.contains(index) {
                members.forming.append(index)
                state.starting[index] = nil
                members.step.forming.append(
                    FormingUnit(
                        rating: device.formingRating!, droop: device.forming!.droop,
                        power: plant.before[index].power,
                        range: range(of: index, plant.before[index], lasting: 1), asked: asked))
            } else if device.load != nil {
                members.loads.append(index)
                var block = block(index, part, at: step, draft.potential[index])
                members.demands.append((block.demand, plant.potential[index][step]))
                // A setpoint may ration a load.
                let usual = plant.potential[index][step]
                if let asked, usual > .zero { block.demand = block.demand * min(max(0, -asked / usual), 1) }
                members.step.loads.append(block)
            } else if device.deviceKind.isRenewable {
                let share = reconnectedShare(of: device.bus, at: step)
                members.sources.append(index)
                members.step.sources.append(draft.potential[index] * share)
            } else if device.genset != nil, device.forming != nil {
                disconnect(index, plant, &draft)
                members.reserves.append(index)
            } else if reconnectedShare(of: device.bus, at: step) < 1 {
                disconnect(index, plant, &draft)
            } else {
                members.following.append(index)
                let starts = members.wanted.contains(index) && !members.step.isNew
                let range = reach(of: index, plant, at: step, starts: starts)
                members.step.following.append(
                    FollowingUnit(power: plant.before[index].power, range: range, asked: asked))
            }
        }
        members.step.sourceShare = share(of: members.sources, plant, at: step)
        members.wasOn = members.step.loads.map(\.isOn)
        members.slack = members.forming.firstIndex(of: slack(among: part.forming))!
        if let asked = members.step.forming[members.slack].asked {
            // Until a genset runs, the slack gives what its setpoint asks for.
            let missing = members.reserves.reduce(.zero) { $0 + (setpoints[$1]?.power ?? .zero) }
            members.step.forming[members.slack].asked = asked + missing
        }
        let demand = members.step.loads.reduce(Power.zero) { $1.isOn ? $0 + $1.demand : $0 }
        members.step.losses =
            state.losses[devices[members.forming[members.slack]].bus] ?? demand * Self.firstLosses
        if members.isAgreed, !members.step.isNew { stopIdle(&members, demand, plant, &draft) }
        return members
    }

    /// Following gensets that no setpoint asks for stop, where the others can serve all loads.
    private func stopIdle(
        _ members: inout IslandMembers, _ demand: Power, _ plant: Plant, _ draft: inout IslandDraft
    ) {
        let idle = members.following.indices.filter {
            devices[members.following[$0]].genset != nil && !members.wanted.contains(members.following[$0])
        }
        var most = members.step.sources.reduce(.zero, +)
        most = members.step.forming.reduce(most) { $0 + $1.range.upperBound }
        for place in members.following.indices where !idle.contains(place) {
            most += members.step.following[place].range.upperBound
        }
        guard most >= demand + members.step.losses else { return }
        for place in idle.reversed() {
            disconnect(members.following.remove(at: place), plant, &draft)
            members.step.following.remove(at: place)
        }
    }

    /// Whether device `index` is a genset that runs at a setpoint.
    private func runs(_ index: Int, _ before: DeviceState, at setpoint: Setpoint?) -> Bool {
        guard devices[index].genset != nil, let setpoint else { return false }
        let after = devices[index].follow(
            setpoint.power, potential: .zero, state: before, at: 0, hours: scenario.horizon.stepHours)
        return after.power > .zero
    }

    /// Part of their potential that sources gave in the step before.
    private func share(of sources: [Int], _ plant: Plant, at step: Int) -> Double {
        guard step > 0 else { return 1 }
        let could = sources.reduce(Power.zero) { $0 + plant.potential[$1][step - 1] }
        let gave = sources.reduce(Power.zero) { $0 + plant.before[$1].power }
        return could > .zero ? min(1, gave / could) : 1
    }

    /// Network losses of a new island, as a fraction of its demand, before its first power flow.
    private static let firstLosses = 0.03

    private mutating func block(
        _ index: Int, _ part: Part, at step: Int, _ usual: Power
    ) -> LoadBlock {
        let load = devices[index].load!
        if !part.wasAlive || state.zones[devices[index].bus] == nil {
            // What had no voltage until now waits to be picked up.
            switchOff(index, .pickUp, else: .pickUp, at: step)
        }
        var demand = usual
        if let off = state.off[index] {
            let cold = ColdLoad(off: elapsed(since: off.since, at: step), settings)
            demand = demand * cold.factor(after: 0, over: Double(stepSeconds))
        } else {
            demand = demand * coldFactor(of: index, at: step)
        }
        return LoadBlock(
            demand: demand, priority: load.priority, value: load.valueOfLostLoad,
            isOn: state.off[index] == nil)
    }

    /// Powers that a battery or genset can keep for a step; a battery's discharge for `steps` steps. A genset
    /// that is off has none, unless it can form the island, or `starts`.
    func range(
        of index: Int, _ before: DeviceState, lasting steps: Double, starts: Bool = false
    ) -> ClosedRange<Power> {
        let hours = scenario.horizon.stepHours
        let device = devices[index]
        if let battery = device.battery {
            let health = battery.health(at: step, hours: hours)
            let most = battery.follow(battery.dischargePower, stored: before.stored, hours: hours * steps)
            let least = battery.follow(
                -battery.chargePower, stored: before.stored, hours: hours, health: health)
            return min(least.power, .zero)...max(most.power, .zero)
        }
        guard let genset = device.genset else { return .zero ... .zero }
        guard before.power > .zero || device.forming != nil || starts else { return .zero ... .zero }
        let most = genset.follow(genset.capacity, from: before.power, hours: hours)
        let least = genset.follow(max(genset.minimum, Power(1e-9)), from: before.power, hours: hours)
        return min(least, most)...most
    }

    /// Powers that a device which follows the island can keep for a step.
    private func reach(
        of index: Int, _ plant: Plant, at step: Int, starts: Bool
    ) -> ClosedRange<Power> {
        guard let demand = devices[index].flexible else {
            return range(of: index, plant.before[index], lasting: 1, starts: starts)
        }
        func power(_ asked: Power) -> Power {
            devices[index].follow(
                asked, potential: plant.potential[index][step], state: plant.before[index], at: step,
                hours: scenario.horizon.stepHours
            ).power
        }
        return power(-demand.power)...power(demand.feedPower)
    }

    /// Resolves an island with the losses that are known. A genset starts where a setpoint asks for it, and
    /// where the stores would not serve all loads until it runs, without an agreement for the endurance:
    /// until then they only have to last the step.
    mutating func balance(_ members: IslandMembers, _ plant: Plant, at step: Int) -> IslandStep.Outcome {
        let outlook =
            members.isAgreed
            ? 1 + Double(members.reserves.compactMap { startSteps[$0] }.max() ?? 0)
            : max(1, settings.endurance / Double(stepSeconds))
        let outcome = lasting(members, plant, steps: outlook).resolve(settings)
        let isShort = zip(members.step.loads, outcome.isServed).contains { !$1 && $0.demand > .zero }
        for index in members.reserves {
            let isAsked = members.wanted.contains(index) || members.starts.contains(index)
            state.starting[index] = isShort || isAsked ? state.starting[index] ?? step : nil
        }
        let lastsTheStep = members.isAgreed || isShort && !members.reserves.isEmpty
        return lastsTheStep ? members.step.resolve(settings) : outcome
    }

    /// The same island where the content of the stores must last for so many steps.
    private func lasting(_ members: IslandMembers, _ plant: Plant, steps: Double) -> IslandStep {
        var lasting = members.step
        for (place, index) in members.forming.enumerated() where devices[index].battery != nil {
            lasting.forming[place].range = range(of: index, plant.before[index], lasting: steps)
        }
        for (place, index) in members.following.enumerated() where devices[index].battery != nil {
            lasting.following[place].range = range(of: index, plant.before[index], lasting: steps)
        }
        return lasting
    }
}
