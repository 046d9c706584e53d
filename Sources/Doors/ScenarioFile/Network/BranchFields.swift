import Grid
import TextFile
import YAMLFile

/// A branch as written in a list or a table: buses by name, values in SI units.
struct WrittenBranch {
    let name: String?
    let from: String
    let to: String
    let resistance: Double
    let reactance: Double
    let ampacity: Double?
    let charging: Double
    let ratio: Double
    let isClosed: Bool
    /// Where it is written, for mistakes about the whole branch.
    let place: Field

    /// All branches of a table or a list; nil, with the reasons reported, if one of them is wrong.
    static func read(_ field: Field, _ folder: InputFolder) -> [WrittenBranch]? {
        let branches: [WrittenBranch?]?
        if case .text = field.node.content, !field.node.isNull {
            branches = InputTable(field, in: folder).flatMap(rows)
        } else {
            branches = field.list()?.map(branch)
        }
        guard let branches else { return nil }
        guard !branches.isEmpty else { return field.refuse("at least one branch") }
        let good = branches.compactMap(\.self)
        return good.count == branches.count && good.map(\.isPhysical).allSatisfy(\.self) ? good : nil
    }

    private static func branch(_ field: Field) -> WrittenBranch? {
        field.mapping { branch in
            let name = branch.optional("name").map { $0.busName() }
            let from = branch.required("from")?.busName()
            let to = branch.required("to")?.busName()
            let resistance = branch.quantity("resistance", .impedance, in: .notNegative)
            let reactance = branch.quantity("reactance", .impedance, in: .any)
            let ampacity = branch.optional("ampacity").map { $0.quantity(.current, in: .positive) }
            let charging = branch.quantity("charging", .susceptance, in: .notNegative, default: 0)
            let ratio = branch.optional("ratio").map { $0.number(in: 0.5...2) } ?? 1
            let isClosed =
                branch.optional("closed").map { $0.choice("true or false", closed) } ?? true
            guard let from, let to, let resistance, let reactance, let charging, let ratio, let isClosed,
                name.map({ $0 != nil }) ?? true, ampacity.map({ $0 != nil }) ?? true
            else { return nil }
            return WrittenBranch(
                name: name ?? nil, from: from, to: to, resistance: resistance, reactance: reactance,
                ampacity: ampacity ?? nil, charging: charging, ratio: ratio, isClosed: isClosed,
                place: field)
        }
    }

    private static let closed = [("true", true), ("false", false)]

    private static func rows(_ table: InputTable) -> [WrittenBranch?]? {
        table.refuseColumns(besides: [
            "from", "to", "resistance_ohm", "reactance_ohm", "ampacity_a", "charging_us", "ratio", "name",
            "closed",
        ])
        table.refuseCopies("give branches side by side different names")
        let most = QuantityKind.impedance.greatest
        let hasTexts = ["from", "to"].map { table.texts($0) != nil }
        let resistance = table.numbers("resistance_ohm", in: 0...most)
        let reactance = table.numbers("reactance_ohm", in: -most...most)
        let ampacity = table.optionalNumbers("ampacity_a", in: 1e-6...most)
        let charging = table.optionalNumbers("charging_us", in: 0...most)
        let ratio = table.optionalNumbers("ratio", in: 0.5...2)
        guard let resistance, let reactance, let ampacity, let charging, let ratio,
            hasTexts.allSatisfy(\.self)
        else { return nil }
        return table.rows.map { row in
            let place = table.field(row: row, "from")!
            let (from, to) = (place.busName(), table.field(row: row, "to")?.busName())
            let nameField = table.field(row: row, "name").flatMap { $0.text == "" ? nil : $0 }
            let name = nameField.map { $0.busName() }
            let closedField = table.field(row: row, "closed").flatMap { $0.text == "" ? nil : $0 }
            let isClosed = closedField.map { $0.choice("true or false", closed) } ?? true
            guard let from, let to, let isClosed, name.map({ $0 != nil }) ?? true else { return nil }
            return WrittenBranch(
                name: name ?? nil, from: from, to: to,
                resistance: resistance[row], reactance: reactance[row], ampacity: ampacity[row],
                charging: (charging[row] ?? 0) * 1e-6, ratio: ratio[row] ?? 1,
                isClosed: isClosed, place: place)
        }
    }

    /// Warns of what is hardly meant in a network of this nominal voltage, V.
    func warnOfImplausible(nominal: Double) {
        let impedance = (resistance * resistance + reactance * reactance).squareRoot()
        if resistance == 0 {
            place.warning("a branch of 0 ohm resistance has no losses")
        } else if impedance < 1e-5 {
            place.warning(
                "\(QuantityKind.impedance.shown(impedance)) is less than any cable has; check the units")
        }
        if let ampacity, 3 * ampacity * impedance * ampacity * impedance > nominal * nominal / 4 {
            place.warning(
                "at its ampacity the branch loses more than half of the nominal voltage; check the units")
        }
    }

    /// Whether it joins two buses and has an impedance.
    private var isPhysical: Bool {
        if from == to {
            place.mistake("a branch must join two buses; this one begins and ends at \(quoted(from))")
            return false
        }
        if resistance * resistance + reactance * reactance < 1e-18 {
            place.mistake(
                "a branch must have an impedance; merge buses \(quoted(from)) and \(quoted(to)) into one")
            return false
        }
        return true
    }
}

extension Field {
    /// The name of a bus or branch: a number or a word.
    func busName() -> String? {
        guard let text else { return refuse("the name of a bus") }
        guard isBusName(text) else {
            mistake(
                "\(quoted(text)) is not the name of a bus; a name has letters, digits, '-', '_' and '.', at most 64"
            )
            return nil
        }
        return text
    }
}

func isBusName(_ text: String) -> Bool {
    let isWord = text.utf8.allSatisfy { byte in
        switch byte | 0x20 {
        case UInt8(ascii: "a")...UInt8(ascii: "z"): true
        default: (48...57).contains(byte) || "-_.".utf8.contains(byte)
        }
    }
    return isWord && (1...64).contains(text.utf8.count) && text.utf8.first != UInt8(ascii: ".")
        && text.utf8.first != UInt8(ascii: "-")
}
