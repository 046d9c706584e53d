import CaseFile
import Foundation
import Grid
import TestSupport
import Testing

/// One folder of Tests/Golden/powerflow: a case, the variants asked of it, and their answers.
struct GoldenCase {
    static let root = Checkout.golden.appending(path: "powerflow")
    /// Where `scripts/test-cases` puts the cases that are too large to keep.
    static let fetched = Checkout.root.appending(path: ".build/test-cases")

    let folder: String
    let base: NetworkCase
    let variants: [GoldenVariant]
    let profiles: [String: [Table.Row]]

    static let folders: [String] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root.path())) ?? []
        return names.filter { !$0.contains(".") }.sorted()
    }()

    /// Where a folder's case is; nil where it was not fetched.
    static func file(_ folder: String) -> URL? {
        [root.appending(path: "\(folder)/case.m"), fetched.appending(path: "\(folder).m")]
            .first { FileManager.default.fileExists(atPath: $0.path()) }
    }

    /// Nil where the case was not fetched.
    init?(_ folder: String) throws {
        guard let file = Self.file(folder) else { return nil }
        self.folder = folder
        base = try CaseFile.load(path: file.path()).networkCase
        func table(_ name: String) throws -> [Table.Row] {
            try Table(Self.root.appending(path: "\(folder)/\(name).csv")).rows
        }
        let voltages = Dictionary(grouping: try table("voltages")) { $0["variant"]! }
        let sums = Dictionary(grouping: try table("sums")) { $0["variant"]! }
        variants = try table("variants").map { row in
            let name = try row.text("variant")
            return GoldenVariant(
                name: name, edits: row, sums: try #require(sums[name]?.first), voltages: voltages[name] ?? [])
        }
        profiles = Dictionary(grouping: (try? table("profiles")) ?? []) { $0["profile"]! }
    }
}
