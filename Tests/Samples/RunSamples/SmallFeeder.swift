import Devices
public import Grid
import LinearAlgebra
import Simulator

// The cable of `SmallWorld` as a feeder of three phases.
extension SmallWorld {
    /// Between which conductors the devices of `SmallWorld` are, and the curves that they follow.
    public struct Phases: Sendable {
        /// The wires, without loads and inverters.
        public var wires: Feeder
        /// Conductors of each device; three phases against earth where it is not named.
        public var pairs: [Int: [Feeder.Pair]] = [:]
        /// Volt-VAR curve of a device.
        public var voltVar: [Int: VoltageCurve] = [:]
        /// Volt-Watt curve of a device with a Volt-VAR curve.
        public var voltWatt: VoltageCurve?
        /// How the power of the loads depends on the voltage.
        public var dependence = Feeder.VoltageDependence.constantPower

        public init(_ wires: Feeder) { self.wires = wires }
    }

    /// The cable with its three phases alike: positive sequence as of the balanced one, three times as much
    /// in the zero sequence.
    public var balancedFeeder: Feeder {
        var feeder = Feeder(
            buses: network.buses.map { Feeder.Bus(name: $0.name, nominalVoltage: $0.nominalVoltage) },
            sources: [
                Feeder.Source(
                    name: "grid", bus: 0,
                    voltage: Voltage(network.buses[0].nominalVoltage.value / 3.0.squareRoot()))
            ])
        feeder.lines = network.branches.map { branch in
            let z = Complex(branch.resistance.value, branch.reactance.value)
            return Feeder.Line(
                name: branch.name, from: Feeder.End(bus: branch.from), to: Feeder.End(bus: branch.to),
                impedance: ConductorMatrix(order: 3, positive: z, zero: z * 3), rating: branch.ampacity)
        }
        return feeder
    }

    /// The same with a regulator for each phase in place of the first cable, and a capacitor at the end that
    /// is closed when the voltage is low.
    public var regulatedFeeder: Feeder {
        var feeder = balancedFeeder
        feeder.lines.removeFirst()
        let phase = 10_000 / 3.0.squareRoot()
        for conductor in 1...3 {
            let pairs = [Feeder.Pair(conductor)]
            feeder.transformers.append(
                Feeder.Transformer(
                    name: "regulator-\(conductor)",
                    windings: [0, 1].map {
                        Feeder.Transformer.Winding(
                            bus: $0, pairs: pairs, voltage: Voltage(phase), resistance: 0.01)
                    }, rating: ApparentPower(200e3), reactances: [0.02]))
            feeder.tapControls.append(
                Feeder.TapControl(
                    name: "regulator-\(conductor)", transformer: conductor - 1, winding: 1,
                    voltage: Feeder.VoltagePoint(bus: 3, pairs: pairs), potentialRatio: 50,
                    currentRating: 100,
                    setting: Feeder.TapControl.Setting(level: phase * 1.01 / 50, bandwidth: 1.4),
                    delay: 30 + Double(conductor)))
        }
        feeder.shunts = [
            Feeder.Shunt(
                name: "capacitor", bus: 3, voltage: Voltage(phase),
                reactive: (0..<3).map { _ in ReactivePower(20e3) }, closed: 0)
        ]
        feeder.shuntControls = [
            Feeder.ShuntControl(
                name: "capacitor", shunt: 0,
                kind: .voltage(
                    Feeder.VoltagePoint(bus: 3, pairs: [Feeder.Pair(2)]), ratio: 50, on: phase * 0.995 / 50,
                    off: phase * 1.03 / 50), delay: 900, delayOff: 900, deadTime: 1800)
        ]
        return feeder
    }

    /// The feeder of a scenario with these devices.
    func feeder(_ phases: Phases, _ devices: [Device]) -> ScenarioFeeder {
        var feeder = phases.wires
        let roles = devices.enumerated().map { index, device -> ScenarioFeeder.Role in
            guard index != Self.connection else { return .source }
            let pairs = phases.pairs[index] ?? Feeder.Pair.wye
            let nominal = feeder.buses[device.bus].nominalVoltage.value
            let volts = Voltage(pairs[0].joinsPhases ? nominal : nominal / 3.0.squareRoot())
            if let curve = phases.voltVar[index] {
                feeder.inverters.append(
                    Feeder.Inverter(
                        name: device.name, bus: device.bus, pairs: pairs, voltage: volts,
                        rating: ApparentPower(130e3), active: Power(120e3), prefersReactive: true,
                        voltVar: curve, voltWatt: phases.voltWatt))
                return .inverter(feeder.inverters.count - 1)
            }
            let share = 1 / Double(pairs.count)
            feeder.loads.append(
                Feeder.Load(
                    name: device.name, bus: device.bus, pairs: pairs, voltage: volts,
                    active: pairs.map { _ in Power(share) },
                    reactive: pairs.map { _ in ReactivePower(share) },
                    dependence: device.load == nil ? .constantPower : phases.dependence))
            return .load(feeder.loads.count - 1)
        }
        return ScenarioFeeder(
            feeder: feeder, roles: roles, equivalent: phases.wires.equivalent(limits: 0.93...1.07))
    }
}
