import FeederFile
import Foundation
import TextFile

/// A small sound feeder, and how the tests read it with changes.
enum SampleFeeder {
    static let tables = [
        "source": "bus,nominal_kv,voltage_pu\n1,4.16,1.02\n",
        "configuration": """
        config,phases,\(columns("r")),\(columns("x")),\(columns("b"))
        two,ac,1,0,0.5,0,0,2,3,0,1.5,0,0,4,6,0,-1,0,0,5

        """,
        "line": "name,from,to,configuration,length_ft,closed\nL,1,2,two,2640,1\n",
        "load": "bus,connection,model,kw_1,kvar_1,kw_2,kvar_2,kw_3,kvar_3\n2,wye,I,10,5,0,0,0,0\n",
    ]

    /// With a row in every table that there may be.
    static let all = tables.merging([
        "switch": "name,from,to,phases,closed\nS,2,3,ac,1\n",
        "transformer": "name,from,to,connection,to_kv,kva,r_percent,x_percent\nT,1,5,Dyn11,0.4,500,1,4\n",
        "regulator": """
        name,from,to,phases,monitored,level_v,bandwidth_v,pt_ratio,ct_primary_a,r_v,x_v,tap,delay_s
        R,3,4,a,a,122,2,20,700,3,9,-3,15

        """,
        "distributed": "line,connection,model,kw_1,kvar_1,kw_2,kvar_2,kw_3,kvar_3\nL,wye,PQ,30,3,0,0,0,0\n",
        "capacitor": "bus,connection,kvar_a,kvar_b,kvar_c\n2,delta,0,0,300\n",
    ]) { $1 }

    private static func columns(_ quantity: String) -> String {
        ["aa", "ab", "ac", "bb", "bc", "cc"].map {
            "\(quantity)_\($0)_\(quantity == "b" ? "us" : "ohm")_per_mile"
        }.joined(separator: ",")
    }

    /// Reads `tables` with `changes`. Gives the feeder with its warnings, or what is wrong, without the path.
    static func load(_ changes: [String: String]) throws -> (LoadedFeeder?, [String]) {
        try load(only: tables.merging(changes) { $1 })
    }

    static func load(only tables: [String: String]) throws -> (LoadedFeeder?, [String]) {
        let folder = FileManager.default.temporaryDirectory.appending(path: "feeder-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in tables {
            try text.write(to: folder.appending(path: "\(name).csv"), atomically: true, encoding: .utf8)
        }
        do throws(FileMistakes) {
            let feeder = try FeederFolder.load(path: folder.path())
            return (feeder, feeder.warnings.map(\.message))
        } catch {
            let folder = folder.path().hasSuffix("/") ? folder.path() : folder.path() + "/"
            return (nil, error.all.map { $0.description.replacing(folder, with: "") })
        }
    }
}
