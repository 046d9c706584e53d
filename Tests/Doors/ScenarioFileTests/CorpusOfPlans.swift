extension Corpus {
    /// What the section `dispatch` says of the plans.
    static let plans: [Spoilt] = [
        Spoilt(
            "replan: 1 h", "replan: 1 h, coordination: {plan: gossip}",
            "43:86: error: dispatch.coordination.plan: 'gossip' is not who plans; allowed are centre, shared-offers, r-admm"
        ),
        Spoilt(
            "replan: 1 h", "replan: 1 h, coordination: {plan: r-admm, ticks: 0}",
            "43:101: error: dispatch.coordination.ticks: '0' is not a whole number from 1 to 100000"),
        Spoilt(
            "replan: 1 h", "replan: 1 h, network_limits: kept, coordination: {plan: r-admm}",
            "43:101: error: dispatch.coordination: plan 'r-admm' agrees on one price a step, which cannot express network_limits: kept; write plan: centre"
        ),
        Spoilt(
            "replan: 1 h", "replan: 1 h, coordination: {plan: shared-offers, penalty: 300}",
            "43:110: error: dispatch.coordination.penalty: has an effect only with plan: r-admm"),
        Spoilt(
            "replan: 1 h", "replan: 1 h, power_factor: 0.9",
            "43:79: error: dispatch.power_factor: has an effect only with network_limits: kept"),
        Spoilt(
            "replan: 1 h", "replan: 1 h, network_limits: kept, power_factor: 90 %",
            "43:101: error: dispatch.power_factor: '90 %' has a unit; write the number alone"),
        Spoilt(
            "replan: 1 h", "replan: 1 h, demand_charge: shred",
            "43:80: error: dispatch.demand_charge: 'shred' is not a setting of demand_charge; did you mean 'shared'?"
        ),
        Spoilt(
            "replan: 1 h", "replan: 1 h, end: empty",
            "43:70: error: dispatch.end: 'empty' is not a setting of end, or a state of charge such as '50 %'; allowed are valued, cyclic"
        ),
        Spoilt(
            "replan: 1 h", "replan: 1 h, end: 120 %", "43:70: error: dispatch.end: 120 % is more than 100 %"),
        Spoilt(
            "replan: 1 h", "replan: 1 h, emission_price: 80",
            "43:81: error: dispatch.emission_price: '80' has no unit; an emission price is written in yuan/kg or yuan/t, such as '80 yuan/kg'"
        ),
        Spoilt(
            "replan: 1 h", "replan: 1 h, emission_cap: 3 kW",
            "43:79: error: dispatch.emission_cap: 'kW' is a unit for a power; a mass is written in kg or t"),
        Spoilt(
            "replan: 1 h", "replan: 1 h, reserve: {spinning: 10 %}",
            "43:85: error: dispatch.reserve.spinning: '10 %' is not a mapping (key: value)"),
        Spoilt(
            "replan: 1 h", "replan: 1 h, reserve: {spinning: {for: 1 h}}",
            "43:85: error: dispatch.reserve.spinning: the key 'share' is missing"),
        Spoilt(
            "replan: 1 h", "replan: 1 h, reserve: {island: {for: 1 h, loads: [hoses]}}",
            "43:102: error: dispatch.reserve.island.loads[0]: no load is called 'hoses'; did you mean 'houses'?"
        ),
        Spoilt(
            "replan: 1 h", "replan: 1 h, reserve: {island: {for: 1 h, grid_forming: [roof]}}",
            "43:109: error: dispatch.reserve.island.grid_forming[0]: no battery or genset is called 'roof'; there are 'battery', 'standby'"
        ),
        Spoilt(
            "replan: 1 h", "replan: 1 h, reserves: {}",
            "43:65: error: dispatch: unknown key 'reserves'; did you mean 'reserve'?"),
    ]
}
