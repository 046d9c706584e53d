import EconomicDispatch
import Grid
import Optimization
import Testing
import Timeline

let isCommitmentHere: Bool = {
    if let missing = UnitCommitment.missing { print("unit commitment is not tested: \(missing)") }
    return UnitCommitment.missing == nil
}()

@Suite(.enabled(if: isCommitmentHere)) struct UnitCommitmentTests {
    /// 563,937.69 is the best that was ever published, and proved by two solvers on the secants.
    @Test func tenUnitsOfKazarlis() throws {
        let plan = UnitCommitment(options: .init(gap: 1e-6)).plan(try Kazarlis.problem())
        #expect(plan.status == .optimal)
        #expect(abs(plan.objective - 563_937.687490) < 1e-6 * 563_938, "\(plan.objective)")
        #expect(plan.gap! < 5e-5 && plan.search!.bound <= 563_937.69)
    }
    @Test func twentyUnits() throws {
        let plan = UnitCommitment(options: .init(gap: 1e-6)).plan(try Kazarlis.problem(copies: 2))
        #expect(abs(plan.objective - 1_123_297.432630) < 1e-6 * 1_123_297, "\(plan.objective)")
    }
}
