import Grid
import Scheduling
import Timeline

extension PlanRules {
    /// Returns what a plan of `offers` over `horizon` must keep to, given the month's peak of each connection
    /// so far.
    func requirements(
        _ map: PlantMap, _ offers: [Offer], over horizon: Horizon, _ peaks: [PeakRegister]
    ) -> Requirements {
        var requirements = Requirements()
        func places(_ ids: [DeviceID]) -> [Int] {
            ids.compactMap { id in offers.firstIndex { $0.device == id } }
        }
        if demand != .ignored {
            requirements.demandCharges = zip(map.connections, peaks).compactMap { connection, peak in
                places([connection.device]).first.flatMap {
                    peak.charge(on: $0, over: horizon, shared: demand == .shared)
                }
            }
        }
        requirements.end = end(offers, map)
        if emissionPrice > 0 || emissionCap != nil {
            requirements.emissions = Emissions(
                factors: offers.map { offer in map.device(of: offer).emissionFactor.map { [$0] } ?? [] },
                price: emissionPrice, cap: emissionCap)
        }
        if let spinning {
            let demand = horizon.indices.map { step in
                offers.reduce(Power.zero) { map.device(of: $1).isLoad ? $0 - $1.lower[step] : $0 }
            }
            requirements.spinning = SpinningReserve(
                required: demand.map { $0 * spinning.share },
                providers: offers.indices.filter { map.device(of: offers[$0]).holdsReserve },
                hours: spinning.hours)
        }
        if let island {
            requirements.island = IslandReserve(
                steps: (island.length + horizon.step - 1) / horizon.step, forming: places(island.forming),
                loads: places(island.loads))
        }
        return requirements
    }

    private func end(_ offers: [Offer], _ map: PlantMap) -> Requirements.End {
        switch end {
        case .valued: .valued
        case .asNow: .asNow
        case .stateOfCharge(let share):
            .contents(offers.map { offer in map.device(of: offer).capacity.map { $0 * share } })
        }
    }
}
