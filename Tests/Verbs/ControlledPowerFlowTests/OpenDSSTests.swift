import ControlledPowerFlow
import Grid
import Lanes
import TestSupport
import Testing

/// A day that OpenDSS solved in its static control mode: see the vectors' README.
@Suite struct OpenDSSTests {
    private static let plants: [(bus: Int, power: Double, hasVoltWatt: Bool)] = [
        (13, 1200e3, false), (17, 1600e3, true), (21, 900e3, false), (24, 1500e3, false), (32, 2600e3, true),
    ]
    private static let watched = [0, 5, 17, 21, 24, 29, 32]

    private static func table(_ name: String) throws -> [[Double]] {
        try GoldenTable("controlled/opendss-day/" + name).numbers
    }

    /// Bus 33 is the grid's end of the transformer; its tap sits at bus 0.
    private static func network() throws -> Network {
        let bus = Bus(name: "", nominalVoltage: Voltage(12_660), limits: 0.9...1.1)
        let unit = 12_660.0 * 12_660 / 5e6
        let lines = try table("branch").map {
            Branch(
                name: "", from: Int($0[0]), to: Int($0[1]), resistance: Impedance($0[2]),
                reactance: Impedance($0[3]))
        }
        let head = Branch(
            name: "", from: 0, to: 33, resistance: Impedance(0.005 * unit), reactance: Impedance(0.06 * unit))
        return Network(
            buses: Array(repeating: bus, count: 34), branches: lines + [head], source: 33, sourceVoltage: 1)
    }

    private static func controls() -> VoltageControls {
        // A setting of 1 V in 100 at a current transformer of 200 A.
        let perVolt = 12_660 / 3.0.squareRoot() / 100 / 200
        return VoltageControls(
            tapChangers: [
                TapChanger(
                    branch: 32, bus: 0, voltage: 1.01, deadband: 0.016, delay: 30,
                    dropResistance: Impedance(1.2 * perVolt), dropReactance: Impedance(0.9 * perVolt))
            ],
            capacitors: [
                SwitchedCapacitor(
                    bus: 29, stage: ReactivePower(300e3), stages: 3,
                    measure: .voltage(bus: 28, on: 0.97, off: 1.035), delayOn: 60, delayOff: 60)
            ],
            inverters: plants.map {
                InverterControl(
                    bus: $0.bus, rating: ApparentPower(1.1 * $0.power), activeRating: Power($0.power),
                    voltVar: .voltVarCategoryB, voltWatt: $0.hasVoltWatt ? .voltWatt : nil)
            },
            loadMixes: (1...32).map { LoadMix(bus: $0, constantCurrent: 0.25, constantImpedance: 0.3) })
    }

    private static func demand() throws -> ControlledDemand {
        let steps = try table("demand")
        var active = StepTable(rows: 34, steps: steps.count)
        var reactive = active
        var available = StepTable(rows: plants.count, steps: steps.count)
        let loads = try table("load")
        for (step, row) in steps.enumerated() {
            for (index, load) in loads.enumerated() {
                let shape = index % 3 == 0 ? row[2] : row[1]
                active[Int(load[0]), step] = -1e3 * load[1] * shape
                reactive[Int(load[0]), step] = -1e3 * load[2] * shape
            }
            for (index, plant) in plants.enumerated() { available[index, step] = plant.power * row[3] }
        }
        return ControlledDemand(active: active, reactive: reactive, available: available)
    }

    @Test func theDayIsTheSame() throws {
        let (network, controls) = (try Self.network(), Self.controls())
        let series = try ControlledTimeSeries(network: network, controls: controls, segments: 5)
            .solve(try Self.demand())
        let loadings = BranchLoadings(series, network: network, controls: controls)
        let suns = try Self.table("demand").map { $0[3] }
        var isCurtailed = false
        for (step, row) in try Self.table("expected").enumerated() {
            #expect(series.tap(0, step: step) == Int(row[1]))
            #expect(series.stages(0, step: step) == Int(row[2]))
            for (bus, magnitude) in zip(Self.watched, row[3...]) {
                #expect(abs(series.magnitude(bus: bus, step: step) - magnitude) < 5e-6)
            }
            for index in Self.plants.indices {
                let active = series.inverterActive(index, step: step).value / 1e3
                let reactive = series.inverterReactive(index, step: step).value / 1e3
                #expect(abs(active - row[10 + 2 * index]) < 0.2)
                #expect(abs(reactive - row[11 + 2 * index]) < 0.2)
                if active < Self.plants[index].power / 1e3 * suns[step] - 1 { isCurtailed = true }
            }
            #expect(abs(loadings.losses[step] / 1e3 - row[20]) < 0.02)
        }
        #expect(isCurtailed)
    }
}
