import Grid

extension CaseFile {
    /// `networkCase` as pandapower's `from_json` reads it. A branch between equal voltages without tap
    /// becomes a line of 1 km, any other a transformer; the shunt of a transformer stands at its buses.
    /// `runpp` gives the same voltages, angles included.
    static func pandapower(_ networkCase: NetworkCase) -> String { PandapowerWriter(networkCase).text }
}

private struct PandapowerWriter {
    private let networkCase: NetworkCase
    private var network: Network { networkCase.network }
    /// Hz; only charging as a capacitance asks for it.
    private static let frequency = 50.0

    /// A column and how pandas calls its kind.
    private typealias Column = (name: String, kind: String)
    private typealias Cell = JSONValue

    init(_ networkCase: NetworkCase) { self.networkCase = networkCase }

    var text: String {
        let members = [
            ("bus", busTable), ("load", loadTable), ("sgen", staticTable), ("gen", generatorTable),
            ("ext_grid", sourceTable), ("shunt", shuntTable), ("line", lineTable),
            ("trafo", transformerTable),
        ]
        let tables = members.map { "    \(quoted($0)): \($1)" }.joined(separator: ",\n")
        return """
            {
              "_module": "pandapower.auxiliary",
              "_class": "pandapowerNet",
              "_object": {
            \(tables),
                "version": "3.5.6",
                "format_version": "3.3.0",
                "name": \(quoted(networkCase.name)),
                "f_hz": \(Self.frequency),
                "sn_mva": \(network.basePower.value / 1e6)
              }
            }

            """
    }

    private func table(_ columns: [Column], _ rows: [[Cell]]) -> String {
        let names = columns.map { quoted($0.name) }.joined(separator: ",")
        let index = rows.indices.map(String.init).joined(separator: ",")
        let data = rows.map { "[" + $0.map(spelled).joined(separator: ",") + "]" }.joined(separator: ",")
        let frame = "{\"columns\":[\(names)],\"index\":[\(index)],\"data\":[\(data)]}"
        let kinds = columns.map { "\(quoted($0.name)): \(quoted($0.kind))" }.joined(separator: ", ")
        return """
            {"_module": "pandas.core.frame", "_class": "DataFrame", "_object": \(quoted(frame)), "orient": "split", \
            "dtype": {\(kinds)}, "is_multiindex": false, "is_multicolumn": false}
            """
    }

    private var busTable: String {
        table(
            [
                ("name", "object"), ("vn_kv", "float64"), ("type", "object"), ("in_service", "bool"),
                ("min_vm_pu", "float64"), ("max_vm_pu", "float64"),
            ],
            network.buses.map { bus in
                [
                    .text(bus.name), .number(kilo(bus.nominalVoltage.value)), .text("b"), .bool(true),
                    .number(bus.limits.lowerBound), .number(bus.limits.upperBound),
                ]
            })
    }

    private var loadTable: String {
        let parts = ["const_z_p_percent", "const_i_p_percent", "const_z_q_percent", "const_i_q_percent"]
        return table(
            [("name", "object"), ("bus", "uint32"), ("p_mw", "float64"), ("q_mvar", "float64")]
                + parts.map { ($0, "float64") } + [("scaling", "float64"), ("in_service", "bool")],
            networkCase.loads.map { load in
                let (z, i) = (load.constantImpedance * 100, load.constantCurrent * 100)
                return [
                    .text(load.name), .number(Double(load.bus)), .number(mega(load.active.value)),
                    .number(mega(load.reactive.value)), .number(z), .number(i), .number(z), .number(i),
                    .number(1),
                    .bool(load.isConnected),
                ]
            })
    }

    private static let powers: [Column] = [
        ("sn_mva", "float64"), ("min_p_mw", "float64"), ("max_p_mw", "float64"), ("min_q_mvar", "float64"),
        ("max_q_mvar", "float64"),
    ]

    /// The rating that nobody knows, and the bounds.
    private func limits(_ unit: NetworkCase.Generator) -> [Cell] {
        let bounds = [
            unit.activeLimits?.lowerBound.value, unit.activeLimits?.upperBound.value,
            unit.reactiveLimits?.lowerBound.value, unit.reactiveLimits?.upperBound.value,
        ]
        return [.null] + bounds.map { $0.flatMap { abs($0) < 1e18 ? .number(mega($0)) : nil } ?? .null }
    }

    /// Generators that hold no voltage.
    private var staticTable: String {
        table(
            [("name", "object"), ("bus", "int64"), ("p_mw", "float64"), ("q_mvar", "float64")] + Self.powers
                + [("scaling", "float64"), ("in_service", "bool")],
            networkCase.generators.filter { $0.voltage == nil }.map { unit in
                [
                    .text(unit.name), .number(Double(unit.bus)), .number(mega(unit.active.value)),
                    .number(mega(unit.reactive.value)),
                ] + limits(unit) + [.number(1), .bool(unit.isConnected)]
            })
    }

    private var generatorTable: String {
        let held =
            network.sources.map { ($0.bus, $0.voltage) } + network.regulators.map { ($0.bus, $0.voltage) }
        let voltages = Dictionary(uniqueKeysWithValues: held)
        return table(
            [("name", "object"), ("bus", "uint32"), ("p_mw", "float64"), ("vm_pu", "float64")] + Self.powers
                + [
                    ("scaling", "float64"), ("slack", "bool"), ("in_service", "bool"),
                    ("slack_weight", "float64"),
                ],
            networkCase.generators.compactMap { unit in
                guard let own = unit.voltage else { return nil }
                return [
                    .text(unit.name), .number(Double(unit.bus)), .number(mega(unit.active.value)),
                    .number(voltages[unit.bus] ?? own),
                ] + limits(unit) + [.number(1), .bool(false), .bool(unit.isConnected), .number(0)]
            })
    }

    private var sourceTable: String {
        table(
            [
                ("name", "object"), ("bus", "uint32"), ("vm_pu", "float64"), ("va_degree", "float64"),
                ("slack_weight", "float64"), ("in_service", "bool"),
            ],
            network.sources.map { source in
                [
                    .text("source \(network.buses[source.bus].name)"), .number(Double(source.bus)),
                    .number(source.voltage), .number(degrees(source.angle)), .number(source.participation),
                    .bool(true),
                ]
            })
    }

    private var shuntTable: String {
        var earth = EarthedBuses(network.buses)
        for branch in network.branches where !isLine(branch) {
            earth.addShunt(of: branch, conductance: branch.shuntConductance, susceptance: branch.charging)
        }
        let rows = network.buses.indices.compactMap { bus -> [Cell]? in
            let (g, b) = (earth.conductance[bus], earth.susceptance[bus])
            guard g != 0 || b != 0 else { return nil }
            let voltage = kilo(network.buses[bus].nominalVoltage.value)
            return [
                .text("shunt \(network.buses[bus].name)"), .number(Double(bus)),
                .number(-b * voltage * voltage),
                .number(g * voltage * voltage), .number(voltage), .number(1), .number(1), .bool(true),
            ]
        }
        return table(
            [
                ("name", "object"), ("bus", "uint32"), ("q_mvar", "float64"), ("p_mw", "float64"),
                ("vn_kv", "float64"), ("step", "uint32"), ("max_step", "uint32"), ("in_service", "bool"),
            ], rows)
    }

    private func isLine(_ branch: Branch) -> Bool {
        branch.ratio == 1 && branch.phaseShift == 0
            && network.buses[branch.from].nominalVoltage == network.buses[branch.to].nominalVoltage
    }

    /// Ω; a closed switch is the short wire that Karst's power flow takes it for.
    private func impedance(_ branch: Branch) -> (r: Double, x: Double) {
        let (r, x) = (branch.resistance.value, branch.reactance.value)
        let voltage = network.buses[branch.to].nominalVoltage.value
        let least = PerUnitNetwork.leastImpedance * voltage * voltage / network.basePower.value
        return (r, r * r + x * x < least * least ? least : x)
    }

    private var lineTable: String {
        let rows = network.branches.filter(isLine).map { branch -> [Cell] in
            let voltage = network.buses[branch.to].nominalVoltage.value
            let rated = branch.rating.map { $0.value / (3.0.squareRoot() * voltage) }
            let limit = branch.ampacity?.value ?? rated
            let (r, x) = impedance(branch)
            return [
                .text(branch.name), .null, .number(Double(branch.from)), .number(Double(branch.to)),
                .number(1),
                .number(r), .number(x), .number(branch.charging / (2 * .pi * Self.frequency) * 1e9),
                .number(branch.shuntConductance * 1e6), limit.map { .number($0 / 1000) } ?? .null, .number(1),
                .number(1), .text("ol"), .bool(branch.isClosed),
            ]
        }
        return table(
            [
                ("name", "object"), ("std_type", "object"), ("from_bus", "uint32"), ("to_bus", "uint32"),
                ("length_km", "float64"), ("r_ohm_per_km", "float64"), ("x_ohm_per_km", "float64"),
                ("c_nf_per_km", "float64"), ("g_us_per_km", "float64"), ("max_i_ka", "float64"),
                ("df", "float64"),
                ("parallel", "uint32"), ("type", "object"), ("in_service", "bool"),
            ], rows)
    }

    private var transformerTable: String {
        let rows = network.branches.filter { !isLine($0) }.map { branch -> [Cell] in
            let (high, low) = (
                kilo(network.buses[branch.from].nominalVoltage.value) * branch.ratio,
                kilo(network.buses[branch.to].nominalVoltage.value)
            )
            let power = mega(branch.rating?.value ?? network.basePower.value)
            let (r, x) = impedance(branch)
            let percent = 100 * power / (low * low)
            let whole = (r * r + x * x).squareRoot() * percent
            return [
                .text(branch.name), .null, .number(Double(branch.from)), .number(Double(branch.to)),
                .number(power), .number(high), .number(low), .number(x < 0 ? -whole : whole),
                .number(r * percent), .number(0), .number(0), .number(degrees(branch.phaseShift)), .null,
                .null,
                .null, .null, .null, .bool(false), .number(1), .number(1), .bool(branch.isClosed),
            ]
        }
        return table(
            [
                ("name", "object"), ("std_type", "object"), ("hv_bus", "uint32"), ("lv_bus", "uint32"),
                ("sn_mva", "float64"), ("vn_hv_kv", "float64"), ("vn_lv_kv", "float64"),
                ("vk_percent", "float64"), ("vkr_percent", "float64"), ("pfe_kw", "float64"),
                ("i0_percent", "float64"), ("shift_degree", "float64"), ("tap_side", "object"),
                ("tap_neutral", "float64"), ("tap_step_percent", "float64"), ("tap_pos", "float64"),
                ("tap_changer_type", "object"), ("tap_dependency_table", "bool"), ("parallel", "uint32"),
                ("df", "float64"), ("in_service", "bool"),
            ], rows)
    }

    private func kilo(_ value: Double) -> Double { origin(of: value, near: value / 1000) { $0 * 1000 } }
    private func mega(_ value: Double) -> Double { origin(of: value, near: value / 1e6) { $0 * 1e6 } }
    private func degrees(_ radians: Double) -> Double {
        origin(of: radians, near: radians / .pi * 180, CaseUnits.radians)
    }

    private func spelled(_ cell: Cell) -> String {
        switch cell {
        case .number(let number): shortest(number)
        case .text(let text): quoted(text)
        case .bool(let value): value ? "true" : "false"
        case .null, .list, .object: "null"
        }
    }

    private func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case _ where scalar.value < 32:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
