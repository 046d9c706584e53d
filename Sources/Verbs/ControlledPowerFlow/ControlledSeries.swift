public import Grid
public import Lanes

/// What a network with controls is given over many steps.
public struct ControlledDemand: Hashable, Sendable {
    /// A row a bus, W and var at nominal voltage, positive into the network: of everything but the inverters
    /// and capacitors that are controlled.
    public var active: StepTable
    /// A row a bus, var at nominal voltage, positive into the network: as `active`.
    public var reactive: StepTable
    /// A row a controlled inverter, W it could give.
    public var available: StepTable

    /// Creates a demand from three tables with the same number of steps.
    public init(active: StepTable, reactive: StepTable, available: StepTable) {
        self.active = active
        self.reactive = reactive
        self.available = available
    }
}

/// The voltages of a network with controls over many steps, and where the controls stood. Everything is zero
/// in a step without a solution, but for the positions of taps and capacitors.
public struct ControlledSeries: Hashable, Sendable {
    /// Number of steps.
    public let steps: Int
    /// `iterationLimit` also where controls would not come to rest.
    public internal(set) var status: [OperatingPoint.Status]
    /// Sweeps, those between moves of the controls included.
    public internal(set) var iterations: [Int]
    /// Rows as `Rows` says.
    var values: StepTable
    /// A row a tap changer, then a row a capacitor.
    var positions: [Int16]
    let tapChangers: Int
    let rows: Rows

    /// Where what is in the table of values.
    struct Rows: Hashable {
        let buses: Int
        let inverters: Int

        var real: Int { 0 }
        var imaginary: Int { buses }
        var inverterActive: Int { 2 * buses }
        var inverterReactive: Int { 2 * buses + inverters }
        var sourceActive: Int { 2 * (buses + inverters) }
        var sourceReactive: Int { sourceActive + 1 }
        var count: Int { sourceActive + 2 }
    }

    /// Creates an empty result, to be written by a solver.
    public init(network: Network, controls: VoltageControls, steps: Int) {
        self.steps = steps
        tapChangers = controls.tapChangers.count
        rows = Rows(buses: network.buses.count, inverters: controls.inverters.count)
        values = StepTable(rows: rows.count, steps: steps)
        positions = Array(repeating: 0, count: (tapChangers + controls.capacitors.count) * steps)
        status = Array(repeating: .diverged, count: steps)
        iterations = Array(repeating: 0, count: steps)
    }

    /// Real and imaginary part of a voltage as fractions of the bus's nominal; zero where there is no path to
    /// a source.
    public func voltage(bus: Int, step: Int) -> (real: Double, imaginary: Double) {
        (values[rows.real + bus, step], values[rows.imaginary + bus, step])
    }

    /// |V| as a fraction of nominal.
    public func magnitude(bus: Int, step: Int) -> Double {
        let (re, im) = voltage(bus: bus, step: step)
        return (re * re + im * im).squareRoot()
    }

    /// Returns the position of a tap changer at the end of a step.
    public func tap(_ changer: Int, step: Int) -> Int { Int(positions[changer * steps + step]) }

    /// Returns how many stages of a capacitor are on at the end of a step.
    public func stages(_ capacitor: Int, step: Int) -> Int {
        Int(positions[(tapChangers + capacitor) * steps + step])
    }

    /// Returns the active power an inverter gives, positive into the network.
    public func inverterActive(_ inverter: Int, step: Int) -> Power {
        Power(values[rows.inverterActive + inverter, step])
    }
    /// Returns the reactive power an inverter gives, positive into the network.
    public func inverterReactive(_ inverter: Int, step: Int) -> ReactivePower {
        ReactivePower(values[rows.inverterReactive + inverter, step])
    }

    /// Returns the active power that the sources together give to the network.
    public func sourcePower(step: Int) -> Power { Power(values[rows.sourceActive, step]) }
    /// Returns the reactive power that the sources together give to the network.
    public func sourceReactive(step: Int) -> ReactivePower {
        ReactivePower(values[rows.sourceReactive, step])
    }
}
