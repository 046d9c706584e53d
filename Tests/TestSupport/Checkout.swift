public import Foundation

/// The files of this checkout, for tests that read them.
public enum Checkout {
    /// The folder that holds `Package.swift`.
    public static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The one folder of test data, shared with the benchmarks; each folder in it names its sources.
    public static let golden = root.appending(path: "Tests/Golden")

    /// Where `scripts/test-cases` puts the network cases that are too large to keep, as `<name>.m`.
    public static let fetchedCases = root.appending(path: ".build/test-cases")

    /// Whether `scripts/test-cases` has fetched all of these cases.
    public static func hasFetched(_ cases: [String]) -> Bool {
        cases.allSatisfy { FileManager.default.fileExists(atPath: fetchedCases.path + "/\($0).m") }
    }
}
