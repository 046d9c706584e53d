import Grid
import Scheduling

// A store that is asked again and again, at prices that change little, mostly comes to the same bounds of its
// content in the same steps. Between two of these, one worth of content serves all steps: that at which the
// draws of these steps sum to the change of content. Where the draws are continuous, an answer is the only
// best one if all contents are within their bounds, and the worth rises where the store is full and falls
// where it is empty. So what is found is either proved or discarded.
extension StoreResponse {
    /// A step at whose end the content is at a bound.
    struct Stop: Hashable, Sendable {
        let step: Int
        let isFull: Bool
    }

    /// Answers with the stops of the last answer. Returns false, and changes no answer, where they are others
    /// now, or where the store loses content to a demand.
    mutating func repeatStops() -> Bool {
        guard let stops, scales.last! > 1e-3, draws.allSatisfy(\.isContinuous),
            steps.allSatisfy({ $0.drain == 0 })
        else { return false }
        var (first, content, weight) = (0, reservoir.stored.value, 1.0)
        var before: Stop?
        for place in 0...stops.count where first < steps.count {
            let stop = place < stops.count ? stops[place] : nil
            let last = stop?.step ?? steps.count - 1
            var price = endWorth * scales[steps.count - 1]
            if let stop {
                let bound = bound(of: stop)
                let wanted = content * weight - bound / scales[last]
                guard let found = self.price(of: first...last, drawing: wanted, from: prices[first]) else {
                    return false
                }
                if last == steps.count - 1, stop.isFull ? found > price : found < price { return false }
                price = found
                (content, weight) = (bound, 1 / scales[last])
            }
            if let before, before.isFull ? price < prices[first - 1] : price > prices[first - 1] {
                return false
            }
            for step in first...last { prices[step] = price }
            (first, before) = (last + 1, stop)
        }
        return follow()
    }

    private func bound(of stop: Stop) -> Double {
        stop.isFull ? bounds[stop.step].upperBound : bounds[stop.step].lowerBound
    }

    /// Takes the draws at the prices; false where a content leaves its bounds.
    private mutating func follow() -> Bool {
        var content = reservoir.stored.value
        let slack = 1e-11 * reservoir.maximum.value
        for step in steps.indices {
            let draw = draws[step].drawn(at: prices[step]).lowerBound
            content = kept * content - draw
            guard content >= bounds[step].lowerBound - slack, content <= bounds[step].upperBound + slack
            else {
                return false
            }
        }
        content = reservoir.stored.value
        for step in steps.indices {
            let draw = draws[step].drawn(at: prices[step]).lowerBound
            // The drain is part of the draw, and of what idling leaves.
            content = take(
                draw - steps[step].drain, in: step,
                from: reservoir.idle(content, at: step, kept: kept))
            worth[step] = EnergyCost(prices[step] / scales[step])
        }
        return true
    }

    /// The price at which the draws of steps sum to `wanted`, Wh at the begin of the horizon: Newton's method
    /// on a piecewise linear function. Nil where it is not found soon.
    private func price(of steps: ClosedRange<Int>, drawing wanted: Double, from start: Double) -> Double? {
        let tolerance = 1e-12 * reservoir.maximum.value
        var price = start
        for _ in 0..<8 {
            var (sum, slope) = (-wanted, 0.0)
            draws.withUnsafeBufferPointer { draws in
                for step in steps {
                    let (giving, charging) = (draws[step].giving, draws[step].charging)
                    let weight = 1 / scales[step]
                    let given = giving.slope * (giving.end - price)
                    let charged = charging.slope * (charging.end - price)
                    let drawn = min(max(given, 0), giving.amount) + min(max(charged, 0), charging.amount)
                    sum += weight * (draws[step].least + drawn)
                    slope += given > 0 && given < giving.amount ? weight * giving.slope : 0
                    slope += charged > 0 && charged < charging.amount ? weight * charging.slope : 0
                }
            }
            if abs(sum) <= tolerance { return price }
            guard slope > 0 else { return nil }
            price += sum / slope
        }
        return nil
    }
}
