public import Grid

/// What devices give to the network over many steps: one row of `steps` values a bus, bus after bus.
public struct InjectionSeries: Hashable, Sendable {
    public let buses: Int
    public let steps: Int
    /// W and var, positive into the network; step t of bus b at b·steps + t.
    public var active: [Double]
    public var reactive: [Double]

    /// No power anywhere.
    public init(buses: Int, steps: Int) {
        self.buses = buses
        self.steps = steps
        active = Array(repeating: 0, count: buses * steps)
        reactive = active
    }

    /// What one step injects.
    public func injections(at step: Int) -> Injections {
        Injections(
            active: (0..<buses).map { Power(active[$0 * steps + step]) },
            reactive: (0..<buses).map { ReactivePower(reactive[$0 * steps + step]) })
    }
}

/// The voltages of every bus and step, in the layout of `InjectionSeries`.
public struct VoltageSeries: Hashable, Sendable {
    public let buses: Int
    public let steps: Int
    /// Real and imaginary part as fractions of the bus's nominal voltage; the source is real. Zero where a
    /// bus has no path to the source, and in steps without a solution.
    public internal(set) var real: [Double]
    public internal(set) var imaginary: [Double]
    /// How each step ended, and after how many sweeps or iterations.
    public internal(set) var status: [OperatingPoint.Status]
    public internal(set) var iterations: [Int]

    /// Room for a result: nothing solved yet.
    public init(buses: Int, steps: Int) {
        self.buses = buses
        self.steps = steps
        real = Array(repeating: 0, count: buses * steps)
        imaginary = real
        status = Array(repeating: .diverged, count: steps)
        iterations = Array(repeating: 0, count: steps)
    }

    /// |V| as a fraction of nominal.
    public func magnitude(bus: Int, step: Int) -> Double {
        let at = bus * steps + step
        return (real[at] * real[at] + imaginary[at] * imaginary[at]).squareRoot()
    }
}
