import DispatchSamples
import EconomicDispatch
import Scheduling
import Testing

/// A year of five microgrids asked for as a dispatch problem: the objectives on which other solvers agree
/// (`Tests/Golden/dispatch/README.md`). Their stores end as they begin at whatever level is best; a
/// problem begins in a given state. The states here are those of an optimum of each program, found by HiGHS
/// 1.16 with its simplex.
@Suite struct MicrogridYearTests {
    private func check(_ problem: DispatchProblem, _ objective: Double) {
        let plan = RollingOptimum().plan(problem)
        #expect(plan.status == .optimal && plan.certificate?.optimum == .ties)
        #expect(abs(plan.objective - objective) < 1e-6 * objective, "\(plan.objective)")
    }

    @Test func transport() throws {
        let state = MicrogridAreas.State(
            stored: [
                870.716346025968, 509.88595103692586, 165.24459565142988, 576.8829563405341,
                541.8789326525962,
            ],
            running: [0, 0, 227.2, 0, 0])
        try check(MicrogridAreas(.transport, from: state).problem, 2090596.33793678)
    }

    @Test func kirchhoff() throws {
        let state = MicrogridAreas.State(
            stored: [
                357.49806646287874, 57.02860904927826, 737.5954254898744, 806.1759186921201, 482.759120796502,
            ],
            running: [0, 0, 227.2, 0, 0])
        try check(MicrogridAreas(.kirchhoff, from: state).problem, 2093588.54108650)
    }
}
