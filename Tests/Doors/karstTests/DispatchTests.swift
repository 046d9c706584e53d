import Foundation
import TestSupport
import Testing

/// Published answers at the command line; `Tests/Golden/dispatch/README.md` names their sources.
@Suite struct DispatchTests {
    private static let folder = "Tests/Golden/dispatch/"

    private static func dispatch(_ arguments: String...) throws -> Karst.Outcome {
        try Karst.run(
            ["dispatch"] + arguments.map { $0.hasPrefix("ed_") ? folder + $0 : $0 })
    }

    private static func number(_ name: String, _ outcome: Karst.Outcome) throws -> Double {
        try #require(outcome.members[name] as? Double, "\(outcome.output) \(outcome.errors)")
    }

    @Test func woodAndWollenberg() throws {
        let outcome = try Self.dispatch("ed_3_ww.csv", "--demand", "850MW")
        #expect(outcome.code == 0 && outcome.errors.isEmpty)
        let expected = """
            ed_3_ww · 3 units, demand 850.000 MW · optimal

              unit          power MW    marginal cost /MWh  limit
              1              393.170                9.1483
              2              334.604                9.1483
              3              122.226                9.1483

              generation             850.000 MW
              demand                 850.000 MW
              cost                8,194.3561 per hour
              λ                       9.1483 per MWh

            """
        #expect(outcome.output == expected)
    }

    @Test func lossesByBMatrix() throws {
        let outcome = try Self.dispatch(
            "ed_6_loss.csv", "--demand", "1.263 GW", "--losses", "ed_6_loss_B.csv", "--b0",
            "ed_6_loss_B0.csv",
            "--b00", "0.0056", "--json")
        #expect(outcome.code == 0)
        #expect(abs(try Self.number("cost_per_h", outcome) / 15449.8995249 - 1) < 1e-10)
        #expect(abs(try Self.number("losses_mw", outcome) - 12.95824) < 6e-6)
        let price = try Self.number("price_low_per_mwh", outcome)
        for unit in try #require(outcome.members["units"] as? [[String: Any]]) {
            let marginal = try #require(unit["marginal_cost_above_per_mwh"] as? Double)
            let factor = try #require(unit["penalty_factor"] as? Double)
            #expect(abs(marginal * factor / price - 1) < 1e-9)
        }
    }

    @Test(
        "valve points and prohibited zones", .enabled(if: Karst.hasHiGHS),
        arguments: [
            (["ed_3_valve.csv", "850MW"], 8234.071730),
            (["ed_6_loss.csv", "1263MW", "ed_6_loss_zones.csv", "0.0056"], 15449.8995249),
            (["ed_15_loss.csv", "2630MW", "ed_15_loss_zones.csv", "0.0055"], 32704.4500505),
        ] as [([String], Double)])
    func nonconvex(words: [String], least: Double) throws {
        let name = words[0].replacing(".csv", with: "")
        let more =
            words.count == 2
            ? []
            : [
                "--zones", words[2], "--b00", words[3], "--losses", "\(name)_B.csv", "--b0", "\(name)_B0.csv",
            ]
        let paths = (["--demand", words[1], "--json"] + more).map {
            $0.hasPrefix("ed_") ? Self.folder + $0 : $0
        }
        let outcome = try Karst.run(["dispatch", Self.folder + words[0]] + paths)
        #expect(outcome.code == 0)
        let (cost, bound) = (try Self.number("cost_per_h", outcome), try Self.number("bound_per_h", outcome))
        #expect(abs(cost / least - 1) < 1e-6)
        #expect(bound <= cost && bound > least * (1 - 1.1e-6))
        #expect(try Self.number("gap", outcome) <= 1e-6)
    }

    @Test func withoutHiGHSItSaysWhatIsMissing() throws {
        let outcome = try Karst.run(
            ["dispatch", Self.folder + "ed_3_valve.csv", "--demand", "850MW"],
            environment: ["KARST_HIGHS": "/no/such/library"])
        #expect(outcome.code == 1 && outcome.output.isEmpty)
        #expect(outcome.errors.contains("valve points and prohibited zones need a solver"))
        #expect(outcome.errors.contains("`make highs`"))
    }

    @Test("a demand out of range ends with 1 and names the range", arguments: ["200MW", "1300MW"])
    func infeasible(demand: String) throws {
        let outcome = try Self.dispatch("ed_3_ww.csv", "--demand", demand)
        #expect(outcome.code == 1)
        #expect(outcome.output.contains("infeasible"))
        #expect(outcome.output.contains("they deliver 300.000 to 1,200.000 MW"))
        let json = try Self.dispatch("ed_3_ww.csv", "--demand", demand, "--json")
        #expect(json.code == 1 && json.members["status"] as? String == "infeasible")
        #expect(json.members["largest_deliverable_mw"] as? Double == 1200)
    }

    @Test(.enabled(if: Karst.hasHiGHS)) func aDemandBetweenZonesIsInfeasible() throws {
        let folder = try TemporaryFolder()
        let zones = try folder.write(
            "unit,zone1_lo,zone1_hi\n1,160,580\n2,110,390\n3,60,190\n", to: "zones.csv")
        let outcome = try Self.dispatch("ed_3_ww.csv", "--demand", "500MW", "--zones", zones)
        #expect(outcome.code == 1)
        #expect(outcome.output.contains("prohibited zones leave a gap here"))
    }

    @Test func atAKinkThePriceIsAnInterval() throws {
        let folder = try TemporaryFolder()
        let units = try folder.write(
            """
            unit,pmin_mw,pmax_mw,a,b,c,p1_mw,cost1,p2_mw,cost2,p3_mw,cost3
            coal,100,300,,,,100,900,200,1700,300,2700
            gas,0,150,20,12,0.01,,,,,,
            """, to: "units.csv")
        let schedule = folder.path("schedule.csv")
        let outcome = try Karst.run("dispatch", units, "--demand", "200MW", "--output", schedule)
        #expect(outcome.code == 0)
        #expect(outcome.output.contains("8.0000 to 10.0000 per MWh"))
        let rows = try String(contentsOfFile: schedule, encoding: .utf8).split(separator: "\n")
        #expect(rows.count == 3)
        #expect(rows[1] == "coal,200.000000,1700.000000,8.000000,10.000000,1.000000,point of the cost")
    }

    @Test func mistakesOfTheTablesArePrintedWithTheirPlace() throws {
        let folder = try TemporaryFolder()
        _ = try folder.write("pmin_mw,pmax_mw,a,b,c,g\n100,50,1,2,-0.1,7\n", to: "units.csv")
        _ = try folder.write("unit,zone1_lo,zone1_hi\n9,1,2\n", to: "zones.csv")
        let outcome = try Karst.run(
            "dispatch", "units.csv", "--demand", "850MW", "--zones", "zones.csv", in: folder.url)
        #expect(outcome.code == 2 && outcome.output.isEmpty)
        for start in ["units.csv:1:23: ", "units.csv:2:5: ", "units.csv:2:12: ", "zones.csv:2:1: "] {
            #expect(outcome.errors.contains("\(start)error: "), "\(outcome.errors)")
        }
        #expect(outcome.errors.hasSuffix("4 errors\n"))
    }
}
