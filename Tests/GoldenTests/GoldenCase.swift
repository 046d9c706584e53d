import CaseFile
import Foundation
import Grid
import TestSupport
import Testing

/// One folder of Tests/Golden/powerflow: a case, the variants asked of it, and their answers.
struct GoldenCase {
    static let root = Checkout.golden.appending(path: "powerflow")

    let folder: String
    let base: NetworkCase
    let variants: [GoldenVariant]
    let profiles: [String: [GoldenTable.Row]]

    /// The folders that hold their case.
    static let kept = folders.filter { hasCase($0) }
    /// The folders whose case is too large to keep: `scripts/test-cases` fetches it.
    static let large = folders.filter { !hasCase($0) }

    private static let folders: [String] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root.path())) ?? []
        return names.filter { !$0.contains(".") }.sorted()
    }()

    private static func hasCase(_ folder: String) -> Bool {
        FileManager.default.fileExists(atPath: root.appending(path: "\(folder)/case.m").path())
    }

    init(_ folder: String) throws {
        let file =
            Self.hasCase(folder)
            ? Self.root.appending(path: "\(folder)/case.m")
            : Checkout.fetchedCases.appending(path: "\(folder).m")
        self.folder = folder
        base = try CaseFile.load(path: file.path()).networkCase
        func table(_ name: String) throws -> [GoldenTable.Row] {
            try GoldenTable("powerflow/\(folder)/\(name)").rows
        }
        let voltages = Dictionary(grouping: try table("voltages")) { $0.text("variant") }
        let sums = Dictionary(grouping: try table("sums")) { $0.text("variant") }
        variants = try table("variants").map { row in
            let name = row.text("variant")
            return GoldenVariant(
                name: name, edits: row, sums: try #require(sums[name]?.first), voltages: voltages[name] ?? [])
        }
        profiles = Dictionary(grouping: (try? table("profiles")) ?? []) { $0.text("profile") }
    }
}
