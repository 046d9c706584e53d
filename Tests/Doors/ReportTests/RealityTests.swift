import Agents
import Forecasting
import Grid
import Messaging
import Planning
import Report
import RunSamples
import Scheduling
import Simulator
import Studies
import Testing
import Timeline

/// An explanation sets what happened beside the plan.
@Suite struct RealityTests {
    /// Of every step: the plan in force, which of its steps it is, and the record.
    private static let steps: [(record: Record, plan: Plan, at: Int)] = {
        var plan: Plan?
        return Simulation(world.scenario).map { record in
            plan = record.plan ?? plan
            let passed = record.interval.start.seconds(since: plan!.horizon.start)
            return (record, plan!, passed / plan!.horizon.step)
        }
    }()

    private static var world: SmallWorld {
        var world = SmallWorld()
        world.forecast = .persistence
        world.link = Link(latency: .zero, jitter: .zero, loss: 0.2)
        world.importLimit = Power(kilowatts: 60)
        return world
    }

    @Test func deviationsAddUpToThatOfTheConnection() throws {
        let scenario = Self.world.scenario
        for (record, plan, at) in Self.steps where record.point.status.isSolved {
            let reality = PlanAndReality(record, plan, at: at, of: scenario)
            let connection = try #require(reality.connection)
            let others = reality.parts.filter { $0.device != connection.device }
            let sum = reality.lossDeviation - reality.shortage - others.reduce(.zero) { $0 + $1.deviation }
            #expect(abs((sum - connection.deviation).value) < 1e-3, "step \(record.step)")
            #expect(reality.clearingPrice == record.decision?.price ?? [])
            for part in reality.parts {
                #expect(part.cause != nil || abs(part.deviation.value) <= 50, "step \(record.step)")
            }
            // Losses beyond those planned: what was measured less what the plan's powers were to cover.
            let covered = plan.problem.sum(plan.problem.losses, at: at)
            #expect(abs((reality.lossDeviation - (record.point.losses - covered)).value) < 1)
        }
    }

    @Test func theSentencesAddUpAndNameALostSetpoint() throws {
        let scenario = Self.world.scenario
        let told = try #require(
            Self.steps.first { record, plan, at in
                PlanAndReality(record, plan, at: at, of: scenario).parts.contains {
                    $0.cause == .heldSetpoint && abs($0.deviation.kilowatts) > 1
                }
            })
        let reality = PlanAndReality(told.record, told.plan, at: told.at, of: scenario)
        let explanation = try #require(Explanation(told.plan, at: told.at))
        let text = ExplanationText(scenario, explanation, reality: reality).description
        let lines = text.split(separator: "\n").map(String.init)
        let first = try #require(lines.firstIndex { $0.hasPrefix("Plan and reality: ") })
        func number(_ text: Substring) -> Double {
            Double(text.filter { !"+,−".contains($0) })! * (text.hasPrefix("−") ? -1 : 1)
        }
        let whole = lines[first].split(separator: ", ").last!.split(separator: " ")[0]
        let parts = lines[(first + 1)...].prefix { $0.hasPrefix("  ") }.map {
            number($0.split(separator: " ")[0])
        }
        #expect(!parts.isEmpty && abs(parts.reduce(0, +) - number(whole)) < 0.01, "\(text)")
        #expect(text.contains("its setpoint was lost"), "\(text)")
    }
}
