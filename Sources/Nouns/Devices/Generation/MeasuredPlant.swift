public import Grid

/// A solar, wind or hydro plant that is driven by a measured series of its output, not by weather.
public struct MeasuredPlant: Hashable, Sendable {
    /// What drives the plant.
    public enum Source: Hashable, Sendable {
        /// The sun. The modules serve forecasts only: they say what a clear sky would give.
        case sun(Solar)
        /// Wind.
        case wind
        /// Water.
        case water
    }

    /// What drives the plant.
    public let source: Source
    /// Greatest active power of the plant, at least the greatest `output`.
    public let rating: Power
    /// Power that a capacity factor is measured against.
    public let capacity: Power
    /// Mean power without curtailment in each step of the scenario; never negative.
    public let output: [Power]
    /// Mean reactive power that it gives in each step; empty: unity power factor.
    public let reactive: [ReactivePower]

    /// Creates a plant; its output must not be negative, nor above the rating.
    public init(
        source: Source, rating: Power, capacity: Power, output: [Power], reactive: [ReactivePower] = []
    ) {
        precondition(output.allSatisfy { $0 >= .zero && $0 <= rating })
        precondition(reactive.isEmpty || reactive.count == output.count)
        self.source = source
        self.rating = rating
        self.capacity = capacity
        self.output = output
        self.reactive = reactive
    }

    /// Mean reactive power given for each watt given; 0 where it gives none.
    public var reactiveRatio: Double { Self.ratio(reactive, to: output) }

    static func ratio(_ reactive: [ReactivePower], to active: [Power]) -> Double {
        let sum = active.reduce(0) { $0 + $1.value }
        return sum > 0 ? reactive.reduce(0) { $0 + $1.value } / sum : 0
    }
}

// A measured reactive power is that beside the whole measured active power; of a part of it the same part is
// given. Where the active power is zero, it is given as measured.

extension Device {
    /// Measured reactive power of a step beside `power`; nil where none was measured.
    func measuredReactive(beside power: Power, at step: Int) -> ReactivePower? {
        switch kind {
        case .measured(let plant) where !plant.reactive.isEmpty:
            plant.reactive[step] * Self.share(power, of: plant.output[step])
        case .load(let load) where !load.reactive.isEmpty:
            -load.reactive[step] * Self.share(-power, of: load.demand[step])
        default: nil
        }
    }

    private static func share(_ power: Power, of whole: Power) -> Double {
        whole > .zero ? power / whole : 1
    }
}
