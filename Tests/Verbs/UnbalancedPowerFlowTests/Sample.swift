import Grid

/// Small feeders for tests.
enum Sample {
    typealias Branch = UnbalancedNetwork.Branch
    typealias Load = UnbalancedNetwork.Load

    static let nominal = Voltage(4160)

    static func buses(_ count: Int) -> [UnbalancedNetwork.Bus] {
        (0..<count).map { UnbalancedNetwork.Bus(name: "\($0)", nominalVoltage: nominal) }
    }

    /// One mile of configuration 601 of the IEEE 13-node feeder.
    static let impedance = PhaseMatrix(
        real: [0.3465, 0.1560, 0.1580, 0.3375, 0.1535, 0.3414],
        imaginary: [1.0179, 0.5017, 0.4236, 1.0478, 0.3849, 1.0348])
    static let susceptance = PhaseMatrix(
        real: [6.2998e-6, -1.9958e-6, -1.2595e-6, 5.9597e-6, -0.7417e-6, 5.6386e-6])
    /// Equal phases without coupling.
    static func balanced(_ r: Double, _ x: Double) -> PhaseMatrix {
        PhaseMatrix(real: [r, 0, 0, r, 0, r], imaginary: [x, 0, 0, x, 0, x])
    }

    static func line(
        _ from: Int, _ to: Int, _ phases: Phases = .abc, _ impedance: PhaseMatrix = impedance,
        _ susceptance: PhaseMatrix = .zero
    ) -> Branch {
        Branch(
            name: "\(from)-\(to)", from: from, to: to, phases: phases,
            element: .line(impedance: impedance, susceptance: susceptance))
    }

    static func load(
        _ bus: Int, _ kilowatts: [Double], _ kilovars: [Double], _ connection: Load.Connection = .wye,
        current: Double = 0, impedance: Double = 0
    ) -> Load {
        Load(
            name: "S\(bus)", bus: bus, connection: connection, active: kilowatts.map { Power(kilowatts: $0) },
            reactive: kilovars.map { ReactivePower(kilovars: $0) }, constantCurrent: current,
            constantImpedance: impedance)
    }

    static func control(
        _ phases: Phases, _ monitored: Int, level: Double = 120, bandwidth: Double = 2, delay: Double = 0
    ) -> UnbalancedNetwork.StepRegulator.Control {
        UnbalancedNetwork.StepRegulator.Control(
            phases: phases, monitored: monitored, level: level, bandwidth: bandwidth, potentialRatio: 20,
            currentRating: 700, resistance: 2, reactance: 4, delay: delay)
    }

    static func regulator(_ from: Int, _ to: Int, _ controls: [UnbalancedNetwork.StepRegulator.Control])
        -> Branch
    {
        Branch(
            name: "R", from: from, to: to, phases: controls.reduce([]) { $0.union($1.phases) },
            element: .regulator(UnbalancedNetwork.StepRegulator(controls: controls)))
    }

    static func transformer(
        _ from: Int, _ to: Int, _ connection: UnbalancedNetwork.Transformer.Connection
    ) -> Branch {
        Branch(
            name: "T", from: from, to: to,
            element: .transformer(
                UnbalancedNetwork.Transformer(
                    connection: connection, rating: ApparentPower(2e6), resistance: 0.01, reactance: 0.06)))
    }
}
