import Foundation
import TextFile

extension SimbenchReader {
    private static let tables = [
        "Node", "Line", "LineType", "Load", "ExternalNet", "PowerPlant", "RES", "Storage", "Switch",
        "Transformer",
        "TransformerType", "Transformer3W", "Transformer3WType", "DCLine", "DCLineType", "Shunt", "Ward",
        "xWard",
    ]

    /// A mistake for each CSV file whose name is that of a table but for capitals or one letter at its end,
    /// where the table is not there: a misspelt table would be passed over.
    static func misspeltTables(in folder: String) -> [FileMistake] {
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
        let missing = tables.filter { !names.contains("\($0).csv") }
        return names.filter { $0.lowercased().hasSuffix(".csv") }.compactMap { name in
            let stem = name.dropLast(4).lowercased()
            guard !tables.contains(where: { "\($0).csv" == name }),
                let meant = missing.first(where: { isNear(stem, $0.lowercased()) })
            else { return nil }
            return FileMistake(
                file: "\(folder)/\(name)", message: "there is no such table; did you mean '\(meant).csv'?")
        }
    }

    private static func isNear(_ word: String, _ table: String) -> Bool {
        word == table || word.dropLast() == table || word == table.dropLast()
    }
}
