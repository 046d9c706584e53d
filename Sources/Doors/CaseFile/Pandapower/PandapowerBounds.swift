/// Checks the numbers of rows in service against what their columns can mean. A number outside is read as it
/// stands, because files of other tools use some of them on purpose, and is told: one warning a column.
struct PandapowerBounds {
    private struct Column {
        let name: String
        let allowed: ClosedRange<Double>
        /// Whether the lower bound itself is outside.
        var isAbove = false
        /// What becomes of a number outside.
        var use = "it is used as it stands"

        func allows(_ number: Double) -> Bool {
            allowed.contains(number) && !(isAbove && number == allowed.lowerBound)
        }

        var expected: String {
            let lower = shortest(allowed.lowerBound)
            if allowed.upperBound.isInfinite {
                return isAbove ? "a number above \(lower)" : "a number of at least \(lower)"
            }
            return "a number \(isAbove ? "above" : "from") \(lower) to \(shortest(allowed.upperBound))"
        }
    }

    private struct Finding {
        let message: String
        var others = 0
    }

    private var found: [String: Finding] = [:]
    private var order: [String] = []

    /// Tells of what is outside in a row that is in service.
    mutating func check(_ row: PandapowerRow) {
        for column in Self.columns[row.table.name] ?? [] {
            guard let number = row.plain(column.name), !column.allows(number) else { continue }
            add(
                column.name, row,
                "is \(shortest(number)); \(column.expected) is expected; \(column.use)")
        }
        switch row.table.name {
        case "trafo", "trafo3w":
            for changer in ["tap", "tap2"] { checkPosition(row, changer) }
            checkIron(row)
        case "shunt":
            guard let step = row.plain("step"), let most = row.plain("max_step"), step > most else { return }
            add(
                "step", row, "is \(shortest(step)), above max_step \(shortest(most)); it is used as it stands"
            )
        default: break
        }
    }

    private mutating func checkPosition(_ row: PandapowerRow, _ changer: String) {
        guard let position = row.plain("\(changer)_pos") else { return }
        let lower = row.plain("\(changer)_min") ?? -.infinity
        let upper = row.plain("\(changer)_max") ?? .infinity
        guard position < lower || position > upper else { return }
        add(
            "\(changer)_pos", row,
            "is \(shortest(position)), outside \(changer)_min \(shortest(lower)) to \(changer)_max \(shortest(upper)); it is used as it stands"
        )
    }

    /// The losses are the part of the no-load current that is in phase with the voltage.
    private mutating func checkIron(_ row: PandapowerRow) {
        let rating = row.plain(row.table.name == "trafo" ? "sn_mva" : "sn_hv_mva") ?? 0
        let loss = row.plain("pfe_kw") ?? 0
        let noLoad = (row.plain("i0_percent") ?? 0).magnitude / 100 * rating * 1000
        // Nameplates give i0 with three digits, and 0 where it is not known.
        guard noLoad > 0, loss > noLoad * 1.005 else { return }
        add(
            "pfe_kw", row,
            "is \(shortest(loss)), more than i0_percent of the rating, \(shortest(noLoad)) kVA; no magnetising current is left"
        )
    }

    private mutating func add(_ column: String, _ row: PandapowerRow, _ message: @autoclosure () -> String) {
        let key = "\(row.table.name).\(column)"
        if found[key] == nil {
            order.append(key)
            found[key] = Finding(message: "\(row.title): \(column) \(message())")
        } else {
            found[key]!.others += 1
        }
    }

    /// One warning a column, with its first row.
    func warn(_ mistakes: inout MistakeList) {
        for key in order {
            let finding = found[key]!
            let more = finding.others == 0 ? "" : " (and \(finding.others) more rows)"
            mistakes.warn(finding.message + more)
        }
    }

    private static let notNegative = 0.0...Double.infinity
    private static func above(_ name: String, _ use: String? = nil) -> Column {
        var column = Column(name: name, allowed: notNegative, isAbove: true)
        if let use { column.use = use }
        return column
    }
    private static func least0(_ names: String...) -> [Column] {
        names.map { Column(name: $0, allowed: notNegative) }
    }
    private static let derating = Column(
        name: "df", allowed: 0...1, isAbove: true,
        use: "it is used as it stands; a limit not above 0 is unknown")
    private static let perUnit = Column(name: "vm_pu", allowed: 0.5...1.5)
    private static let noLoad = Column(
        name: "i0_percent", allowed: notNegative, use: "its sign is lost, as in pandapower 3")

    private static let columns: [String: [Column]] = [
        "bus": least0("min_vm_pu") + [above("max_vm_pu")],
        "line": least0("r_ohm_per_km", "x_ohm_per_km", "c_nf_per_km", "g_us_per_km")
            + [above("max_i_ka", "the limit counts as unknown"), derating],
        "trafo": least0("vkr_percent", "pfe_kw")
            + [above("vk_percent", "the impedance is capacitive, or none"), noLoad, derating],
        "trafo3w": least0("vkr_hv_percent", "vkr_mv_percent", "vkr_lv_percent", "pfe_kw")
            + ["hv", "mv", "lv"].map { above("vk_\($0)_percent", "its sign is lost") } + [noLoad],
        "load": least0("scaling"), "sgen": least0("scaling"),
        "gen": least0("scaling") + [perUnit], "ext_grid": [perUnit],
        "storage": least0("scaling", "max_e_mwh", "min_e_mwh") + [
            Column(name: "soc_percent", allowed: 0...100, use: "a power flow does not use it")
        ],
        "motor": least0("pn_mech_mw", "loading_percent", "scaling") + [
            Column(name: "efficiency_percent", allowed: 0...100, isAbove: true)
        ],
        "shunt": least0("step", "p_mw"), "ward": least0("pz_mw"),
        "xward": least0("pz_mw", "r_ohm", "x_ohm") + [perUnit],
    ]
}

extension PandapowerRow {
    /// The number in a cell; nil where there is none.
    fileprivate func plain(_ column: String) -> Double? { table.cell(row, column)?.number }
}
