import Foundation
import ScenarioFile
import Simulator
import TestSupport
import TextFile

/// A folder with a small good scenario, for a test to spoil.
final class Workshop {
    let folder: URL
    var scenario: String { folder.path + "/scenario.yaml" }

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "karst-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try write("scenario.yaml", Workshop.good)
        try write("climatology.csv", Workshop.climatology)
        try write("shapes.csv", Workshop.shapes)
        try write("curve.csv", "speed_m_s,power_kw\n3,0\n12,250\n25,250\n")
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: folder.appending(path: name))
    }

    func write(_ name: String, bytes: [UInt8]) throws {
        try Data(bytes).write(to: folder.appending(path: name))
    }

    func load(_ overrides: String...) throws(ScenarioMistakes) -> LoadedScenario {
        try ScenarioFile.load(path: scenario, overrides: overrides)
    }

    /// What is wrong, one line a mistake, without the folder; empty when nothing is.
    func mistakes(_ overrides: String...) -> [String] {
        do throws(ScenarioMistakes) {
            _ = try ScenarioFile.load(path: scenario, overrides: overrides)
            return []
        } catch {
            return error.mistakes.map { $0.description.replacingOccurrences(of: folder.path + "/", with: "") }
        }
    }

    /// The mistakes of the good scenario with `old` replaced by `new`.
    func mistakes(replacing old: String, with new: String) throws -> [String] {
        precondition(Workshop.good.contains(old), "the good scenario has no '\(old)'")
        let range = Workshop.good.range(of: old)!
        try write("scenario.yaml", Workshop.good.replacingCharacters(in: range, with: new))
        return mistakes()
    }

    /// The mistakes when the climatology is the file `name`.
    func mistakes(naming name: String) throws -> [String] {
        try mistakes(replacing: "climatology: climatology.csv", with: "climatology: \(name)")
    }

    /// The mistakes when the houses' demand is the column `school_kw` of the file `name`.
    func mistakes(measuring name: String) throws -> [String] {
        try mistakes(
            replacing: "active: 180 kW, power_factor: 0.95, shape: flat",
            with: "demand: {file: \(name), column: school_kw}")
    }

    /// A measured demand: the day's quarter hours `steps`, each with its number as value.
    static func demand(_ steps: [Int]) -> String {
        func digits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let rows = steps.map { step in
            let clock = "T\(digits(step / 4 % 24)):\(digits(step % 4 * 15)):00+08:00"
            return "2026-07-\(15 + step / 96)\(clock),\(step)\n"
        }
        return "time,school_kw\n" + rows.joined()
    }

    static let good: String = {
        let file = Checkout.golden.appending(path: "scenario/good.yaml")
        return (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    }()

    static let climatology =
        """
        month,temperature_c,temperature_range_k,ghi_kwh_m2_day,linke_turbidity,wind_speed_10m_m_s,\
        wind_weibull_shape,river_flow_m3_s,river_flood_share

        """ + (1...12).map { "\($0),15,8,3.5,4,3,2,3,0.3\n" }.joined()

    static let shapes =
        "month,day_type,hour,flat\n"
        + (1...12).flatMap { month in
            ["workday", "weekend"].flatMap { day in (0..<24).map { "\(month),\(day),\($0),0.5\n" } }
        }.joined()
}

extension LoadedScenario {
    /// The scenario of the file's own seed.
    var scenario: Scenario { template.scenario() }
}
