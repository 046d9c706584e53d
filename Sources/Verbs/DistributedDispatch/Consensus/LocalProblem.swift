import Agents
import Grid
import Scheduling
import Timeline

/// What one agent decides in a round of R-ADMM: the powers p of its device that minimise, W and yuan/Wh,
///
///     Σ_t f_t(p_t) + ½·weight·(p_t − pull_t)²   [+ Σ charge·peak/h over the months]
///
/// within the device's limits. Steps of a device without store or demand charge are apart: with f = b·p +
/// ½·a·p² the best power is (weight·pull − b)/(a + weight), within its bounds. A store is a
/// `StoreResponse`. A unit with a least power may run at any, and pays its hours on in proportion.
struct LocalProblem: Sendable {
    /// Best powers, W.
    private(set) var powers: [Double]
    /// The store's answer; nil without one.
    private(set) var store: StoreResponse?
    /// Highest import of each month, W, that the powers have or that was there before.
    private(set) var peaks: [Double] = []

    private var lower: [Double] = []
    private var upper: [Double] = []
    private var deliver: [Double] = []
    private var absorb: [Double] = []
    private var curvature = 0.0
    private var smoothing = 0.0
    private var isLoad = false
    /// Of each month with a demand charge: its steps, yuan/(W·h) of its peak, and its peak so far, W.
    private var months: [(steps: Range<Int>, perHour: Double, soFar: Double)] = []
    private var prices: [EnergyCost] = []

    private static let fillingHours = 3.0

    /// The problem of a node without a device: no power in any step.
    init(steps: Int) { powers = Array(repeating: 0, count: steps) }

    /// The problem of an offer. A store's content is worth `end` after the last step, and its usual power,
    /// which fills it in three hours or its rating, costs `smoothing` a Wh besides; a charge is for imports
    /// over steps of the meter's interval.
    init(_ offer: Offer, charge: DemandCharge?, end: StoreResponse.End, smoothing: EnergyCost = .zero) {
        let steps = offer.horizon.indices
        powers = steps.map { _ in 0 }
        isLoad = offer.isLoad
        if let reservoir = offer.reservoir {
            let usual = min(
                offer.largestPower.value, (reservoir.maximum - reservoir.minimum).value / Self.fillingHours)
            self.smoothing = usual > 0 ? smoothing.value / usual : 0
            store = StoreResponse(offer, end: end)
            prices = steps.map { _ in .zero }
            return
        }
        let isUnit = offer.minimumWhenOn != nil
        lower = steps.map { isUnit ? min(offer.lower[$0].value, 0) : offer.lower[$0].value }
        upper = offer.upper.map(\.value)
        deliver = steps.map { step in
            let own = offer.cost.deliver(at: step).value
            return isUnit && upper[step] > 0 ? own + offer.cost.perHourOn / upper[step] : own
        }
        absorb = steps.map { min(offer.cost.absorb(at: $0).value, deliver[$0]) }
        for step in steps where upper[step] <= 0 { absorb[step] = offer.cost.absorb(at: step).value }
        curvature = 2 * offer.cost.quadratic
        for (k, month) in (charge?.months ?? []).enumerated() {
            let next = k + 1 < charge!.months.count ? charge!.months[k + 1].first : steps.count
            months.append((month.first..<next, month.price / offer.horizon.stepHours, month.soFar.value))
        }
        peaks = months.map(\.soFar)
    }

    /// Finds the best powers for a pull toward `pull`, W, of so much weight, yuan/(W²·h).
    mutating func solve(pull: [Double], weight: Double) {
        if store != nil {
            for step in prices.indices { prices[step] = EnergyCost(weight * pull[step]) }
            store!.respond(to: prices, curvature: weight + smoothing)
            for step in powers.indices { powers[step] = store!.powers[step].value }
            return
        }
        guard !lower.isEmpty else { return }
        let sum = curvature + weight
        let count = powers.count
        powers.withUnsafeMutableBufferPointer { powers in
            for step in 0..<count {
                let give = (weight * pull[step] - deliver[step]) / sum
                let take = (weight * pull[step] - absorb[step]) / sum
                powers[step] = min(max(max(give, 0) + min(take, 0), lower[step]), upper[step])
            }
        }
        for month in months.indices { capPeak(month, pull: pull, weight: weight) }
    }

    /// Plans to serve a load in full.
    mutating func serveLoad() {
        if isLoad { powers = lower }
    }

    /// Cuts the imports of a month to the peak at which what is cut is worth its charge: Newton's method on a
    /// convex function, piecewise linear, from the left.
    private mutating func capPeak(_ k: Int, pull: [Double], weight: Double) {
        let (month, slope) = (months[k], curvature + weight)
        var peak = max(month.soFar, 0)
        while true {
            var (sum, count, highest) = (0.0, 0, peak)
            for step in month.steps where powers[step] > peak {
                sum += (weight * pull[step] - deliver[step]) / slope
                count += 1
                highest = max(highest, powers[step])
            }
            guard count > 0 else { break }
            let next = min((sum - month.perHour / slope) / Double(count), highest)
            guard next > peak * (1 + 1e-12) else { break }
            peak = next
        }
        for step in month.steps where lower[step] <= peak { powers[step] = min(powers[step], peak) }
        peaks[k] = peak
    }
}
