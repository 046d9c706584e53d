import Grid
import Lanes
import Monitoring
import PowerFlow
import Studies
import Testing

@Suite struct HostingCapacityTests {
    /// Two buses of 10 kV on 1 MW, so that 1 p.u. is 100 Ω; the source at 1 p.u.; a load that follows the
    /// clock at the second.
    private func study(
        resistance: Double = 0.1, reactance: Double = 0.05, limits: ClosedRange<Double> = 0.5...1.05,
        ampacity: Double? = nil, rating: Double? = nil, exportLimit: Double? = nil, ratio: Double = 1,
        phaseShift: Double = 0, charging: Double = 0, isReversed: Bool = false,
        loads: [Double] = [0.2e6, 0.1e6, 0.3e6],
        sunshine: [Double] = [0.5, 0.8, 0], reactiveRatio: Double = 0, resolution: Double = 1,
        ceiling: Double = 100e6
    ) -> HostingCapacity {
        let network = Network(
            buses: [
                Bus(name: "source", nominalVoltage: Voltage(10_000), limits: 0.5...2),
                Bus(name: "end", nominalVoltage: Voltage(10_000), limits: limits),
            ],
            branches: [
                Branch(
                    name: "wire", from: isReversed ? 1 : 0, to: isReversed ? 0 : 1,
                    resistance: Impedance(resistance * 100),
                    reactance: Impedance(reactance * 100), charging: charging / 100, ratio: ratio,
                    phaseShift: phaseShift, ampacity: ampacity.map { Current($0) },
                    rating: rating.map { ApparentPower($0) })
            ], source: 0, sourceVoltage: 1)
        var injections = InjectionSeries(buses: 2, steps: loads.count)
        for (step, load) in loads.enumerated() { injections.active[1, step] = -load }
        return HostingCapacity(
            network: network, injections: injections, sunshine: sunshine,
            exportLimit: exportLimit.map { Power($0) }, reactiveRatio: reactiveRatio,
            resolution: Power(resolution), ceiling: Power(ceiling))
    }

    private func finding(_ study: HostingCapacity) -> HostingCapacity.Finding {
        study.study([1]).sites[0].finding
    }

    /// With P given at V₂ and none of reactive power: V₂ − (r + jx)·P/V₂ = V₁ in size, so that
    /// |V₁|²·V₂² = (V₂² − rP)² + (xP)²; with V₂ at its limit that is a quadratic in P.
    @Test func voltageRiseOfOneLine() {
        let (r, x, v) = (0.1, 0.05, 1.05)
        let (a, b, c) = (r * r + x * x, -2 * r * v * v, v * v * v * v - v * v)
        let power = (-b - (b * b - 4 * a * c).squareRoot()) / (2 * a)
        let found = finding(study())
        // Noon of the second step: rating·0.8 − 0.1 MW reaches the limit.
        #expect((found.rating.value * 0.8 - 0.1e6 - power * 1e6).magnitude < 40)
        #expect(found.binding == .overvoltage(bus: 1) && found.step == 1)
    }

    @Test func reactivePowerHoldsTheVoltageDown() {
        let (r, x, v, q) = (0.1, 0.05, 1.05, -0.3)
        // As above with Q = q·P of the plant, and no load.
        let b = -2 * v * v * (r + x * q)
        let a = (r * r + x * x) * (1 + q * q)
        let c = v * v * v * v - v * v
        let power = (-b - (b * b - 4 * a * c).squareRoot()) / (2 * a)
        let found = finding(study(loads: [0, 0], sunshine: [0.1, 1], reactiveRatio: q))
        #expect((found.rating.value - power * 1e6).magnitude < 40)
        #expect(found.rating > finding(study(loads: [0, 0], sunshine: [0.1, 1])).rating)
    }

    /// The current is (rating·sunshine − load)/V₂: V₂ from the current and the source.
    @Test func ampacityOfOneLine() {
        let base = 1e6 / (3.0.squareRoot() * 10_000)
        let found = finding(study(limits: 0.5...1.5, ampacity: 0.4 * base))
        // V₂ = V₁ + (r + jx)·I with I in phase with V₂: |V₂| = r·I + √(V₁² − x²I²).
        let v = 0.1 * 0.4 + (1 - 0.05 * 0.05 * 0.16).squareRoot()
        #expect((found.rating.value * 0.8 - 0.1e6 - 0.4e6 * v).magnitude < 5)
        #expect(found.binding == .overload(branch: 0) && found.step == 1)
    }

    @Test func ratingOfOneLineAtItsWorseEnd() {
        let found = finding(study(limits: 0.5...1.5, rating: 0.4e6))
        #expect((found.rating.value * 0.8 - 0.1e6 - 0.4e6).magnitude < 5)
        #expect(found.binding == .overload(branch: 0))
    }

    /// Behind the losses r·I² of the line.
    @Test func exportLimit() {
        let found = finding(study(limits: 0.5...1.5, exportLimit: 0.3e6))
        let given = found.rating.value * 0.8e-6 - 0.1
        // I·V₂ = given, |V₂| = r·I + √(1 − x²I²).
        let current = (0..<50).reduce(given) { i, _ in given / (0.1 * i + (1 - 0.0025 * i * i).squareRoot()) }
        #expect((given - 0.1 * current * current - 0.3).magnitude < 1e-5)
        #expect(found.binding == .export && found.step == 1)
    }

    @Test func nothingLargerThanTheCeilingIsLookedFor() {
        let found = finding(study(limits: 0.5...1.5, ceiling: 50_000))
        #expect(found.rating == Power(50_000) && found.binding == nil && found.step == nil)
    }

    @Test func withoutSunNothingBinds() {
        let found = finding(study(sunshine: [0, 0, 0], ceiling: 50_000))
        #expect(found.rating == Power(50_000) && found.binding == nil)
    }

    /// Overvoltage in the second step as it is: any more makes it worse. Undervoltage in the first: solar
    /// makes it better, and the second step binds.
    @Test func aBrokenLimitCountsWhenMadeWorse() {
        let over = study(limits: 0.5...1.01, loads: [0, -0.3e6], sunshine: [1, 1], resolution: 1000)
        let found = over.study([1])
        #expect(found.sites[0].finding.rating == .zero && found.brokenSteps == 1)
        #expect(found.sites[0].finding.binding == .overvoltage(bus: 1) && found.sites[0].finding.step == 1)
        let under = study(
            limits: 0.99...1.05, loads: [0.4e6, 0.1e6], sunshine: [0.5, 0.8], resolution: 1000)
        let better = under.study([1])
        #expect(better.brokenSteps == 2 && better.sites[0].finding.rating > Power(500_000))
        #expect(better.sites[0].finding.binding == .overvoltage(bus: 1))
    }

    /// Two hundred bright steps with much load, and one with half the sun in which others give already: that
    /// one decides, alone as among all.
    @Test func theBrightestStepNeedNotBind() {
        var (loads, sunshine) = (
            [Double](repeating: 0.8e6, count: 200), [Double](repeating: 0.9, count: 200)
        )
        (loads[150], sunshine[150]) = (-0.2e6, 0.45)
        let (among, alone) = (
            finding(study(loads: loads, sunshine: sunshine)),
            finding(study(loads: [loads[150]], sunshine: [sunshine[150]]))
        )
        #expect(among.rating == alone.rating && among.step == 150 && alone.step == 0)
    }

    /// At 1 p.u. of reactance no line carries 2 p.u. at unity power factor: those steps count for nothing.
    @Test func stepsWithoutASolutionAreCounted() {
        let weak = study(
            resistance: 0, reactance: 1, limits: 0.1...2, loads: [2e6, 0], sunshine: [1, 1], resolution: 1000)
        let result = weak.study([1])
        #expect(result.unsolvedSteps == 1)
        // And 0.5 p.u. is the most it takes.
        #expect((result.sites[0].finding.rating.value - 0.5e6).magnitude < 2000)
        #expect(result.sites[0].finding.binding == .solvability)
    }

    /// The gauge of transformers and charging against the flows that the solver of one step writes.
    @Test(arguments: [false, true], [0.4e6, 0.45e6, 0.6e6])
    func limitsAreThoseOfTheOperatingPoint(isReversed: Bool, exportLimit: Double) {
        let wired = study(
            limits: 0.5...1.5, ampacity: 31, rating: 0.5e6, exportLimit: exportLimit, ratio: 0.97,
            phaseShift: 0.3, charging: 0.1, isReversed: isReversed)
        let found = finding(wired)
        let (below, above) = (violated(wired, found.rating), violated(wired, found.rating + Power(20)))
        #expect(!below && above)
    }

    private func violated(_ study: HostingCapacity, _ rating: Power) -> Bool {
        let solver = PowerFlowSolver(network: study.network, tolerance: 1e-10)
        var point = OperatingPoint(
            buses: study.network.buses.count, branches: study.network.branches.count)
        return study.sunshine.indices.contains { step in
            var injections = study.injections.injections(at: step)
            injections.active[1] += rating * study.sunshine[step]
            solver.solve(injections, into: &point)
            return !study.network.violations(at: point).isEmpty
                || -point.sourcePower > (study.exportLimit ?? Power(1e12)) * (1 + 1e-6)
        }
    }
}
