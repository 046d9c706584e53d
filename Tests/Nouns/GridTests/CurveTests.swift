import Grid
import Testing

@Suite("Curves")
struct CurveTests {
    @Test("a volt-var curve is straight between its points and level beyond")
    func voltage() {
        let curve = VoltageCurve.voltVarCategoryB
        #expect(curve.output(at: 0.5) == 0.44 && curve.output(at: 0.92) == 0.44)
        #expect(abs(curve.output(at: 0.95) - 0.22) < 1e-15)
        #expect(curve.output(at: 1) == 0 && curve.output(at: 1.02) == 0)
        #expect(abs(curve.output(at: 1.05) + 0.22) < 1e-15)
        #expect(curve.output(at: 1.08) == -0.44 && curve.output(at: 2) == -0.44)
        #expect(VoltageCurve([.init(1, 0.3)]).output(at: 0.2) == 0.3)
    }

    @Test("a polynomial cost is one piece where it is convex")
    func polynomial() throws {
        let cost = CostCurve.polynomial(constant: 4, linear: 3, quadratic: 0.5)
        #expect(cost.cost(at: 2) == 12)
        let pieces = try #require(cost.convexPieces(from: 0, to: 10))
        #expect(pieces.map { [$0.lower, $0.upper, $0.slope, $0.quadratic] } == [[0, 10, 3, 0.5]])
        #expect(
            CostCurve.polynomial(constant: 0, linear: 1, quadratic: -1).convexPieces(from: 0, to: 1) == nil)
        #expect(cost.convexPieces(from: 1, to: 0) == nil)
    }

    @Test("a piecewise cost keeps its pieces within the limits and goes on beyond its ends")
    func piecewise() throws {
        func curve(_ points: [(Double, Double)]) -> CostCurve {
            .piecewise(points.map { CostCurve.Point(power: Power($0.0), cost: $0.1) })
        }
        let cost = curve([(0, 0), (10, 10), (20, 40)])
        #expect([-1, 5, 15, 30].map { cost.cost(at: $0) } == [-1, 5, 25, 70])
        let pieces = try #require(cost.convexPieces(from: 4, to: 30))
        #expect(pieces.map { [$0.lower, $0.upper, $0.slope] } == [[4, 10, 1], [10, 30, 3]])
        #expect(cost.convexPieces(from: 12, to: 15)?.map(\.slope) == [3])
        #expect(curve([(0, 0), (10, 30), (20, 40)]).convexPieces(from: 0, to: 20) == nil)
        #expect(curve([(10, 0), (0, 30)]).convexPieces(from: 0, to: 20) == nil)
    }

    @Test("points may be off a convex curve by their own rounding, and no more")
    func rounding() {
        func curve(_ points: [(Double, Double)]) -> CostCurve {
            .piecewise(points.map { CostCurve.Point(power: Power($0.0 * 1e6), cost: $0.1) })
        }
        // Slopes 17.30000 and 17.29993: points of a straight line, to five decimals.
        let rounded = curve([(0, 0), (0.33333, 5.76661), (0.66667, 11.53339)])
        #expect(rounded.isConvex(from: 0, to: 1e6))
        #expect(!curve([(0, 0), (1, 17.3), (2, 34.5)]).isConvex(from: 0, to: 2e6))
        #expect(!curve([(0, 0), (10, 200), (20, 399.9)]).isConvex(from: 0, to: 2e7))
    }

    @Test(
        "a polynomial of any degree has its value, slope and curvature, and is convex where it bends upwards")
    func higher() {
        let cubic = CostCurve.higherPolynomial(coefficients: [1, 2, 3, 4])
        #expect(cubic.cost(at: 2) == 1 + 4 + 12 + 32)
        #expect(cubic.derivatives(at: 2) == (2 + 12 + 48, 6 + 48))
        #expect(cubic.convexPieces(from: 0, to: 1) == nil)
        // 6 + 24·p is 0 at −1/4.
        #expect(cubic.isConvex(from: -0.25, to: 9) && !cubic.isConvex(from: -0.26, to: 9))
        // (p² − 1)² bends downwards between ±1/√3.
        let double = CostCurve.higherPolynomial(coefficients: [1, 0, -2, 0, 1])
        #expect(double.isConvex(from: 0.578, to: 5) && double.isConvex(from: -5, to: -0.578))
        #expect(!double.isConvex(from: -2, to: 2) && !double.isConvex(from: 0.57, to: 2))
        #expect(!CostCurve.higherPolynomial(coefficients: [0, 0, 0, .nan]).isConvex(from: 0, to: 1))
    }

    @Test("a load may follow one shape with both powers, or two")
    func demand() {
        let series = DemandSeries(shapes: [[1, 2], [3, 4]], loads: [1, 0, 1], interval: 60)
        #expect(series.steps == 2 && series.factors == [1, 2, 3, 4] && series.interval == 60)
        #expect(series.active == [1, 0, 1] && series.reactive == series.active)
        let both = DemandSeries(shapes: [[1], [3]], active: [0], reactive: [1])
        #expect(both.active == [0] && both.reactive == [1] && both.steps == 1)
    }
}
