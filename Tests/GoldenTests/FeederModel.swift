import Foundation
import Grid
import LinearAlgebra
import TestSupport

/// A circuit of Tests/Golden/feeder-models with OpenDSS's answers.
struct FeederModel {
    static let root = Checkout.golden.appending(path: "feeder-models")

    static let names: [String] = {
        let files = try? FileManager.default.contentsOfDirectory(atPath: root.path())
        return (files ?? []).filter { $0.hasSuffix(".txt") }.map { String($0.dropLast(4)) }.sorted()
    }()

    var feeder = Feeder()
    var answers: [(node: Feeder.Node, voltage: Complex)] = []
    /// W.
    var losses = 0.0
    var taps: [Int] = []
    /// Factors of all loads, and how long each holds, s.
    var shape: [Double] = []
    var interval = 900.0
    /// Taps, and closed steps of each capacitor, after each step.
    var steps: [(taps: [Int], closed: [Int])] = []
    /// Shunt of each capacitor.
    private var capacitors: [Int] = []

    init(_ name: String) throws {
        let file = Self.root.appending(path: "\(name).txt")
        for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
            var words = Words(all: line.split(separator: " "))
            read(words.text(), &words)
        }
    }

    private mutating func read(_ kind: String, _ words: inout Words) {
        switch kind {
        case "bus":
            feeder.buses.append(.init(name: words.text(), nominalVoltage: Voltage(words.number())))
        case "source": feeder.sources.append(words.source())
        case "line": feeder.lines.append(words.line())
        case "transformer": feeder.transformers.append(words.transformer())
        case "load": feeder.loads.append(words.load())
        case "shunt":
            let (name, bus, pair) = (words.text(), words.integer(), words.pairs(1))
            feeder.shunts.append(
                .init(name: name, bus: bus, pairs: pair, admittance: [words.complex()]))
        case "cap":
            capacitors.append(feeder.shunts.count)
            feeder.shunts.append(words.capacitor())
        case "reg": feeder.tapControls.append(words.tapControl(feeder.transformers))
        case "capctl": feeder.shuntControls.append(words.shuntControl(feeder, capacitors))
        case "answer":
            let node = Feeder.Node(bus: words.integer(), conductor: words.integer())
            answers.append((node, words.complex()))
        case "losses": losses = words.number()
        case "taps": taps = words.integers()
        case "shape":
            interval = words.number()
            while !words.isAtEnd { shape.append(words.number()) }
        case "step":
            _ = words.integer()
            let taps = words.integers()
            steps.append((taps, words.integers()))
        default: preconditionFailure("unknown element \(kind)")
        }
    }

    /// Closed steps of each capacitor, where the controls stand so.
    func closed(_ controlled: (Int) -> Int) -> [Int] {
        capacitors.map { shunt in
            feeder.shuntControls.firstIndex { $0.shunt == shunt }.map(controlled)
                ?? feeder.shunts[shunt].closed
        }
    }
}

/// The words of a line, read from left to right.
struct Words {
    let all: [Substring]
    private var next = 0

    init(all: [Substring]) { self.all = all }

    var isAtEnd: Bool { next == all.count }

    mutating func text() -> String {
        next += 1
        return String(all[next - 1])
    }

    mutating func number() -> Double { Double(text())! }
    mutating func integer() -> Int { Int(number()) }
    mutating func complex() -> Complex { Complex(number(), number()) }

    /// Up to a bar or the end of the line.
    mutating func integers() -> [Int] {
        var found: [Int] = []
        while !isAtEnd {
            guard let value = Int(text()) else { break }
            found.append(value)
        }
        return found
    }

    mutating func integers(_ count: Int) -> [Int] {
        var found: [Int] = []
        for _ in 0..<count { found.append(integer()) }
        return found
    }

    mutating func pairs(_ count: Int) -> [Feeder.Pair] {
        let ends = integers(2 * count)
        return (0..<count).map { Feeder.Pair(ends[2 * $0], ends[2 * $0 + 1]) }
    }

    mutating func matrix(_ order: Int) -> ConductorMatrix {
        var values: [Complex] = []
        for _ in 0..<order * order { values.append(complex()) }
        return ConductorMatrix(order: order) { values[$0 * order + $1] }
    }
}
