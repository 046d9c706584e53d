import Foundation
import TestSupport
import Testing

/// A table of `Tests/Golden/devices`, by column name.
struct Table {
    let rows: [Row]

    init(_ name: String) throws {
        let file = Checkout.golden.appending(path: "devices/\(name).csv")
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        let header = lines[0].split(separator: ",").map(String.init)
        rows = lines.dropFirst().map { line in
            let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            return Row(cells: Dictionary(uniqueKeysWithValues: zip(header, cells)))
        }
        try #require(!rows.isEmpty)
    }

    struct Row {
        let cells: [String: String]

        func text(_ column: String) -> String { cells[column]! }
        subscript(column: String) -> Double { Double(cells[column]!)! }
    }
}

/// Equal to `relative`, or to `absolute` near zero.
func close(_ a: Double, _ b: Double, relative: Double, absolute: Double = 1e-9) -> Bool {
    abs(a - b) <= max(absolute, relative * max(abs(a), abs(b)))
}

/// SplitMix64: the same numbers on every run.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
