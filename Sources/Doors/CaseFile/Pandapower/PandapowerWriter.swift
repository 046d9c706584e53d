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

    private typealias Column = PandapowerFrame.Column
    private typealias Cell = JSONValue

    private func table(_ columns: [Column], _ rows: [[Cell]]) -> String {
        PandapowerFrame.text(columns, rows)
    }

    init(_ networkCase: NetworkCase) { self.networkCase = networkCase }

    var text: String {
        let members = [
            ("bus", busTable), ("load", loadTable), ("sgen", staticTable), ("gen", generatorTable),
            ("ext_grid", sourceTable), ("shunt", shuntTable), ("line", lineTable),
            ("trafo", transformerTable), ("switch", switchTable),
        ]
        let tables = members.map { "    \(PandapowerFrame.quoted($0)): \($1)" }.joined(separator: ",\n")
        return """
            {
              "_module": "pandapower.auxiliary",
              "_class": "pandapowerNet",
              "_object": {
            \(tables),
                "version": "3.5.6",
                "format_version": "3.3.0",
                "name": \(PandapowerFrame.quoted(networkCase.name)),
                "f_hz": \(Self.frequency),
                "sn_mva": \(network.basePower.value / 1e6)
              }
            }

            """
    }

    private var busTable: String {
        table(
            [
                ("name", "object"), ("vn_kv", "float64"), ("type", "object"), ("in_service", "bool"),
                ("min_vm_pu", "float64"), ("max_vm_pu", "float64"),
            ],
            networkCase.namedBuses.map { named in
                let bus = network.buses[named.bus]
                return [
                    .text(named.name), .number(kilo(bus.nominalVoltage.value)), .text("b"), .bool(true),
                    .number(bus.limits.lowerBound), .number(bus.limits.upperBound),
                ]
            })
    }

    /// Closed switches between the buses that are one bus of the network.
    private var switchTable: String {
        var firsts: [Int: Int] = [:]
        var rows: [[Cell]] = []
        for (index, named) in networkCase.namedBuses.enumerated() {
            guard let first = firsts[named.bus] else {
                firsts[named.bus] = index
                continue
            }
            rows.append(
                [first, index].map { .number(Double($0)) }
                    + [.text("b"), .text("CB"), .bool(true), .null, .number(0)])
        }
        return table(
            [
                ("bus", "int64"), ("element", "int64"), ("et", "object"), ("type", "object"),
                ("closed", "bool"), ("name", "object"), ("z_ohm", "float64"),
            ], rows)
    }

    private var loadTable: String {
        let parts = ["const_z_p_percent", "const_i_p_percent", "const_z_q_percent", "const_i_q_percent"]
        return table(
            [("name", "object"), ("bus", "uint32"), ("p_mw", "float64"), ("q_mvar", "float64")]
                + parts.map { ($0, "float64") } + [("scaling", "float64"), ("in_service", "bool")],
            networkCase.loads.enumerated().map { index, load in
                let (z, i) = (load.constantImpedance * 100, load.constantCurrent * 100)
                return [
                    .text(load.name), .number(Double(networkCase.place(ofLoad: index))),
                    .number(mega(load.active.value)),
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
            networkCase.generators.enumerated().filter { $0.element.voltage == nil }.map { index, unit in
                [
                    .text(unit.name), .number(Double(networkCase.place(ofGenerator: index))),
                    .number(mega(unit.active.value)),
                    .number(mega(unit.reactive.value)),
                ] + limits(unit) + [.number(1), .bool(unit.isConnected)]
            })
    }

    /// Weights are largest powers in W where nothing else is known, and then written in MW or TW; only their
    /// quotients matter. At a source its row has the weight of all.
    private var weightScale: Double {
        let weights = network.sources.map(\.participation) + network.regulators.map(\.participation)
        let largest = weights.reduce(0, max)
        return largest >= NetworkCase.unlimited ? 1e-12 : largest > 1e6 ? 1e-6 : 1
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
            networkCase.generators.enumerated().compactMap { index, unit in
                guard let own = unit.voltage else { return nil }
                let isAtSource = network.sources.contains { $0.bus == unit.bus }
                return [
                    .text(unit.name), .number(Double(networkCase.place(ofGenerator: index))),
                    .number(mega(unit.active.value)),
                    .number(voltages[unit.bus] ?? own),
                ] + limits(unit) + [
                    .number(1), .bool(false), .bool(unit.isConnected),
                    .number(isAtSource ? 0 : unit.weight * weightScale),
                ]
            })
    }

    private var sourceTable: String {
        table(
            [
                ("name", "object"), ("bus", "uint32"), ("vm_pu", "float64"), ("va_degree", "float64"),
                ("slack_weight", "float64"), ("in_service", "bool"),
            ],
            network.sources.enumerated().map { index, source in
                [
                    .text("source \(network.buses[source.bus].name)"),
                    .number(Double(networkCase.place(ofSource: index))),
                    .number(source.voltage), .number(degrees(source.angle)),
                    .number(source.participation * weightScale), .bool(true),
                ]
            })
    }

    private var shuntTable: String {
        var earth = EarthedBuses(network.buses)
        for branch in network.branches where !isLine(branch) {
            earth.addShunt(of: branch, conductance: branch.shuntConductance, susceptance: branch.charging)
        }
        let places = Dictionary(
            networkCase.namedBuses.enumerated().map { ($1.bus, $0) }, uniquingKeysWith: { first, _ in first })
        let rows = network.buses.indices.compactMap { bus -> [Cell]? in
            let (g, b) = (earth.conductance[bus], earth.susceptance[bus])
            guard g != 0 || b != 0 else { return nil }
            let voltage = kilo(network.buses[bus].nominalVoltage.value)
            return [
                .text("shunt \(network.buses[bus].name)"), .number(Double(places[bus] ?? bus)),
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
        let rows = network.branches.indices.filter { isLine(network.branches[$0]) }.map { index -> [Cell] in
            let (branch, ends) = (network.branches[index], networkCase.ends(ofBranch: index))
            let voltage = network.buses[branch.to].nominalVoltage.value
            let rated = branch.rating.map { $0.value / (3.0.squareRoot() * voltage) }
            let limit = branch.ampacity?.value ?? rated
            let (r, x) = impedance(branch)
            let perSiemens = 1e9 / (2 * .pi * Self.frequency)
            let nanofarads = origin(of: branch.charging, near: branch.charging * perSiemens) {
                2 * .pi * Self.frequency * ($0 * 1e-9)
            }
            return [
                .text(branch.name), .null, .number(Double(ends.from)), .number(Double(ends.to)),
                .number(1),
                .number(r), .number(x), .number(nanofarads),
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
        let rows = network.branches.indices.filter { !isLine(network.branches[$0]) }.map { index -> [Cell] in
            let (branch, ends) = (network.branches[index], networkCase.ends(ofBranch: index))
            let (high, low) = (
                kilo(network.buses[branch.from].nominalVoltage.value) * branch.ratio,
                kilo(network.buses[branch.to].nominalVoltage.value)
            )
            let power = mega(branch.rating?.value ?? network.basePower.value)
            let (r, x) = impedance(branch)
            let percent = 100 * power / (low * low)
            // Not below its resistance by rounding.
            let whole = max((r * r + x * x).squareRoot() * percent, r.magnitude * percent)
            return [
                .text(branch.name), .null, .number(Double(ends.from)), .number(Double(ends.to)),
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
}
