import Devices
import Grid
import TestSupport
import Testing
import Weather

@Suite struct HydroTests {
    @Test func partFlowVectorIsMet() throws {
        for row in try GoldenTable("devices/hydro_part_flow").rows {
            let kind = try #require(Hydro.Turbine(rawValue: row.text("turbine")))
            let hydro = plant(kind, head: row["gross_head_m"], designFlow: row["design_flow_m3_s"])
            let flow = row["flow_m3_s"]
            #expect(near(hydro.turbineEfficiency(flow: flow), row["turbine_efficiency"], relative: 1e-10))
            let head = row["gross_head_m"] * (1 - row["head_loss_fraction"])
            #expect(near(hydro.netHead(flow: flow), head, relative: 1e-12))
            let power = hydro.potential(under: river(flow)).kilowatts
            #expect(near(power, row["power_kw_with_generator_095"], relative: 1e-10))
        }
    }

    @Test func residualFlowComesFirst() throws {
        for row in try GoldenTable("devices/hydro_run_of_river").rows {
            let least = row["min_flow_ratio"]
            let most = row["max_flow_ratio"]
            let hydro = plant(
                .crossflow, head: row["head_m"], designFlow: row["design_flow_m3_s"],
                residualFlow: row["residual_flow_m3_s"], flowRange: least...most)
            let flow = hydro.turbineFlow(river: row["stream_flow_m3_s"])
            #expect(near(flow, row["turbine_flow_m3_s"], relative: 1e-12))
            let head = row["head_m"] * (1 - row["pipe_head_loss_fraction"])
            let power = Hydro.waterPower(flow: flow, head: head) * row["efficiency"]
            #expect(near(power.kilowatts, row["power_kw"], relative: 1e-9))
        }
    }

    @Test func neverAboveItsCapacity() {
        let small = plant(.francis, head: 42, designFlow: 1.8, capacity: Power(kilowatts: 300))
        #expect(small.potential(under: river(50)) == Power(kilowatts: 300))
        #expect(small.potential(under: river(0)) == .zero)
    }

    /// A propeller's blades are fixed: at full flow it equals a Kaplan turbine at its peak, below it is
    /// worse.
    @Test func propellerIsBestAtFullFlow() {
        let propeller = plant(.propeller, head: 8, designFlow: 12)
        let kaplan = plant(.kaplan, head: 8, designFlow: 12)
        #expect(propeller.turbineEfficiency(flow: 12) == kaplan.turbineEfficiency(flow: 9))
        for flow in stride(from: 1.0, to: 12, by: 0.5) {
            #expect(propeller.turbineEfficiency(flow: flow) <= propeller.turbineEfficiency(flow: flow + 0.5))
            #expect(propeller.turbineEfficiency(flow: flow) <= kaplan.turbineEfficiency(flow: flow))
        }
    }

    @Test(arguments: Hydro.Turbine.allCases)
    func anyPlantIsFiniteAndNoBetterThanItsWater(kind: Hydro.Turbine) {
        var random = SplitMix64(seed: 5)
        for _ in 0..<2_000 {
            let hydro = plant(
                kind, head: .random(in: 0...400, using: &random),
                designFlow: .random(in: 0...60, using: &random),
                residualFlow: .random(in: 0...2, using: &random), flowRange: 0...1.3)
            let flow = Double.random(in: -1...90, using: &random)
            let given = hydro.potential(under: river(flow))
            #expect(given >= .zero && given <= Hydro.waterPower(flow: max(0, flow), head: hydro.head))
        }
    }

    private func plant(
        _ kind: Hydro.Turbine, head: Double, designFlow: Double, residualFlow: Double = 0,
        flowRange: ClosedRange<Double> = 0...1, capacity: Power = Power(kilowatts: 1e6)
    ) -> Hydro {
        Hydro(
            capacity: capacity, head: head, designFlow: designFlow, residualFlow: residualFlow, turbine: kind,
            flowRange: flowRange)
    }

    private func river(_ flow: Double) -> Conditions {
        var conditions = Conditions.calm
        conditions.riverFlow = flow
        return conditions
    }
}
