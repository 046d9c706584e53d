import Glibc
import Grid
import LinearAlgebra
import Testing

/// Lines and transformers with and without shunts, taps and shifts, between 10 kV and 0.4 kV.
private let branches: [Branch] = [(0.0, 0.0), (3e-6, 4e-5)].flatMap { conductance, charging in
    [(1.0, 0.0), (0.94, 0.0), (1.0, 0.5), (1.05, -.pi / 6)].map { ratio, shift in
        Branch(
            name: "", from: 0, to: 1, resistance: Impedance(0.004), reactance: Impedance(0.011),
            charging: charging, shuntConductance: conductance, ratio: ratio, phaseShift: shift)
    }
}

private func network(_ branch: Branch) -> Network {
    let buses = [10_000.0, 400].map { Bus(name: "", nominalVoltage: Voltage($0), limits: 0.9...1.1) }
    return Network(buses: buses, branches: [branch], source: 0, sourceVoltage: 1)
}

private func perUnit(_ branch: Branch) -> PerUnitNetwork.Branch {
    PerUnitNetwork(network(branch)).branches[0]
}

private func near(_ a: Complex, _ b: Complex, _ scale: Double = 1) -> Bool {
    (a - b).magnitude <= 1e-12 * max(scale, a.magnitude)
}

@Suite("Two-port of a branch")
struct TwoPortTests {
    private let voltages = (near: Complex(1.03, 0.02), far: Complex(0.97, -0.04))

    @Test("admittances are those of the branch model written out", arguments: branches)
    func admittances(_ branch: Branch) {
        // Base 1 MVA: 1 p.u. of impedance is 0.16 Ω on the side of `to`.
        let (r, x, unit) = (0.004 / 0.16, 0.011 / 0.16, 0.16)
        let square = r * r + x * x
        let (g, b) = (r / square, -x / square)
        let own = Complex(g + branch.shuntConductance * unit / 2, b + branch.charging * unit / 2)
        let (c, s) = (cos(branch.phaseShift) / branch.ratio, sin(branch.phaseShift) / branch.ratio)
        let port = TwoPort(perUnit(branch))
        #expect(near(port.to, own))
        #expect(near(port.from, own * (1 / (branch.ratio * branch.ratio))))
        #expect(near(port.fromTo, Complex(-(g * c - b * s), -(g * s + b * c))))
        #expect(near(port.toFrom, Complex(-(g * c + b * s), -(b * c - g * s))))
    }

    @Test("currents are the admittances times the voltages", arguments: branches)
    func currents(_ branch: Branch) {
        let port = TwoPort(perUnit(branch))
        let flow = port.currents(voltages.near, voltages.far)
        let size = port.to.magnitude
        #expect(near(flow.from, port.from * voltages.near + port.fromTo * voltages.far, size))
        #expect(near(flow.to, port.toFrom * voltages.near + port.to * voltages.far, size))
    }

    @Test("what enters at both ends is lost in the series impedance and the shunts", arguments: branches)
    func powers(_ branch: Branch) {
        let values = perUnit(branch)
        let port = TwoPort(values)
        let flow = port.currents(voltages.near, voltages.far)
        let entering =
            voltages.near * flow.from.conjugate + voltages.far * flow.to.conjugate
        let shunted = port.halfShunt.conjugate * (flow.behind.squared + voltages.far.squared)
        let lost = Complex(values.resistance, values.reactance) * flow.series.squared + shunted
        #expect(near(entering, lost, port.to.magnitude))
        // The ideal transformer takes no power.
        let passing = flow.behind * flow.intoElement.conjugate
        #expect(near(voltages.near * flow.from.conjugate, passing, port.to.magnitude))
    }

    @Test("currents are linear in the voltages", arguments: branches)
    func linear(_ branch: Branch) {
        let port = TwoPort(perUnit(branch))
        let change = (near: Complex(0.01, -0.03), far: Complex(-0.02, 0.05))
        let before = port.currents(voltages.near, voltages.far)
        let moves = port.currents(change.near, change.far)
        let after = port.currents(voltages.near + change.near, voltages.far + change.far)
        let size = port.to.magnitude
        #expect(near(after.to, before.to + moves.to, size))
        #expect(near(after.from, before.from + moves.from, size))
        #expect(near(after.series, before.series + moves.series, size))
    }

    @Test("a tap multiplies the ratio", arguments: branches)
    func taps(_ branch: Branch) {
        var tapped = branch
        tapped.ratio *= 1.0125
        let (a, b) = (TwoPort(perUnit(branch)).scalingRatio(by: 1.0125), TwoPort(perUnit(tapped)))
        #expect(near(a.from, b.from) && near(a.fromTo, b.fromTo) && near(a.toFrom, b.toFrom))
        #expect(a.to == b.to)
    }

    @Test("an unloaded transformer divides the voltage by its ratio and delays it by its shift")
    func unloaded() {
        let branch = Branch(
            name: "", from: 0, to: 1, resistance: Impedance(0.004), reactance: Impedance(0.011), ratio: 1.1,
            phaseShift: .pi / 6)
        let port = TwoPort(perUnit(branch))
        let far = -(port.toFrom * Complex(1, 0)) / port.to
        #expect(abs(far.magnitude - 1 / 1.1) < 1e-14)
        #expect(abs(atan2(far.imaginary, far.real) + .pi / 6) < 1e-14)
        #expect(port.currents(Complex(1, 0), far).from.magnitude < 1e-12)
    }

    @Test("a line looks the same from both ends")
    func symmetric() {
        let port = TwoPort(perUnit(branches[4]))
        #expect(port.from == port.to && port.fromTo == port.toFrom)
    }
}

@Suite("Loading of a branch")
struct LoadingTests {
    private func line(_ ampacity: Double?, _ rating: Double?) -> Branch {
        Branch(
            name: "", from: 0, to: 1, resistance: Impedance(0.004), reactance: Impedance(0.011),
            ampacity: ampacity.map { Current($0) }, rating: rating.map { ApparentPower($0) })
    }

    private func loading(_ ampacity: Double?, _ rating: Double?) -> Branch.Loading? {
        line(ampacity, rating).loading(current: Current(80), power: ApparentPower(60_000))
    }

    @Test("the larger of current over ampacity and power over rating")
    func larger() {
        #expect(loading(100, nil)?.value == 0.8)
        #expect(loading(nil, 50_000)?.value == 1.2)
        let both = loading(100, 50_000)
        #expect(both?.value == 1.2 && both?.current == 0.8 && both?.power == 1.2)
        #expect(loading(100, 50_000)?.isByPower == true)
        #expect(loading(100, 100_000)?.isByPower == false)
        #expect(loading(nil, 100_000)?.isByPower == true)
    }

    @Test("nil without limits; a limit that is not above 0 is none")
    func none() {
        #expect(loading(nil, nil) == nil)
        #expect(loading(0, 0) == nil)
        #expect(loading(0, 50_000) == loading(nil, 50_000))
        #expect(network(line(0, nil)).thermalLimit(of: line(0, nil)) == nil)
    }

    @Test("the apparent power is the larger one of the two ends")
    func apparent() {
        var point = OperatingPoint(buses: 2, branches: 1)
        point.powerFrom = [Power(3000)]
        point.reactiveFrom = [ReactivePower(-4000)]
        point.powerTo = [Power(-2900)]
        point.reactiveTo = [ReactivePower(4100)]
        #expect(point.apparentPower(of: 0).value == (2900.0 * 2900 + 4100 * 4100).squareRoot())
        point.current = [Current(10)]
        let loading = network(line(20, 10_000)).loading(of: 0, at: point)
        #expect(loading?.current == 0.5 && loading?.power == point.apparentPower(of: 0).value / 10_000)
    }

    @Test("at nominal voltage an ampacity is worth what it carries at the end of lower voltage")
    func thermal() {
        let carried = 3.0.squareRoot() * 400 * 100
        let known = [(100.0, nil), (100, 1e6), (nil, 5e4), (100, 5e4)].map { line($0, $1) }
        let limits = known.map { network($0).thermalLimit(of: $0)?.value }
        #expect(abs(limits[0]! - carried) < 1e-9 && limits[0] == limits[1])
        #expect(limits[2] == 5e4 && limits[3] == 5e4)
    }

    /// 0.4 A at 10 kV stands for more than 10 A at 0.4 kV.
    @Test(
        "limits in per unit give the same loading",
        arguments: [(0.4, nil), (12, nil), (nil, 2e4), (12, 9e3)] as [(Double?, Double?)])
    func perUnitLimits(_ ampacity: Double?, _ rating: Double?) throws {
        let branch = line(ampacity, rating)
        let whole = network(branch)
        let values = PerUnitNetwork(whole)
        let (near, far) = (Complex(1.0, 0), Complex(0.9995, -0.0015))
        let port = TwoPort(values.branches[0])
        let flow = port.currents(near, far)
        let into = flow.from
        var point = OperatingPoint(buses: 2, branches: 1)
        let powers = [near * into.conjugate * 1e6, far * flow.to.conjugate * 1e6]
        point.powerFrom = [Power(powers[0].real)]
        point.reactiveFrom = [ReactivePower(powers[0].imaginary)]
        point.powerTo = [Power(powers[1].real)]
        point.reactiveTo = [ReactivePower(powers[1].imaginary)]
        let currents = [
            into.magnitude * values.baseCurrent(at: 0), flow.to.magnitude * values.baseCurrent(at: 1),
        ]
        point.current = [Current(max(currents[0], currents[1]))]
        let expected = try #require(whole.loading(of: 0, at: point)).value
        let limits = BranchLimits(branch, of: values)
        let squared = limits.squaredLoading(from: (near, into), to: (far, flow.to))
        #expect(abs(squared.squareRoot() / expected - 1) < 1e-12 && !limits.isEmpty)
    }

    @Test("without limits the limits in per unit are empty, and the loading is 0")
    func empty() {
        let limits = BranchLimits(line(nil, 0), of: PerUnitNetwork(network(line(nil, 0))))
        #expect(limits.isEmpty)
        let end = (voltage: Complex(1, 0), current: Complex(1, 0))
        #expect(limits.squaredLoading(from: end, to: end) == 0)
    }
}
