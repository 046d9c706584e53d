import Agents
import DistributedDispatch
import EconomicDispatch
import Grid
import Scheduling
import Simulator
import Timeline

/// Plans that agents in processes of their own agree on by R-ADMM.
final class LiveDispatcher: Dispatcher {
    private let group: LiveGroup
    private let settings: LiveHub.Settings
    /// ρ of R-ADMM; known from the first plan on.
    private var penalty: Double?

    init(_ group: LiveGroup, _ settings: LiveHub.Settings) {
        self.group = group
        self.settings = settings
    }

    func plan(_ problem: DispatchProblem) -> Plan {
        guard ConsensusDispatcher.obstacle(to: problem) == nil, !problem.horizon.isEmpty else {
            return RollingOptimum().plan(problem)
        }
        group.forgetPlans()
        for index in problem.offers.indices { group.send(task(index, problem), to: device(index, problem)) }
        // The agents begin at slightly different times, and a loaded machine is late.
        let round = settings.tick.seconds * Double(settings.ticks)
        let start = problem.horizon.start.secondsSinceEpoch
        group.listen(until: Clock.now + VirtualTime(seconds: 2 * round + 2)) {
            group.working.allSatisfy { group.plans[$0]?.horizon == start }
        }
        return result(problem)
    }

    private func device(_ index: Int, _ problem: DispatchProblem) -> Int {
        problem.offers[index].device.index
    }

    private func task(_ index: Int, _ problem: DispatchProblem) -> PlanTask {
        let offer = problem.offers[index]
        let isConnection = offer.role == .connection
        let months = isConnection ? problem.requirements.demandCharge?.months ?? [] : []
        return PlanTask(
            tick: settings.tick.nanoseconds, ticks: UInt32(settings.ticks), penalty: penalty(of: problem),
            slackTimeout: UInt32(settings.slackTimeout),
            neighbours: group.neighbours(of: offer.device.index, degree: settings.degree), offer: offer,
            expected: problem.replacedPrices.map(\.value),
            demand: isConnection ? problem.losses.map(\.value) : [], end: end(of: index, problem),
            months: months.map { [Double($0.first), $0.price, $0.soFar.value] })
    }

    private func penalty(of problem: DispatchProblem) -> Double {
        let others = group.neighbours(of: group.present.first ?? 0, degree: settings.degree)
        let found =
            penalty ?? settings.penalty
            ?? ConsensusDispatcher.penalty(
                ratings: problem.offers.map(\.largestPower), prices: problem.replacedPrices,
                degree: Double(max(others.count, 1)))
        penalty = found
        return found
    }

    private func end(of index: Int, _ problem: DispatchProblem) -> StoreResponse.End {
        guard let reservoir = problem.offers[index].reservoir else { return .valued(.zero) }
        let value = problem.storedValue(of: index)
        guard reservoir.required.isEmpty else { return .valued(value) }
        switch problem.requirements.end {
        case .valued: return .valued(value)
        case .asNow: return .content(reservoir.stored, value + problem.endPrice(of: index))
        case .contents(let contents):
            return contents[index].map { .content($0, value + problem.endPrice(of: index)) } ?? .valued(value)
        }
    }

    /// Puts the plan together from what each agent has planned for its device. A device without an agent is
    /// expected to give or take all, a store or a unit to rest.
    private func result(_ problem: DispatchProblem) -> Plan {
        let steps = problem.horizon.count
        var powers = Array(repeating: Power.zero, count: problem.offers.count * steps)
        var contents = Array(repeating: Energy.zero, count: powers.count)
        var worth = Array(repeating: EnergyCost.zero, count: powers.count)
        var (prices, peaks) = (problem.replacedPrices, [Power]())
        let start = problem.horizon.start.secondsSinceEpoch
        for (index, offer) in problem.offers.enumerated() {
            let own = group.plans[device(index, problem)].flatMap {
                $0.horizon == start && $0.powers.count == steps ? $0 : nil
            }
            if offer.role == .connection, let own {
                prices = own.prices.map { EnergyCost($0) }
                peaks = own.peaks.map { Power($0) }
            }
            for step in 0..<steps {
                let at = step + index * steps
                let rest =
                    offer.isLoad ? offer.lower[step] : offer.role == .source ? offer.upper[step] : .zero
                var power = own.map { Power($0.powers[step]) } ?? (offer.minimumWhenOn == nil ? rest : .zero)
                if let least = offer.minimumWhenOn { power = power < least / 2 ? .zero : max(power, least) }
                powers[at] = min(max(power, offer.lower[step]), offer.upper[step])
                guard let reservoir = offer.reservoir else { continue }
                let isKnown = own?.contents.count == steps
                contents[at] = isKnown ? Energy(own!.contents[step]) : reservoir.stored
                worth[at] = isKnown ? EnergyCost(own!.worth[step]) : problem.storedValue(of: index)
            }
        }
        let connection = problem.offers.firstIndex { $0.role == .connection }!
        let left = balance(&powers, of: problem, on: connection)
        var plan = Plan(
            problem, Schedule(powers: powers, contents: contents), status: .approximate, price: prices,
            objective: 0)
        (plan.shortage, plan.surplus) = left
        (plan.storedWorth, plan.peaks) = (worth, peaks)
        plan.iterations = settings.ticks
        plan.objective = problem.objective(of: plan)
        return plan
    }

    /// Gives the remainder to the connection, and what it cannot carry to shortage or surplus.
    private func balance(_ powers: inout [Power], of problem: DispatchProblem, on connection: Int)
        -> (shortage: [Power], surplus: [Power])
    {
        let steps = problem.horizon.count
        let offer = problem.offers[connection]
        let left = (0..<steps).map { step in
            problem.offers.indices.reduce(problem.losses[step]) {
                $1 == connection ? $0 : $0 - powers[step + $1 * steps]
            }
        }
        let carried = (0..<steps).map { min(max(left[$0], offer.lower[$0]), offer.upper[$0]) }
        for step in 0..<steps { powers[step + connection * steps] = carried[step] }
        return (
            zip(left, carried).map { max($0 - $1, .zero) }, zip(left, carried).map { max($1 - $0, .zero) }
        )
    }
}
