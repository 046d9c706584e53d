import Foundation
import TestSupport
import Testing

/// What the commands make of a case file: its costs, and what it becomes for another tool.
@Suite struct CaseTests {
    /// Two buses with a generator each, a third one behind an open line; made up.
    private static func text(_ costs: String) -> String {
        """
        function mpc = three
        mpc.version = '2';
        mpc.baseMVA = 100;
        mpc.bus = [1 3 0 0 0 0 1 1 0 110 1 1.1 0.9; 2 2 50 10 0 0 1 1 0 20 1 1.1 0.9; ...
        3 1 7 0 0 0 1 1 0 20 1 1.1 0.9];
        mpc.gen = [1 0 0 90 -90 1.02 100 1 90 0; 2 20 0 50 -50 1 100 1 50 0];
        mpc.branch = [1 2 0.01 0.1 0 100 0 0 1 150 1 -360 360; 2 3 0.01 0.1 0 0 0 0 0 0 0 0 0];
        mpc.gencost = [\(costs)];

        """
    }

    private func run(_ costs: String, _ arguments: [String]) throws -> Karst.Outcome {
        let folder = FileManager.default.temporaryDirectory.appending(path: "karst-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Self.text(costs).write(to: folder.appending(path: "three.m"), atomically: true, encoding: .utf8)
        return try Karst.run(arguments, in: folder)
    }

    @Test func costsThatAreNotUnderstoodStopOnlyTheOptimum() throws {
        let costs = "1 0 0 2 5 0 5 90; 2 0 0 2 20 0 0 0"
        for command in [["powerflow", "three.m"], ["convert", "three.m", "--to", "matpower"]] {
            let outcome = try run(costs, command)
            #expect(outcome.code == 0 && outcome.errors.contains("three.m:8:28: warning: the powers"))
        }
        for options in [[], ["--ac"]] {
            let outcome = try run(costs, ["opf", "three.m"] + options)
            #expect(outcome.code == 2 && outcome.output.isEmpty)
            #expect(outcome.errors.hasPrefix("three.m:8:28: error: the powers of a piecewise linear cost"))
        }
    }

    @Test func whatAnOptimumLeavesOutIsTold() throws {
        let costs = "2 0 0 2 20 0; 2 0 0 2 30 0; 2 0 0 2 1 0; 2 0 0 2 1 0"
        #expect(
            try run(costs, ["opf", "three.m"]).errors.contains("the costs of reactive power are left out"))
        let outcome = try run(costs, ["opf", "three.m", "--ac"])
        #expect(outcome.code == 0 && !outcome.errors.contains("reactive"))
        #expect(outcome.errors.contains("1 buses have no path to a source"))
        #expect(outcome.errors.contains("7.000 MW of load are not served"))
    }

    /// The solution is the start: bus 2 lags by the transformer's 150°, bus 3 is isolated.
    @Test func aMatpowerFileStartsFromTheSolution() throws {
        let outcome = try run("2 0 0 2 20 0; 2 0 0 2 30 0", ["convert", "three.m", "--to", "matpower"])
        let rows = outcome.output.split(separator: "\n").filter { $0.hasPrefix("\t") }
            .map { $0.dropLast().split(separator: "\t").map { Double($0) ?? 0 } }
        #expect(rows[1][7] == 1 && rows[1][8] < -150 && rows[1][8] > -155)
        #expect(rows[2][1] == 4 && rows[2][7] == 1 && rows[2][8] == 0)
    }
}
