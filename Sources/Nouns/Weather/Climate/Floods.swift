import Glibc
import Randomness

// Quick flow of a river as shot noise (Weiss, Water Resources Research 13, 1977): storms occur at random;
// each raises the flow within hours, and the flow recedes exponentially over days. With storm sizes J
// distributed exponentially, rate λ and recession time τ, the flow has mean λ τ E[J] and a coefficient of
// variation 1/√(λτ); λ τ = 1 makes both one. Subtracting a second exponential with a shorter time gives the
// rise.

struct Floods {
    /// Days.
    private static let recession = 5.0
    private static let rise = 0.1
    /// Per day.
    private static let stormLikelihood = 0.2
    private static let warmUp = 100

    private struct Storm {
        /// Days since the epoch.
        let time: Double
        let size: Double
    }

    private let first: Int
    /// Recession and rise of earlier storms that remain at the begin of each day.
    private var left: [(recession: Double, rise: Double)] = []
    private var storms: [Storm?] = []

    /// `range` in seconds since the epoch.
    init(_ stream: RandomStream, over range: ClosedRange<Double>) {
        first = Int((range.lowerBound / 86_400).rounded(.down))
        let last = Int((range.upperBound / 86_400).rounded(.down))
        let meanSize = 1 / (Self.stormLikelihood * (Self.recession - Self.rise))
        var state = (recession: 0.0, rise: 0.0)
        for day in (first - Self.warmUp)...last {
            var storm: Storm?
            if stream.uniform(step: day, draw: 0) < Self.stormLikelihood {
                storm = Storm(
                    time: Double(day) + stream.uniform(step: day, draw: 1),
                    size: stream.exponential(mean: meanSize, step: day, draw: 2))
            }
            if day >= first {
                left.append(state)
                storms.append(storm)
            }
            state = Self.after(state, storm, from: Double(day), to: Double(day + 1))
        }
    }

    /// Returns the quick flow at `time`, seconds since the epoch, divided by its mean.
    func callAsFunction(_ time: Double) -> Double {
        let days = time / 86_400
        let day = Int(days.rounded(.down))
        let state = Self.after(left[day - first], storms[day - first], from: Double(day), to: days)
        return max(state.recession - state.rise, 0)
    }

    private static func after(
        _ state: (recession: Double, rise: Double), _ storm: Storm?, from: Double, to: Double
    ) -> (recession: Double, rise: Double) {
        var (recession, rise) = (state.recession * exp((from - to) / Self.recession), 0.0)
        rise = state.rise * exp((from - to) / Self.rise)
        if let storm, storm.time <= to {
            recession += storm.size * exp((storm.time - to) / Self.recession)
            rise += storm.size * exp((storm.time - to) / Self.rise)
        }
        return (recession, rise)
    }
}
