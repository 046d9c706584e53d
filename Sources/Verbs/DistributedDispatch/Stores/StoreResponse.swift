import Glibc
public import Grid
public import Scheduling
import Timeline

/// The powers that serve a store best at given prices, and what its content is worth after each step.
///
/// ```swift
/// let hours = Horizon(start: Instant(secondsSinceEpoch: 0), step: 3600, count: 3)
/// let ten = Array(repeating: Power(kilowatts: 10), count: 3)
/// let battery = Offer(
///     device: DeviceID(0), horizon: hours, lower: ten.map { -$0 }, upper: ten, cost: .free,
///     reservoir: Reservoir(
///         stored: .zero, minimum: .zero, maximum: Energy(kilowattHours: 10), chargeEfficiency: 1,
///         dischargeEfficiency: 1, selfDischarge: 0))
/// var store = StoreResponse(battery, end: .valued(.zero))
/// store.respond(to: [0.3, 0.5, 0.9].map { EnergyCost(yuanPerKilowattHour: $0) })
/// print(store.powers.map(\.kilowatts))  // −10, 0 and 10 kW.
/// ```
///
/// With g(p) = p/η_d of giving and η_c·p of taking, r what is left of the content over a step of h hours, and
/// costs f_t of the offer (`Cost`), it minimises over p
///
///     h·Σ_t (f_t(p_t) + ½·curvature·p_t² − price_t·p_t) − worth·e_T,    e_t = r·e_t−1 − h·g(p_t),
///
/// within the bounds of powers and contents. The content e_t(μ) at which another Wh is worth μ after step t
/// falls with μ and is piecewise linear. Backward from the end,
///
///     r·e_t−1(r·μ) = clip(e_t(μ), bounds) + h·g(p_t(μ)),
///
/// it is kept as breakpoints. Forward, the worth stays as it is from one step to the next, but for what
/// idling loses, unless the content comes to one of its bounds: then it moves to the price at which e_t was
/// clipped. Of answers one after the other, each first tries the bounds that the last one came to
/// (`repeatStops`). All that is exact, to rounding, where the costs are convex: taking may not earn more than
/// giving costs, and at prices below zero the store gives or takes, never both at once, by the rule of
/// `StoreDraw`.
public struct StoreResponse: Sendable {
    /// What the content at the end is worth.
    public enum End: Hashable, Sendable {
        /// Any content; each Wh has this worth.
        case valued(EnergyCost)
        /// This content or the nearest that can be reached; each Wh less has this worth.
        case content(Energy, EnergyCost)
    }

    /// Best power of each step, positive when given to the network.
    public internal(set) var powers: [Power]
    /// Content at the end of each step.
    public internal(set) var contents: [Energy]
    /// Worth of one more Wh in the store at the end of each step: the multiplier of its content.
    /// Where powers at their bounds allow a range of them, any of it.
    public internal(set) var worth: [EnergyCost]

    let steps: [StoreStep]
    private let quadratic: Double
    let reservoir: Reservoir
    let hours: Double
    /// Fraction of the content left after a step, and its powers: prices are kept as worth·r^t, so that they
    /// do not change from step to step.
    let kept: Double
    let scales: [Double]
    /// Contents that each step may leave, and the worth of those at the end.
    let bounds: [ClosedRange<Double>]
    let endWorth: Double
    var draws: [StoreDraw] = []
    private var clips: [(full: Double, empty: Double)]
    private var optimal: [ClosedRange<Double>]
    var prices: [Double]
    /// Steps at whose end the content was at a bound in the last answer; nil before the first.
    var stops: [Stop]?
    private var buffer: [Double]

    /// Creates the response of an offer with a reservoir.
    public init(_ offer: Offer, end: End) {
        guard let reservoir = offer.reservoir else { preconditionFailure("an offer without a store") }
        let steps = offer.horizon.count
        quadratic = offer.cost.quadratic
        self.reservoir = reservoir
        hours = offer.horizon.stepHours
        // A store that keeps less than this has no content left at the end that a number could hold.
        kept = max(reservoir.kept(hours: hours), pow(1e-250, 1 / Double(max(steps, 1))))
        var scale = 1.0
        var scales: [Double] = []
        for _ in 0..<steps {
            scale *= kept
            scales.append(scale)
        }
        self.scales = scales
        let hours = hours
        self.steps = (0..<steps).map {
            StoreStep(offer, at: $0, reservoir, hours: hours, scale: scales[$0])
        }
        (bounds, endWorth) = Self.bounds(of: offer, reservoir, kept: kept, hours: hours, end)
        powers = Array(repeating: .zero, count: steps)
        contents = Array(repeating: .zero, count: steps)
        worth = Array(repeating: .zero, count: steps)
        clips = Array(repeating: (-.infinity, .infinity), count: steps)
        optimal = Array(repeating: 0...0, count: steps)
        prices = Array(repeating: 0, count: steps)
        draws.reserveCapacity(steps)
        buffer = Array(repeating: 0, count: ContentCurve.room(for: 2 * steps))
    }

    /// The contents that each step may leave, which give way to what can be reached, and the worth of a Wh at
    /// the end.
    private static func bounds(
        of offer: Offer, _ store: Reservoir, kept: Double, hours: Double, _ end: End
    ) -> ([ClosedRange<Double>], Double) {
        var bounds: [ClosedRange<Double>] = []
        var (low, high) = (store.stored.value, store.stored.value)
        for step in offer.horizon.indices {
            let (emptier, fuller) = (
                store.idle(low, at: step, kept: kept), store.idle(high, at: step, kept: kept)
            )
            low = store.after(offer.upper[step].value, from: emptier, hours: hours)
            high = store.after(offer.lower[step].value, from: fuller, hours: hours)
            let bound = min(store.least(at: step), high)...max(store.maximum.value, low)
            bounds.append(bound)
            (low, high) = (max(low, bound.lowerBound), min(high, bound.upperBound))
        }
        switch end {
        case .valued(let value): return (bounds, value.value)
        case .content(let content, let value):
            guard let last = bounds.popLast() else { return (bounds, value.value) }
            let most = min(max(content.value, low), high)
            bounds.append(min(last.lowerBound, most)...most)
            return (bounds, value.value)
        }
    }

    /// Finds the best powers at prices of giving, one a step, with a cost of ½·`curvature`·p² an hour beside
    /// that of the offer, yuan/(W² h).
    public mutating func respond(to prices: [EnergyCost], curvature: Double = 0) {
        precondition(prices.count == powers.count, "a store with other steps than the prices")
        precondition(prices.allSatisfy(\.value.isFinite) && curvature >= 0, "a price that is no number")
        guard !prices.isEmpty else { return }
        readDraws(prices, curvature + 2 * quadratic)
        if !repeatStops() {
            findBest(follow(from: sweepBack()))
            var content = reservoir.stored.value
            for step in steps.indices {
                content = take(step, from: reservoir.idle(content, at: step, kept: kept))
            }
            noteStops()
        }
        precondition(powers.allSatisfy(\.value.isFinite), "a power of a store that is no number")
    }

    private mutating func noteStops() {
        var found: [Stop] = []
        for step in steps.indices.dropLast() {
            if prices[step] < clips[step].full { found.append(Stop(step: step, isFull: true)) }
            if prices[step] > clips[step].empty { found.append(Stop(step: step, isFull: false)) }
        }
        let (last, end) = (steps.count - 1, endWorth * scales[steps.count - 1])
        if prices[last] != end { found.append(Stop(step: last, isFull: prices[last] < end)) }
        stops = found
    }

    private mutating func readDraws(_ prices: [EnergyCost], _ curvature: Double) {
        draws.removeAll(keepingCapacity: true)
        for (step, price) in zip(steps, prices) {
            draws.append(step.draw(at: price.value, curvature: curvature))
        }
    }

    /// Backward: the curve of each step, of which only the prices at its bounds are kept. Returns the worth
    /// of what is stored at the begin.
    private mutating func sweepBack() -> Double {
        let (last, perKept) = (bounds.count - 1, 1 / kept)
        return buffer.withUnsafeMutableBufferPointer { buffer in
            var curve = ContentCurve(buffer)
            let end = bounds[last]
            curve.reset(at: endWorth * scales[last], from: end.upperBound, to: end.lowerBound)
            for step in stride(from: last, through: 0, by: -1) {
                if step < last { clips[step] = curve.clip(to: bounds[step]) }
                let (giving, charging) = (draws[step].giving, draws[step].charging)
                curve.add(draws[step].least + giving.amount + charging.amount)
                curve.subtract(giving.amount, from: giving.begin, to: giving.end)
                curve.subtract(charging.amount, from: charging.begin, to: charging.end)
                if kept != 1 { curve.scale(by: perKept) }
            }
            return curve.price(at: reservoir.stored.value)
        }
    }

    /// Forward: the prices. Returns the contents that are best at the end.
    private mutating func follow(from start: Double) -> ClosedRange<Double> {
        var price = start
        for step in steps.indices {
            prices[step] = price
            worth[step] = EnergyCost(price / scales[step])
            price = min(max(price, clips[step].full), clips[step].empty)
        }
        let last = steps.count - 1
        let (end, endPrice) = (bounds[last], endWorth * scales[last])
        if prices[last] < endPrice { return end.upperBound...end.upperBound }
        return prices[last] > endPrice ? end.lowerBound...end.lowerBound : end
    }

    /// Backward: the contents that are best at the prices, from those at the end on.
    private mutating func findBest(_ end: ClosedRange<Double>) {
        let perKept = 1 / kept
        optimal[steps.count - 1] = end
        for step in stride(from: steps.count - 1, to: 0, by: -1) {
            let (bound, clip) = (bounds[step - 1], clips[step - 1])
            let drawn = draws[step].drawn(at: prices[step])
            let least = (optimal[step].lowerBound + drawn.lowerBound) * perKept
            let most = (optimal[step].upperBound + drawn.upperBound) * perKept
            optimal[step - 1] = clipped(least, bound)...clipped(most, bound)
            if prices[step - 1] < clip.full { optimal[step - 1] = bound.upperBound...bound.upperBound }
            if prices[step - 1] > clip.empty { optimal[step - 1] = bound.lowerBound...bound.lowerBound }
        }
    }

    /// The least power of a step that leaves one of the best contents. Returns the content.
    private mutating func take(_ step: Int, from idle: Double) -> Double {
        let best = optimal[step]
        // The drain is part of what idling leaves.
        let (drawn, drain) = (draws[step].drawn(at: prices[step]), steps[step].drain)
        let least = max(drawn.lowerBound - drain, idle - best.upperBound)
        let most = min(drawn.upperBound - drain, idle - best.lowerBound)
        let draw = least <= most ? clipped(0, least...most) : (least + most) / 2
        return take(draw, in: step, from: idle)
    }

    /// Takes a draw in a step. Returns the content.
    mutating func take(_ draw: Double, in step: Int, from idle: Double) -> Double {
        let power =
            draw > 0
            ? draw * reservoir.dischargeEfficiency / hours : draw / reservoir.chargeEfficiency / hours
        let possible = min(max(power, steps[step].lower), steps[step].upper)
        powers[step] = Power(possible)
        let content = reservoir.after(possible, from: idle, hours: hours)
        contents[step] = Energy(content)
        return content
    }

    private func clipped(_ value: Double, _ range: ClosedRange<Double>) -> Double {
        min(max(value, range.lowerBound), range.upperBound)
    }
}
