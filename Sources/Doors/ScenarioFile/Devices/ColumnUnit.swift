import TextFile
import YAMLFile

extension Field {
    /// Whether the column `name` that this field names can hold a quantity. A column whose name ends with
    /// another unit is refused; one that may end with another unit is read, with a warning.
    func isColumn(_ name: String, of quantity: SeriesQuantity) -> Bool {
        guard let unit = ColumnUnit(name, besides: quantity.unit) else { return true }
        let own = quantity.unit
        if unit.isSure {
            mistake(
                "the name of the column \(quoted(name)) says \(unit.symbol), but \(quantity.noun) is "
                    + "\(quantity.kind)in \(own); \(unit.advice(own))")
        } else {
            warning(
                "the column \(quoted(name)) is read in \(own); if its numbers are in \(unit.symbol), "
                    + unit.advice(own)
            )
        }
        return !unit.isSure
    }
}

/// The unit other than the expected one in which the name of a column says that its numbers are.
private struct ColumnUnit {
    enum Kind { case power, energy, other }

    let symbol: String
    let kind: Kind
    /// False for a single letter, which may be another word: `house_w`.
    let isSure: Bool

    /// What to do where `own` is expected.
    func advice(_ own: String) -> String {
        guard own == "kW" else { return "name a column in \(own)" }
        return switch kind {
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
    /// `own`.
    init?(_ name: String, besides own: String) {
        let words = name.split { !$0.isLetter && !$0.isNumber && $0 != "%" }.map { $0.lowercased() }
        let all = (Self.powers + Self.energies + Self.others + ["kW"]).filter { $0 != own }
        let found = words.reversed().lazy.compactMap { word in
            all.first { $0.lowercased() == word }
                ?? Self.tails.first { $0 != own && word.hasSuffix($0.lowercased()) }
        }.first
        guard let found, !words.contains(own.lowercased()),
            found.count > 1 || found.lowercased() == words.last
        else {
            return nil
        }
        symbol = found
        kind =
            Self.powers.contains(found) || found == "kW"
            ? .power : Self.energies.contains(found) ? .energy : .other
        isSure = found.count > 1
    }
}
