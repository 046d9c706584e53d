import ControlledPowerFlow
import Glibc
import Grid
import Lanes
import TestSupport

/// Two buses at 10 kV and a line of so many Ω between; base 1 MVA, so 100 Ω is 1 p.u.
func twoBuses(_ resistance: Double, _ reactance: Double, reversed: Bool = false, charging: Double = 0)
    -> Network
{
    let bus = Bus(name: "", nominalVoltage: Voltage(10_000), limits: 0.9...1.1)
    return Network(
        buses: [bus, bus],
        branches: [
            Branch(
                name: "", from: reversed ? 1 : 0, to: reversed ? 0 : 1, resistance: Impedance(resistance),
                reactance: Impedance(reactance), charging: charging)
        ], source: 0, sourceVoltage: 1)
}

/// One row of active and reactive power for bus 1 of two, W and var, one column a step.
func demand(active: [Double], reactive: [Double]? = nil, available: [[Double]] = []) -> ControlledDemand {
    var p = StepTable(rows: 2, steps: active.count)
    var q = p
    var given = StepTable(rows: available.count, steps: active.count)
    for step in active.indices {
        p[1, step] = active[step]
        q[1, step] = reactive?[step] ?? 0
        for (row, values) in available.enumerated() { given[row, step] = values[step] }
    }
    return ControlledDemand(active: p, reactive: q, available: given)
}

/// A random feeder with every kind of control, and days of demand for it.
struct RandomFeeder {
    let network: Network
    let controls: VoltageControls
    let demand: ControlledDemand

    init(seed: UInt64, buses count: Int = 40, steps: Int = 200, loops: Int = 0) {
        var random = SplitMix64(seed: seed)
        let low = Bus(name: "", nominalVoltage: Voltage(400), limits: 0.9...1.1)
        let medium = Bus(
            name: "", nominalVoltage: Voltage(10_000), limits: 0.9...1.1, shuntConductance: 2e-6,
            shuntSusceptance: 1e-5)
        var buses = [medium]
        var branches: [Branch] = []
        for bus in 1..<count {
            let parent = bus == 1 ? 0 : random.whole(max(0, bus - 5)..<bus)
            let stepsDown =
                buses[parent].nominalVoltage == medium.nominalVoltage && random.uniform() < 0.2 && bus > 2
            let isLow = stepsDown || buses[parent].nominalVoltage == low.nominalVoltage
            buses.append(isLow ? low : medium)
            let size = (isLow ? 0.0016 : 1) * (stepsDown ? 3 : 1)
            let away = random.uniform() < 0.7
            branches.append(
                Branch(
                    name: "", from: away ? parent : bus, to: away ? bus : parent,
                    resistance: Impedance(size * random.uniform(0.1...0.8) * (away || !stepsDown ? 1 : 625)),
                    reactance: Impedance(size * random.uniform(0.1...0.8) * (away || !stepsDown ? 1 : 625)),
                    charging: isLow ? 0 : 2e-5, shuntConductance: stepsDown && away ? 1e-4 : 0,
                    ratio: stepsDown ? random.uniform(0.97...1.03) : 1,
                    phaseShift: stepsDown ? .pi / 6 : 0))
        }
        let joinable = buses.indices.dropFirst().filter { buses[$0].nominalVoltage == medium.nominalVoltage }
        for index in 0..<loops {
            branches.append(
                Branch(
                    name: "", from: joinable[random.whole(0..<joinable.count)],
                    to: joinable[random.whole(0..<joinable.count)],
                    resistance: Impedance(random.uniform(0.5...3)),
                    reactance: Impedance(random.uniform(0.5...3)), charging: 3e-5,
                    ratio: index == 0 ? 0.99 : 1, phaseShift: index == 1 ? 0.01 : 0))
        }
        network = Network(
            buses: buses, branches: branches,
            sources: [Network.Source(bus: 0, voltage: 1.02, angle: 0.1)])
        controls = Self.controls(network, &random)
        demand = Self.demand(count, inverters: controls.inverters.count, steps: steps, &random)
    }

    private static func controls(_ network: Network, _ random: inout SplitMix64) -> VoltageControls {
        let count = network.buses.count
        let curves: [VoltageCurve?] = [.voltVarCategoryA, .voltVarCategoryB, nil]
        return VoltageControls(
            tapChangers: [TapChanger(branch: 0, bus: 1, voltage: 1, deadband: 0.015, delay: 60)],
            capacitors: [
                SwitchedCapacitor(
                    bus: count / 2, stage: ReactivePower(150e3), stages: 2,
                    measure: .voltage(bus: count / 2, on: 0.97, off: 1.03)),
                SwitchedCapacitor(
                    bus: 1, stage: ReactivePower(300e3),
                    measure: .reactive(branch: 0, on: ReactivePower(500e3), off: ReactivePower(50e3))),
            ],
            inverters: (0..<6).map { index in
                InverterControl(
                    bus: random.whole(1..<count), rating: ApparentPower(random.uniform(150e3...450e3)),
                    voltVar: curves[index % 3], voltWatt: index % 2 == 0 ? .voltWatt : nil,
                    priority: index < 3 ? .active : .reactive)
            },
            loadMixes: (2..<count).map {
                LoadMix(
                    bus: $0, constantCurrent: random.uniform(0...0.5),
                    constantImpedance: random.uniform(0...0.5))
            })
    }

    private static func demand(_ buses: Int, inverters: Int, steps: Int, _ random: inout SplitMix64)
        -> ControlledDemand
    {
        var active = StepTable(rows: buses, steps: steps)
        var reactive = active
        var available = StepTable(rows: inverters, steps: steps)
        for step in 0..<steps {
            let hour = Double(step % 96) / 4
            let shape = 0.4 + 0.6 * exp(-(hour - 19) * (hour - 19) / 12)
            for bus in 1..<buses {
                active[bus, step] = -random.uniform(0...90e3) * shape
                reactive[bus, step] = -random.uniform(0...45e3) * shape
            }
            let sun = max(0, sin((hour - 6) / 12 * .pi))
            for row in 0..<inverters { available[row, step] = random.uniform(150e3...450e3) * sun }
        }
        return ControlledDemand(active: active, reactive: reactive, available: available)
    }
}
