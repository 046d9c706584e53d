import Foundation
import Grid
import Testing
import TextFile
import UnitDispatch
import UnitFile

@Suite struct UnitFileTests {
    /// Reads tables with these contents; gives the problem, or the mistakes without the folder's path.
    private static func read(
        _ units: String, zones: String? = nil, matrix: String? = nil, linear: String? = nil
    ) throws -> (UnitProblem?, [String]) {
        let folder = FileManager.default.temporaryDirectory.appending(path: "units-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        func path(_ name: String, _ text: String?) throws -> String? {
            guard let text else { return nil }
            try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
            return folder.appending(path: name).path
        }
        var file = UnitFile(units: try path("units.csv", units)!)
        file.zones = try path("zones.csv", zones)
        file.lossMatrix = try path("B.csv", matrix)
        file.lossLinear = try path("B0.csv", linear)
        file.lossConstant = 0.5
        do throws(FileMistakes) {
            return (try file.read(), [])
        } catch {
            return (nil, error.all.map { $0.description.replacing("\(folder.path)/", with: "") })
        }
    }

    private static func problem(_ answer: (UnitProblem?, [String])) throws -> UnitProblem {
        #expect(answer.1.isEmpty)
        return try #require(answer.0)
    }

    @Test func unitsAreReadInTheirUnits() throws {
        let problem = try Self.problem(
            try Self.read(
                """
                unit,pmin_mw,pmax_mw,a,b,c,e,f,p1_mw,cost1,p2_mw,cost2
                coal,100,600,561,7.92,0.001562,300,0.0315,,,,
                water,0,50,,,,,,0,5,50,30
                """))
        #expect(problem.names == ["coal", "water"] && problem.losses == nil)
        let (coal, water) = (problem.units[0], problem.units[1])
        #expect(coal.limits == Power(100e6)...Power(600e6))
        #expect(coal.cost == .polynomial(constant: 561, linear: 7.92e-6, quadratic: 0.001562e-12))
        #expect(coal.valves == .init(amplitude: 300, frequency: 0.0315e-6))
        let points = [(0.0, 5.0), (50e6, 30)].map { CostCurve.Point(power: Power($0.0), cost: $0.1) }
        #expect(water.cost == .piecewise(points) && water.valves == nil)
        #expect(abs(water.cost(at: 20e6) - 15) < 1e-12)
    }

    @Test func zonesRampsAndLossesBelongToTheirUnits() throws {
        let problem = try Self.problem(
            try Self.read(
                "pmin_mw,pmax_mw,a,b,c\n10,100,0,1,0\n20,200,0,1,0\n",
                zones: "unit,p0_mw,ur_mw,dr_mw,zone1_lo,zone1_hi\n2,50,30,100,60,70\n",
                matrix: "B1,B2\n0.01,0.002\n0.004,0.02\n", linear: "B0\n0.1\n0.2\n"))
        #expect(problem.names == ["1", "2"])
        #expect(problem.units[0].window == nil && problem.units[0].prohibited.isEmpty)
        #expect(problem.units[1].allowed == [Power(20e6)...Power(60e6), Power(70e6)...Power(80e6)])
        // 100 MW·(0.01·0.25 + 2·0.003·0.5·1 + 0.02·1 + 0.1·0.5 + 0.2·1 + 0.5) of u = 0.5, 1.
        let losses = try #require(problem.losses)
        #expect(abs(losses.loss(at: [50e6, 100e6]) - 77.55e6) < 1e-3)
    }

    @Test func everyMistakeIsToldWithItsPlace() throws {
        let (_, mistakes) = try Self.read(
            """
            unit,pmin_mw,pmax_mw,a,b,c,p1_mw,cost1,p2_mw,cost2,e,f,g
            A,100,50,1,2,0.1,,,,,,,
            A,100,500,1,2,-0.1,,,,,,,
            B,0,1x,1,,0.1,,,,,3,,
            C,0,100,1,2,0.1,0,5,100,900,,,
            D,0,100,,,,0,5,90,900,,,
            E,0,100,,,,0,5,,900,,,
            """, zones: "unit,p0_mw,ur_mw,dr_mw,zone1_lo,zone1_hi\nZ,1,2,3,,\nA,100,20,,30,20\nB,,,,,5\n")
        let expected = [
            "units.csv:1:56: error: unknown column 'g'", "units.csv:2:7: error: pmax_mw: 50.0 is less than",
            "units.csv:3:1: error: unit: two units are called 'A'", "units.csv:3:15: error: c: -0.1 is not",
            "units.csv:4:5: error: pmax_mw: '1x' is not a number",
            "units.csv:4:10: error: b: a number is missing",
            "units.csv:4:21: error: f: valve points need a frequency",
            "units.csv:5:9: error: a: the cost is given twice",
            "units.csv:6:12: error: p1_mw: the points must reach from",
            "units.csv:7:12: error: p1_mw: a piecewise linear cost needs two",
            "units.csv:7:16: error: p2_mw: point 2 of the cost is not complete",
            "zones.csv:2:1: error: unit: no unit is called 'Z'",
            "zones.csv:3:3: error: p0_mw: dr_mw missing",
            "zones.csv:3:14: error: zone1_hi: 20.0 is not above",
            "zones.csv:4:7: error: zone1_hi: zone1_lo is missing",
        ]
        #expect(mistakes.count == expected.count, "\(mistakes)")
        for (found, start) in zip(mistakes, expected) { #expect(found.hasPrefix(start), "\(found)") }
    }

    @Test(
        "tables that do not fit",
        arguments: [
            ("pmin_mw,pmax_mw\n1,2\n", "there is no column 'a'"), ("", "is empty"),
            ("pmin_mw,pmax_mw,a,b,c\n", "has a header but no rows"),
            ("pmin_mw,pmax_mw,a,b,c\n1,2,3,4\n", "4 cells, but the header has 5"),
            ("pmin_mw,pmax_mw,p1_mw,cost1,p2_mw,cost2,p3_mw,cost3\n0,2,0,0,1,5,2,6\n", "is not convex"),
            ("pmin_mw,pmax_mw,p1_mw,cost1,p2_mw,cost2\n0,2,2,0,0,5\n", "must ascend"),
        ])
    func misfits(units: String, message: String) throws {
        let (_, mistakes) = try Self.read(units)
        #expect(mistakes.contains { $0.contains(message) }, "\(mistakes)")
    }

    @Test func lossTablesMustFitTheUnits() throws {
        let units = "pmin_mw,pmax_mw,a,b,c\n10,100,0,1,0\n20,200,0,1,0\n"
        let (_, mistakes) = try Self.read(units, matrix: "B1,B3\n1,\n", linear: "B0\n1\n2\n3\n")
        for message in [
            "B.csv: error: 1 rows; there must be one for each of the 2 units",
            "B.csv:1:4: error: unknown column 'B3'; did you mean 'B2'?",
            "B.csv:1: error: there is no column 'B2'",
            "B0.csv: error: 3 rows",
        ] { #expect(mistakes.contains { $0.hasPrefix(message) }, "\(mistakes)") }
    }

    /// What would not be used is refused, also where the matrix that it belongs to is not given.
    @Test func linearLossesNeedTheirMatrix() throws {
        let (_, mistakes) = try Self.read("pmin_mw,pmax_mw,a,b,c\n10,100,0,1,0\n", linear: "B0\n1\n")
        #expect(
            mistakes == [
                "B0.csv: error: linear coefficients of losses belong to a loss matrix, which is missing"
            ])
    }

    @Test func aMisspeltColumnHasItsNearestName() throws {
        let (_, mistakes) = try Self.read("pmin_mw,pmax_mw,a,b,c,unti\n10,100,0,1,0,x\n")
        #expect(mistakes == ["units.csv:1:23: error: unknown column 'unti'; did you mean 'unit'?"])
    }

    @Test func aUnitThatMayRunNowhereIsRefused() throws {
        let (_, mistakes) = try Self.read(
            "pmin_mw,pmax_mw,a,b,c\n10,100,0,1,0\n",
            zones: "unit,p0_mw,ur_mw,dr_mw\n1,200,20,20\n")
        #expect(
            mistakes.count == 1
                && mistakes[0].hasPrefix("zones.csv:2:1: error: unit: unit '1' may run nowhere"))
    }
}
