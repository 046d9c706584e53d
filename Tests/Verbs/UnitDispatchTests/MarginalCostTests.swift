import Grid
import Testing
import UnitDispatch

@Suite struct MarginalCostTests {
    private let valves = NonconvexUnit(
        limits: Power(100e6)...Power(600e6),
        cost: .polynomial(constant: 561, linear: 7.92e-6, quadratic: 0.001562e-12),
        valves: .init(amplitude: 300, frequency: 0.0315e-6))

    @Test("between kinks it is the slope of the cost", arguments: [100.5e6, 150e6, 287e6, 431e6, 599e6])
    func slopes(power: Double) {
        let marginal = valves.marginalCost(at: power)
        let slope = (valves.cost(at: power + 1e3) - valves.cost(at: power - 1e3)) / 2e3
        #expect(marginal.lowerBound == marginal.upperBound)
        #expect(abs(marginal.lowerBound.value - slope) < 1e-11)
        #expect(!valves.isAtValvePoint(power))
    }

    @Test("at a valve point it is the slopes on both sides", arguments: [1.0, 2, 5])
    func kinks(count: Double) {
        let power = 100e6 + count * .pi / 0.0315e-6
        let marginal = valves.marginalCost(at: power)
        let cost = valves.cost(at: power)
        #expect(valves.isAtValvePoint(power))
        #expect(abs(marginal.lowerBound.value - (cost - valves.cost(at: power - 100)) / 100) < 1e-10)
        #expect(abs(marginal.upperBound.value - (valves.cost(at: power + 100) - cost) / 100) < 1e-10)
        #expect(marginal.lowerBound < marginal.upperBound)
    }

    @Test func atAPointOfAPiecewiseLinearCostItIsBothSlopes() {
        let points = [(0.0, 0.0), (10, 50), (20, 150)].map {
            CostCurve.Point(power: Power($0.0), cost: $0.1)
        }
        let unit = NonconvexUnit(limits: Power(0)...Power(20), cost: .piecewise(points))
        let expected: [(Double, Double, Double)] = [
            (0, 5, 5), (5, 5, 5), (10, 5, 10), (15, 10, 10), (20, 10, 10),
        ]
        for (power, below, above) in expected {
            #expect(unit.marginalCost(at: power) == EnergyCost(below)...EnergyCost(above), "\(power)")
        }
    }

    @Test func allowedRangesAreTheLimitsWithinTheWindowWithoutTheZones() {
        let unit = NonconvexUnit(
            limits: Power(10)...Power(100), cost: valves.cost, window: Power(20)...Power(200),
            prohibited: [Power(60)...Power(100), Power(15)...Power(30), Power(40)...Power(50)])
        #expect(
            unit.allowed
                == [Power(30)...Power(40), Power(50)...Power(60), Power(100)...Power(100)])
        let closed = NonconvexUnit(
            limits: Power(10)...Power(20), cost: valves.cost, prohibited: [Power(0)...Power(30)])
        #expect(closed.allowed.isEmpty)
    }
}
