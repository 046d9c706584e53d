public import Grid
public import Scheduling
public import Timeline

extension Device {
    /// Returns its offer for `horizon`, whose first step is step `firstStep` of the scenario. `potential` is
    /// its forecast: one value a step, never negative, used by solar, wind and hydro plants and demand.
    /// `zeros` has as many zeros as there are steps, so that many offers share them; nil: they are made.
    public func offer(
        as id: DeviceID, over horizon: Horizon, firstStep: Int, potential: consuming [Power],
        state: DeviceState, zeros: [Power]? = nil
    ) -> Offer {
        let zeros = zeros ?? Array(repeating: .zero, count: horizon.count)
        var offer = activeOffer(as: id, over: horizon, firstStep: firstStep, potential, state, zeros)
        offer.capability = capability
        return offer
    }

    /// Returns the bounds of its power in a step of the scenario with its `potential`, leaving aside what its
    /// state allows.
    public func bounds(potential: Power, at step: Int) -> ClosedRange<Power> {
        switch kind {
        case .solar, .wind, .hydro, .measured: .zero...potential
        case .load: -potential...(.zero)
        case .battery(let battery): -battery.chargePower...battery.dischargePower
        case .genset(let genset): .zero...genset.capacity
        case .flexible(let demand): demand.bounds(at: step)
        case .grid(let grid): -grid.exportLimit...grid.importLimit
        }
    }

    private func activeOffer(
        as id: DeviceID, over horizon: Horizon, firstStep: Int, _ potential: consuming [Power],
        _ state: DeviceState, _ zeros: [Power]
    ) -> Offer {
        switch kind {
        case .solar(let solar): given(id, horizon, zeros, potential, rating: solar.inverterCapacity)
        case .wind(let wind): given(id, horizon, zeros, potential, rating: wind.rating)
        case .hydro(let hydro): given(id, horizon, zeros, potential, rating: hydro.capacity)
        case .measured(let plant): given(id, horizon, zeros, potential, rating: plant.rating)
        case .load(let load): load.offer(as: id, over: horizon, demand: potential, zeros)
        case .battery(let battery):
            battery.offer(as: id, over: horizon, firstStep: firstStep, stored: state.stored)
        case .flexible(let demand):
            demand.offer(
                as: id, over: horizon, firstStep: firstStep, drain: potential, stored: state.stored)
        case .genset(let genset): genset.offer(as: id, over: horizon, state: state)
        case .grid(let grid): grid.offer(as: id, over: horizon, firstStep: firstStep)
        }
    }

    /// Solar, wind and hydro plants: free, and curtailed at will.
    private func given(
        _ id: DeviceID, _ horizon: Horizon, _ zeros: [Power], _ potential: [Power], rating: Power
    ) -> Offer {
        Offer(
            device: id, role: .source, horizon: horizon, lower: zeros, upper: potential, cost: .free,
            rating: rating)
    }
}
