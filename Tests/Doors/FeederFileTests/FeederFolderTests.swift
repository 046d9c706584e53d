import FeederFile
import Foundation
import Grid
import Testing
import TextFile

@Suite struct FeederFolderTests {
    private static let sound = SampleFeeder.tables

    private static func read(_ tables: [String: String]) throws -> (UnbalancedNetwork?, [String]) {
        let (feeder, messages) = try SampleFeeder.load(only: tables)
        return (feeder?.network, messages)
    }

    @Test func aFeederIsReadInItsUnits() throws {
        let (network, mistakes) = try Self.read(Self.sound)
        #expect(mistakes.isEmpty)
        let feeder = try #require(network)
        #expect(feeder.buses.map(\.name) == ["1", "2"])
        #expect(feeder.buses.allSatisfy { $0.nominalVoltage == Voltage(4160) })
        #expect(feeder.source.magnitude == [1.02, 1.02, 1.02])
        guard case .line(let impedance, let susceptance) = feeder.branches[0].element else {
            Issue.record("not a line")
            return
        }
        #expect(feeder.branches[0].phases == [.a, .c])
        #expect(impedance.real == [0.5, 0, 0.25, 0, 0, 0, 0.25, 0, 1])
        #expect(impedance.imaginary[8] == 2)
        #expect(susceptance.real[0] == 3e-6)
        #expect(feeder.loads[0].active[0] == Power(10_000) && feeder.loads[0].constantCurrent == 1)
    }

    /// The same line in metres and kilometres.
    @Test func metresAreRead() throws {
        var tables = Self.sound
        tables["configuration"] = Self.sound["configuration"]!.replacing("_per_mile", with: "_per_km")
        for (unit, length) in [("m", "500"), ("km", "0.5")] {
            tables["line"] = "name,from,to,configuration,length_\(unit),closed\nL,1,2,two,\(length),1\n"
            let feeder = try #require(try Self.read(tables).0)
            guard case .line(let impedance, let susceptance) = feeder.branches[0].element else {
                Issue.record("not a line")
                return
            }
            #expect((impedance.real[0] - 0.5).magnitude < 1e-12)
            #expect((impedance.imaginary[8] - 2).magnitude < 1e-12)
            #expect((susceptance.real[0] - 3e-6).magnitude < 1e-18)
        }
        tables["line"] = "name,from,to,configuration,length_m,length_ft,closed\nL,1,2,two,500,9,1\n"
        let mistakes = try Self.read(tables).1
        #expect(mistakes.count == 1)
        #expect(mistakes[0].hasSuffix("error: column 'length_m' says again what 'length_ft' says"))
    }

    @Test func everyColumnIsRead() throws {
        var tables = SampleFeeder.all
        tables["source"] = "bus,nominal_kv,voltage_pu,angle_degrees\n1,4.16,1.02,30\n"
        let (network, mistakes) = try Self.read(tables)
        #expect(mistakes.isEmpty)
        let feeder = try #require(network)
        #expect(feeder.source.angle == UnbalancedNetwork.Source(bus: 0, angle: .pi / 6).angle)
        #expect(feeder.capacitors.map(\.connection) == [.delta])
        #expect(feeder.capacitors[0].reactive[2] == ReactivePower(kilovars: 300))
        #expect(feeder.controls.map(\.tap) == [-3] && feeder.controls.map(\.delay) == [15])
    }

    @Test func aSpreadLoadStandsAtAQuarterAndAtTheEnd() throws {
        var tables = Self.sound
        tables["distributed"] =
            "line,connection,model,kw_1,kvar_1,kw_2,kvar_2,kw_3,kvar_3\nL,wye,PQ,30,3,0,0,0,0\n"
        let feeder = try #require(try Self.read(tables).0)
        #expect(feeder.branches.map(\.from) == [0, 2] && feeder.branches.map(\.to) == [2, 1])
        #expect(feeder.loads.map(\.bus) == [1, 2, 1])
        #expect(feeder.loads[1...].map { $0.active[0] } == [Power(20_000), Power(10_000)])
    }

    @Test func aSpreadLoadNeedsALineOfItsOwn() throws {
        var tables = Self.sound
        let row = "wye,PQ,30,3,0,0,0,0"
        tables["distributed"] =
            "line,connection,model,kw_1,kvar_1,kw_2,kvar_2,kw_3,kvar_3\nL,\(row)\nL,\(row)\nM,\(row)\n"
        #expect(
            Set(try Self.read(tables).1) == [
                "distributed.csv:3:1: error: line: 'L' has a row already",
                "distributed.csv:4:1: error: line: there is no line 'M'; there are 'L'",
            ])
    }

    @Test func aTransformerChangesTheVoltageBehindIt() throws {
        var tables = Self.sound
        tables["transformer"] =
            "name,from,to,connection,to_kv,kva,r_percent,x_percent\nT,2,3,Dyn11,0.4,500,1,4\n"
        tables["switch"] = "name,from,to,phases,closed\nS,3,4,abc,1\n"
        let feeder = try #require(try Self.read(tables).0)
        let nominal = Dictionary(
            uniqueKeysWithValues: feeder.buses.map { ($0.name, $0.nominalVoltage.value) })
        #expect(nominal == ["1": 4160, "2": 4160, "3": 400, "4": 400])
    }

    @Test func mistakesNameTheirPlace() throws {
        var tables = Self.sound
        tables["line"] = "name,from,to,configuration,length_ft,closed\nL,1,2,three,x,2\nM,,2,two,1,1\n"
        tables["load"] = "bus,connection,model,kw_1,kvar_1,kw_2,kvar_2,kw_3\n2,star,I,10,5,0,0,0\n"
        let messages = try Self.read(tables).1
        #expect(
            messages.contains(
                "line.csv:2:7: error: configuration: 'three' is not the name of a configuration"))
        #expect(messages.contains("line.csv:2:13: error: length_ft: 'x' is not a number"))
        #expect(messages.contains("line.csv:2:15: error: closed: '2' is not 0 or 1"))
        #expect(messages.contains { $0.hasPrefix("line.csv:3") && $0.hasSuffix("'' is not a name") })
        #expect(messages.contains("load.csv:2:3: error: connection: 'star' is not wye or delta"))
        #expect(messages.contains { $0.hasPrefix("load.csv:1: error: there is no column 'kvar_3'") })
    }

    @Test func aMissingTableIsTold() throws {
        #expect(
            Set(try Self.read([:]).1)
                == Set(["source", "configuration", "line"].map { "\($0).csv: error: there is no such file" }))
        let messages = try Self.read(["source": Self.sound["source"]!]).1
        #expect(messages.contains("line.csv: error: there is no such file"))
    }
}
