import Grid
import Testing

@Suite("Quantities")
struct QuantityTests {
    @Test("prefixes are factors of a thousand, and power over time is energy")
    func prefixes() {
        #expect(Power(kilowatts: 2.5).value == 2500)
        #expect(Power(kilowatts: 2).energy(hours: 0.25) == Energy(kilowattHours: 0.5))
        #expect(Energy(kilowattHours: 3).power(hours: 2) == Power(kilowatts: 1.5))
        #expect(EnergyCost(yuanPerKilowattHour: 0.884).value == 0.884e-3)
        #expect(Power(10) / Power(4) == 2.5)
    }
}

@Suite("Per unit")
struct PerUnitTests {
    @Test("impedance in the unit of U²/S, current in the unit of S/(√3 U)")
    func base() {
        let buses = (0..<2).map { Bus(name: "\($0)", nominalVoltage: Voltage(12_660), limits: 0.9...1.1) }
        let branch = Branch(
            name: "0-1", from: 0, to: 1, resistance: Impedance(0.0922), reactance: Impedance(0.047))
        let network = PerUnitNetwork(
            Network(buses: buses, branches: [branch], source: 0, sourceVoltage: 1.03))
        // Baran & Wu's first branch on 1 MVA, as MATPOWER's case33bw has it.
        #expect(abs(network.branches[0].resistance - 0.000575259116) < 1e-12)
        #expect(abs(network.branches[0].reactance - 0.000293244885) < 1e-12)
        #expect(abs(network.baseCurrent(at: 1) - 45.604287) < 1e-5)
        #expect(network.sourceVoltage == 1.03)
    }
}
