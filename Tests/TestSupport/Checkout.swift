public import Foundation

/// The files of this checkout, for tests that read them.
public enum Checkout {
    /// The folder that holds `Package.swift`.
    public static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The one folder of test data, shared with the benchmarks; each folder in it names its sources.
    public static let golden = root.appending(path: "Tests/Golden")
}
