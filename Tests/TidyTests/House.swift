import Foundation

/// The checkout as text: what the tidy tests read.
enum House {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    struct File {
        /// From the root, such as `Sources/Grid/Offer.swift`.
        let path: String
        let lines: [Substring]
        var room: String { String(path.split(separator: "/")[1]) }
    }

    static func swiftFiles(in folders: String...) -> [File] {
        folders.flatMap { folder in
            let base = root.appending(path: folder)
            let names = FileManager.default.enumerator(atPath: base.path)?.compactMap { $0 as? String } ?? []
            return names.filter { $0.hasSuffix(".swift") }.sorted().compactMap { name -> File? in
                guard let text = try? String(contentsOf: base.appending(path: name), encoding: .utf8) else {
                    return nil
                }
                return File(
                    path: "\(folder)/\(name)",
                    lines: text.split(separator: "\n", omittingEmptySubsequences: false))
            }
        }
    }

    /// What each room may import: the table of the design, which `Package.swift` draws. The standard
    /// library's own modules and the maths of the C library are free to all; Foundation belongs to doors.
    static let imports: [String: Set<String>] = [
        "CLAPACK": [], "CMemory": [], "CKLU": [], "CCrypto": [],
        "LinearAlgebra": ["CLAPACK", "CKLU"],
        "Optimization": ["LinearAlgebra", "CMemory"],
        "Randomness": [],
        "Timeline": [],
        "Weather": ["Timeline", "Randomness"],
        "Grid": ["Timeline"],
        "Devices": ["Grid", "Weather", "Timeline", "Randomness"],
        "Market": ["Timeline"],
        "Forecasting": ["Grid", "Devices", "Weather", "Timeline", "Randomness"],
        "Messaging": ["Grid", "Timeline", "Randomness"],
        "EconomicDispatch": ["Grid", "Timeline", "Optimization", "LinearAlgebra"],
        "UnitDispatch": ["Grid", "Optimization", "LinearAlgebra"],
        "OptimalPowerFlow": ["Grid", "Optimization", "LinearAlgebra"],
        "PowerFlow": ["Grid", "LinearAlgebra", "CMemory"],
        "DCPowerFlow": ["Grid", "LinearAlgebra"],
        "UnbalancedPowerFlow": ["Grid", "LinearAlgebra"],
        "VoltageControl": ["Grid", "LinearAlgebra"],
        "Monitoring": ["Grid"],
        "Metering": ["Grid", "Market", "Timeline"],
        "Settlement": ["Market", "Timeline"],
        "Simulator": nouns.union(verbs).union(["Randomness"]),
        "Studies": [
            "Simulator", "Forecasting", "EconomicDispatch", "Settlement", "PowerFlow", "DCPowerFlow",
            "Devices",
            "Market", "Weather", "Grid", "Timeline", "LinearAlgebra",
        ],
        "ScenarioFile": nouns.union(verbs).union([
            "Simulator", "WeatherFile", "TextFile", "ExternalDispatch", "Yams", "Foundation",
        ]),
        "CaseFile": ["TextFile", "Grid", "LinearAlgebra", "Foundation"],
        "WeatherFile": ["TextFile", "Weather", "Timeline", "Foundation"],
        "FeederFile": ["TextFile", "Grid", "Foundation"],
        "ProfileFile": ["TextFile", "PowerFlow", "Grid"],
        "TextFile": ["Foundation"],
        "ExternalDispatch": ["EconomicDispatch", "Grid", "Timeline", "Foundation"],
        "Export": nouns.union(verbs).union(["Simulator", "CCrypto", "GRDB", "Foundation"]),
        "Report": nouns.union(verbs).union(["Simulator", "Studies", "Export", "Foundation"]),
        "karst": nouns.union(verbs).union(doors).union([
            "Simulator", "Studies", "Optimization", "LinearAlgebra", "ArgumentParser", "Foundation",
        ]),
    ]
    private static let nouns: Set = ["Timeline", "Weather", "Grid", "Devices", "Market"]
    private static let verbs: Set = [
        "Forecasting", "Messaging", "EconomicDispatch", "UnitDispatch", "OptimalPowerFlow", "PowerFlow",
        "DCPowerFlow", "UnbalancedPowerFlow", "VoltageControl", "Monitoring", "Metering", "Settlement",
    ]
    private static let doors: Set = [
        "ScenarioFile", "CaseFile", "FeederFile", "ProfileFile", "WeatherFile", "TextFile",
        "ExternalDispatch",
        "Export", "Report",
    ]
    static let freeImports: Set = ["Glibc", "Synchronization"]
}
