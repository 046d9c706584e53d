public import Grid
import Timeline

/// What powers cost that somebody ran, by the offers and requirements of a problem; yuan.
public struct Costs: Hashable, Sendable {
    /// Of each offer within its bounds: what it gave and took, hours on, starts, demand not served.
    public let offers: [Double]
    /// Of what offers gave or took beyond their bounds.
    public let beyond: Double
    public let demandCharge: Double
    /// What is left in the stores at the end, a gain.
    public let storedValue: Double

    public init(offers: [Double], beyond: Double, demandCharge: Double, storedValue: Double) {
        self.offers = offers
        self.beyond = beyond
        self.demandCharge = demandCharge
        self.storedValue = storedValue
    }

    public var total: Double { offers.reduce(0, +) + beyond + demandCharge - storedValue }
}

extension DispatchProblem {
    /// The costs of `powers`, one array an offer, one value a step, that leave `contents` in the stores. They
    /// are those that a plan's objective counts, and starts, so none can be below the bound of the problem's
    /// optimum, as long as the powers sum to no less than the losses.
    ///
    /// Beyond its bounds an offer pays for what it gives as for demand not served, at `beyondPrice`, and
    /// earns nothing for what it takes.
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
