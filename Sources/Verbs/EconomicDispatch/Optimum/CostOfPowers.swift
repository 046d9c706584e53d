public import Grid
public import Scheduling
import Timeline

extension DispatchProblem {
    /// Returns the costs of `powers`, one array an offer and one value a step, that leave `contents` in the
    /// stores. They are those of a plan's objective, with starts. None can be below the bound of the problem's
    /// optimum as long as the powers sum to no less than the losses.
    ///
    /// For what it gives beyond its bounds an offer pays `beyondPrice`, as for demand not served; for what it
    /// takes beyond them it earns nothing.
    public func costs(of powers: [[Power]], contents: [Energy], beyondPrice: EnergyCost) -> Costs {
        let sheet = Sheet(self)
        let tolerance = 1e-6 * max(sheet.largestPower, 1)
        var (beyond, own) = (0.0, Array(repeating: 0.0, count: sheet.offers.count))
        for i in sheet.offers {
            let isOn = powers[i].map { $0.value > tolerance }
            own[i] += Roster.startCost(of: offers[i], isOn, hours: sheet.hours)
            for step in 0..<sheet.steps {
                let at = step + i * sheet.steps
                let power = powers[i][step].value
                let within = min(max(power, sheet.lower[at]), sheet.upper[at])
                own[i] += sheet.hours * sheet.costRate(i, at: step, power: within, tolerance: tolerance)
                beyond += sheet.hours * beyondPrice.value * max(power - within, 0)
            }
        }
        let stored = sheet.offers.reduce(0) { $0 + sheet.storedValue(of: $1) * contents[$1].value }
        let charge = requirements.demandCharge
        let peaks = charge?.peaks(of: { powers[charge!.offer][$0].value }, steps: sheet.steps) ?? []
        return Costs(
            offers: own, beyond: beyond, demandCharge: charge?.cost(peaks) ?? 0, storedValue: stored)
    }
}
