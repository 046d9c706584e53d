import CaseFile
import Grid
import TestSupport
import Testing
import TextFile

@Suite("MATPOWER files in")
struct MatpowerTests {
    /// Three buses with everything a power flow reads; made up.
    static let small = """
        function mpc = small
        %SMALL  Made up.
        mpc.version = '2';
        mpc.baseMVA = 100;
        %	bus_i	type	Pd	Qd	Gs	Bs	area	Vm	Va	baseKV	zone	Vmax	Vmin
        mpc.bus = [
        	10	3	0	0	0	0	1	1.02	5	110	1	1.1	0.9;
        	20	2	40	10	1	20	1	1	0	110	1	1.1	0.9;	% a comment
        	7	1	25	-5	0	0	1	1	0	20	1	1.05, 0.95
        ];
        mpc.gen = [
        	10	70	0	50	-50	1.02	100	1	200	0;
        	20	30	5	20	-Inf	1.01	100	1	40	0;
        	7	2	1	0	0	1	100	1	2	0;
        	20	9	9	9	-9	1.01	100	0	9	0;
        ];
        mpc.branch = [
        	10	20	0.01	0.1	0.05	150	0	0	0	0	1	-360	360;
        	20	7	0.005	0.2	0	0	0	0	0.98	-30	1	-360	360;
        	10	20	0.02	0.3	0	0	0	0	0	0	0	-360	360;
        ];
        mpc.gencost = [ 2 0 0 3 0.11 5 150 0; 2 0 0 2 1.2 600 0 0; 1 0 0 2 0 0 2 40; 2 0 0 3 0.1 1.2 600 0 ];
        mpc.bus_name = { 'one, the source'; 'two'; 'it''s three' };

        """

    @Test func everyFieldBecomesItsQuantity() throws {
        let loaded = try read(Self.small)
        #expect(loaded.warnings == [])
        let (network, generators) = (loaded.networkCase.network, loaded.networkCase.generators)
        #expect(loaded.networkCase.name == "small" && network.basePower == Power(100e6))
        #expect(network.buses.map(\.name) == ["10", "20", "7"])
        #expect(network.buses.map(\.nominalVoltage.value) == [110e3, 110e3, 20e3])
        #expect(network.buses[2].limits == 0.95...1.05)
        #expect(near(network.buses[1].shuntConductance, 1e6 / 110e3 / 110e3, relative: 1e-14, absolute: 0))
        #expect(near(network.buses[1].shuntSusceptance, 20e6 / 110e3 / 110e3, relative: 1e-14, absolute: 0))
        let limits = ReactivePower(-50e6)...ReactivePower(50e6)
        // Nothing gives weights, so that they are the largest powers.
        #expect(
            network.sources == [
                .init(bus: 0, voltage: 1.02, angle: 5 * .pi / 180, participation: 200e6, reactive: limits)
            ])
        // The second generator at bus 20 is off, so its limits don't count.
        #expect(network.regulators.map(\.bus) == [1] && network.regulators[0].voltage == 1.01)
        #expect(network.regulators[0].reactive?.upperBound == ReactivePower(20e6))
        #expect(network.regulators[0].reactive!.lowerBound < ReactivePower(-1e15))
        #expect(generators.map(\.isConnected) == [true, true, true, false])
        #expect(generators[2].voltage == nil && generators[2].reactive == ReactivePower(1e6))
        #expect(generators[0].cost == .polynomial(constant: 150, linear: 5e-6, quadratic: 0.11e-12))
        #expect(generators[1].cost == .polynomial(constant: 600, linear: 1.2e-6, quadratic: 0))
        #expect(
            generators[2].cost
                == .piecewise([.init(power: .zero, cost: 0), .init(power: Power(2e6), cost: 40)]))
        #expect(generators[3].cost == .polynomial(constant: 600, linear: 1.2e-6, quadratic: 0.1e-12))
        let (line, transformer) = (network.branches[0], network.branches[1])
        // 110 kV and 100 MVA make 121 Ω, 20 kV 4 Ω: the base of the side of `to`.
        #expect(
            near(line.resistance.value, 1.21, relative: 1e-14, absolute: 0)
                && near(line.reactance.value, 12.1, relative: 1e-14, absolute: 0))
        #expect(
            near(line.charging, 0.05 / 121, relative: 1e-14, absolute: 0) && line.ratio == 1
                && line.rating == ApparentPower(150e6))
        #expect(
            near(transformer.reactance.value, 0.8, relative: 1e-14, absolute: 0) && transformer.ratio == 0.98)
        #expect(
            near(transformer.phaseShift, -.pi / 6, relative: 1e-14, absolute: 0) && transformer.rating == nil)
        #expect(network.branches.map(\.isClosed) == [true, true, false])
        #expect(network.branches.map(\.name) == ["10-20", "20-7", "10-20-2"])
    }

    @Test func injectionsAreGenerationLessLoad() throws {
        let injections = try read(Self.small).networkCase.injections
        #expect(injections.active.map(\.value) == [70e6, -10e6, -23e6])
        #expect(injections.reactive.map(\.value) == [0, -10e6, 6e6])
    }

    /// What MATPOWER makes of bus types when generators are off.
    @Test func busTypesFollowTheGeneratorsThatRun() throws {
        let pvOff = try read(
            changed("\t20\t30\t5\t20\t-Inf\t1.01\t100\t1", "\t20\t30\t5\t20\t-Inf\t1.01\t100\t0"))
        #expect(pvOff.networkCase.network.regulators == [])
        let sourceOff = try read(
            changed("\t10\t70\t0\t50\t-50\t1.02\t100\t1", "\t10\t70\t0\t50\t-50\t1.02\t100\t0"))
        #expect(sourceOff.networkCase.network.sources.map(\.bus) == [1])
        #expect(
            sourceOff.warnings.map(\.description) == [
                "small.m:7:5: warning: bus 10 is REF, but no generator is in service there; it is read as PQ",
                "small.m: warning: no bus is REF; the first PV bus, 20, is used as REF",
            ])
        let isolated = try read(changed("\t7\t1\t25", "\t7\t4\t25")).networkCase
        #expect(isolated.network.branches.map(\.isClosed) == [true, false, false])
        #expect(isolated.loads.map(\.isConnected) == [true, false])
        #expect(isolated.generators.map(\.isConnected) == [true, true, false, false])
    }

    @Test func aBusWithoutVoltageGetsOneKilovolt() throws {
        let loaded = try read(changed("0\t20\t1\t1.05", "0\t0\t1\t1.05"))
        #expect(loaded.networkCase.network.buses[2].nominalVoltage == Voltage(1000))
        #expect(loaded.warnings.count == 1)
    }

    /// The arithmetic of the distribution cases, beside the numbers it should give.
    @Test func theConvertingTailIsCarriedOut() throws {
        let tail = """
            [PQ, PV, REF, NONE, BUS_I, BUS_TYPE, PD, QD, GS, BS, BUS_AREA, VM, ...
                VA, BASE_KV, ZONE, VMAX, VMIN, LAM_P, LAM_Q, MU_VMAX, MU_VMIN] = idx_bus;
            [F_BUS, T_BUS, BR_R, BR_X, BR_B, RATE_A] = idx_brch;
            Vbase = mpc.bus(1, BASE_KV) * 1e3;      %% in Volts
            Sbase = mpc.baseMVA * 1e6;              %% in VA
            mpc.branch(:, [BR_R BR_X]) = mpc.branch(:, [BR_R BR_X]) / (Vbase^2 / Sbase);
            mpc.bus(:, [PD, QD]) = mpc.bus(:, [PD, QD]) / 1e3;
            pf = 0.85;
            mpc.bus(:, QD) = mpc.bus(:, PD) * sin(acos(pf));
            mpc.bus(:, PD) = mpc.bus(:, PD) * pf;
            mpc.gen(1:2, VG_) = 1 + 2 * .5 ^ 2 - -3 / 2 ...
                - 1.98;
            """
            .replacing("VG_", with: "6")
        let networkCase = try read(Self.small + tail).networkCase
        let line = networkCase.network.branches[0]
        #expect(
            near(line.resistance.value, 0.01, relative: 1e-14, absolute: 0)
                && near(line.reactance.value, 0.1, relative: 1e-14, absolute: 0))
        #expect(near(networkCase.loads[0].active.value, 40e3 * 0.85, relative: 1e-14, absolute: 0))
        #expect(
            near(
                networkCase.loads[0].reactive.value, 40e3 * (1 - 0.85 * 0.85).squareRoot(), relative: 1e-14,
                absolute: 0))
        #expect(near(networkCase.network.sources[0].voltage, 1.02, relative: 1e-14, absolute: 0))
    }

    @Test(arguments: [
        ("if 0\n mpc.bus(99, 1) = 1;\n if 1\n end\nend\n", 40e6), ("if 1, mpc.bus(2, 3) = 50;\nend", 50e6),
        ("%{\n mpc.bus(2, 3) = 50;\n%}\n", 40e6), ("x = 50/3; mpc.bus(2, 3) = x", 50e6 / 3),
        ("mpc.bus(2, 3) = -abs(-4) .* [1]", -4e6), ("mpc.bus(2, 3) = 2^-1", 0.5e6),
        ("define_constants;\nmpc.bus(2, PD) = sqrt(mpc.gen(1, PMAX) + 25);", 15e6),
    ])
    func otherStatements(text: String, power: Double) throws {
        let load = try read(Self.small + text).networkCase.loads[0]
        #expect(near(load.active.value, power, relative: 1e-14, absolute: 0))
    }

    /// Numbers are written with the digits that give them back.
    @Test func whatIsWrittenIsReadAsTheSame() throws {
        let networkCase = try read(Self.small).networkCase
        let text = try CaseFile.text(networkCase, as: .matpower)
        #expect(try read(text).networkCase == networkCase)
    }

    @Test func constantCurrentHasNoPlace() throws {
        var networkCase = try read(Self.small).networkCase
        networkCase.loads[1].constantCurrent = 0.5
        #expect(throws: FileMistakes.self) { try CaseFile.text(networkCase, as: .matpower) }
    }

    private func changed(_ old: String, _ new: String) -> String {
        #expect(Self.small.contains(old))
        return Self.small.replacing(old, with: new)
    }
}

func read(_ text: String) throws -> LoadedCase {
    try CaseFile.parse(Array(text.utf8), name: "small.m", format: .matpower)
}
