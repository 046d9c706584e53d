import TextFile
import YAMLFile

extension Field {
    /// Whether the column `name` that this field names can hold a power in kW. A column whose name ends with
    /// another unit is refused; one that may end with another unit is read, with a warning.
    func isPowerColumn(_ name: String) -> Bool {
        guard let unit = ColumnUnit(name) else { return true }
        if unit.isSure {
            mistake(
                "the name of the column \(quoted(name)) says \(unit.symbol), but a demand is a power in kW; "
                    + unit.advice)
        } else {
            warning(
                "the column \(quoted(name)) is read in kW; if its numbers are in \(unit.symbol), \(unit.advice)"
            )
        }
        return !unit.isSure
    }
}

/// The unit other than kW in which the name of a column says that its numbers are.
private struct ColumnUnit {
    enum Kind { case power, energy, other }

    let symbol: String
    let kind: Kind
    /// False for a single letter, which may be another word: `house_w`.
    let isSure: Bool

    var advice: String {
        switch kind {
        case .power: "convert the numbers to kW and let the name end with _kw"
        case .energy: "divide the energy of each step by its length in hours, and let the name end with _kw"
        case .other: "name a column in kW"
        }
    }

    private static let powers = ["W", "MW", "GW", "TW", "hp", "兆瓦"]
    private static let energies = [
        "Wh", "kWh", "MWh", "GWh", "kJ", "MJ", "GJ", "千瓦时", "兆瓦时", "度", "度电",
    ]
    private static let others = [
        "VA", "kVA", "MVA", "var", "kvar", "Mvar", "kV", "kA", "%", "pu", "percent", "yuan", "kWp",
        "千乏",
    ]
    /// These also end a word: `SchoolKWh`.
    private static let tails = ["kWh", "MWh", "GWh", "kvar", "Mvar", "kVA", "MVA", "千瓦时", "兆瓦时"]

    /// The last unit among the words of `name`, in any case of letters; nil if there is none, or if one is
    /// kW.
    init?(_ name: String) {
        let words = name.split { !$0.isLetter && !$0.isNumber && $0 != "%" }.map { $0.lowercased() }
        let all = Self.powers + Self.energies + Self.others
        let found = words.reversed().lazy.compactMap { word in
            all.first { $0.lowercased() == word } ?? Self.tails.first { word.hasSuffix($0.lowercased()) }
        }.first
        guard let found, !words.contains("kw"), found.count > 1 || found.lowercased() == words.last else {
            return nil
        }
        symbol = found
        kind = Self.powers.contains(found) ? .power : Self.energies.contains(found) ? .energy : .other
        isSure = found.count > 1
    }
}
