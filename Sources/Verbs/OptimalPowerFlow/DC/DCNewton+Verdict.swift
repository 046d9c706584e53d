extension DCNewton {
    /// Returns whether the multipliers prove that no point satisfies all limits.
    ///
    /// Where the multipliers are stationary at every angle and unit, without costs, any feasible point has
    ///
    ///     Σ λ·d ≤ Σ z_upper·upper − z_lower·lower + u_upper·upper − u_lower·lower + b·shift·t;
    ///
    /// if the left side is larger, no point is feasible. Their deviation from stationarity is subtracted at
    /// its worst. Losses are never below their tangent, so with losses the left side is Σ λ·d − Σ (λ(from) +
    /// λ(to))·r·f²/2, provided that no line has prices whose sum is below 0.
    func provesInfeasible() -> Bool {
        var (excess, error) = (0.0, 0.0)
        for bus in price.indices {
            excess += price[bus] * model.demand[bus]
            error += 10 * force[bus].magnitude
        }
        for (k, line) in model.lines.enumerated() {
            excess -= line.susceptance * line.shift * tension[k]
            let both = price[line.from] + price[line.to]
            guard line.resistance * both >= 0 else { return false }
            excess -= both * marginalLoss[k] * flow[k] / 2
            if line.lower.isFinite { excess += lowFlow[k] * line.lower }
            if line.upper.isFinite { excess -= highFlow[k] * line.upper }
        }
        for (k, unit) in model.units.enumerated() {
            excess += lowGiven[k] * unit.lower - highGiven[k] * unit.upper
            let missing = price[unit.bus] + lowGiven[k] - highGiven[k]
            error += missing.magnitude * max(unit.lower.magnitude, unit.upper.magnitude)
        }
        return excess > 2 * error && excess > 0
    }
}
