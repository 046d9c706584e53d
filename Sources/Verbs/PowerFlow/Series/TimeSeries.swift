public import Grid
public import Lanes
import LinearAlgebra

/// Powers that devices give to the network over many steps: constant power, one row a bus.
public struct InjectionSeries: Hashable, Sendable {
    /// Active power, W, positive into the network.
    public var active: StepTable
    /// Reactive power, var, positive into the network.
    public var reactive: StepTable

    /// No power anywhere.
    public init(buses: Int, steps: Int) {
        active = StepTable(rows: buses, steps: steps)
        reactive = active
    }

    /// Number of buses.
    @inlinable public var buses: Int { active.rows }
    /// Number of steps.
    @inlinable public var steps: Int { active.steps }

    /// The injections of one step.
    public func injections(at step: Int) -> Injections {
        Injections(
            active: (0..<buses).map { Power(active[$0, step]) },
            reactive: (0..<buses).map { ReactivePower(reactive[$0, step]) })
    }
}

/// The voltages of every bus and step.
public struct VoltageSeries: Hashable, Sendable {
    /// Real part, as a fraction of the bus's nominal voltage. Zero where a bus has no path to a source, and
    /// in steps without a solution.
    public internal(set) var real: StepTable
    /// Imaginary part, likewise.
    public internal(set) var imaginary: StepTable
    /// Reactive power that each regulator gives beyond what is injected at its bus, var; one row a regulator.
    public internal(set) var regulatorReactive: StepTable
    /// How each step ended.
    public internal(set) var status: [OperatingPoint.Status]
    /// Number of sweeps or iterations of each step.
    public internal(set) var iterations: [Int]

    /// A series of this size in which nothing is solved yet.
    public init(buses: Int, regulators: Int = 0, steps: Int) {
        real = StepTable(rows: buses, steps: steps)
        imaginary = real
        regulatorReactive = StepTable(rows: regulators, steps: steps)
        status = Array(repeating: .diverged, count: steps)
        iterations = Array(repeating: 0, count: steps)
    }

    /// Number of buses.
    @inlinable public var buses: Int { real.rows }
    /// Number of steps.
    @inlinable public var steps: Int { real.steps }

    /// |V| as a fraction of nominal.
    public func magnitude(bus: Int, step: Int) -> Double {
        let (re, im) = (real[bus, step], imaginary[bus, step])
        return (re * re + im * im).squareRoot()
    }
}

extension VoltageSeries {
    /// Lends the memory of all that a solver writes.
    mutating func withMemory(
        _ body: (
            _ real: UnsafeMutablePointer<Lanes>, _ imaginary: UnsafeMutablePointer<Lanes>,
            _ regulators: UnsafeMutablePointer<Lanes>,
            _ status: UnsafeMutableBufferPointer<OperatingPoint.Status>,
            _ iterations: UnsafeMutableBufferPointer<Int>
        ) -> Void
    ) {
        real.withMutableLanes { real in
            imaginary.withMutableLanes { imaginary in
                regulatorReactive.withMutableLanes { regulators in
                    status.withUnsafeMutableBufferPointer { status in
                        iterations.withUnsafeMutableBufferPointer { iterations in
                            body(real, imaginary, regulators, status, iterations)
                        }
                    }
                }
            }
        }
    }
}

extension VoltageSeries {
    /// The larger of the currents at the two ends of a branch, A, and what it may be: the ampacity, or, where
    /// that is nearer, the current at which the apparent power at these voltages reaches the rating. Nil
    /// without limits.
    public func loadedCurrent(
        in branch: Branch, _ perUnit: PerUnitNetwork.Branch, of network: PerUnitNetwork, step: Int
    ) -> (value: Double, limit: Double)? {
        let (current, power) = flow(in: perUnit, of: network, step: step, ratedEnd: branch.ratedEnd)
        let loading = branch.loading(current: Current(current), power: ApparentPower(power))
        guard let loading else { return nil }
        guard loading.isByPower, let byPower = loading.power, let rating = branch.rating else {
            return branch.ampacity.map { (current, $0.value) }
        }
        let most = max(network.baseCurrent(at: branch.from), network.baseCurrent(at: branch.to))
        return (current, byPower > 0 ? current / byPower : rating.value / network.basePower * most)
    }

    /// The larger current, A, at the two ends, and the apparent power, VA, at the rated end or the larger.
    private func flow(
        in branch: PerUnitNetwork.Branch, of network: PerUnitNetwork, step: Int, ratedEnd: Branch.End?
    ) -> (current: Double, power: Double) {
        guard branch.isClosed else { return (0, 0) }
        let near = Complex(real[branch.from, step], imaginary[branch.from, step])
        let far = Complex(real[branch.to, step], imaginary[branch.to, step])
        let port = TwoPort(branch)
        let flow = port.currents(near, far)
        let (into, out) = (flow.from, flow.to)
        let current = max(
            into.magnitude * network.baseCurrent(at: branch.from),
            out.magnitude * network.baseCurrent(at: branch.to))
        let power = max(
            ratedEnd == .to ? 0 : near.squared * into.squared,
            ratedEnd == .from ? 0 : far.squared * out.squared
        ).squareRoot()
        return (current, power * network.basePower)
    }
}
