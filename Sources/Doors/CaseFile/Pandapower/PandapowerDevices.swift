import Grid

// What stands at buses. In pandapower loads, storage, motors, wards and shunts count what they take, sgen and
// gen what they give.

extension PandapowerReader {
    mutating func readDevices() {
        readLoads()
        for (row, name) in named("storage") {
            let scaling = row.number("scaling", or: 1, &mistakes)
            addLoad(
                row, name, row.number("p_mw", &mistakes) * scaling,
                row.number("q_mvar", or: 0, &mistakes) * scaling)
        }
        for (row, name) in named("motor") {
            let part =
                row.number("loading_percent", &mistakes) / 100 * row.number("scaling", or: 1, &mistakes)
            let power =
                row.number("pn_mech_mw", &mistakes) / row.positive("efficiency_percent", &mistakes) * 100
                * part
            let cosine = row.positive("cos_phi", &mistakes)
            if cosine > 1 { mistakes.add("\(row.title): cos_phi is above 1") }
            addLoad(row, name, power, power * (1 / (cosine * cosine) - 1).magnitude.squareRoot())
        }
        readShunts()
        readGenerators()
    }

    private mutating func named(_ table: String) -> [(PandapowerRow, String)] {
        let rows = tables.rows(table)
        return Array(zip(rows, names(rows)))
    }

    /// `active` and `reactive` in MW and Mvar.
    private mutating func addLoad(
        _ row: PandapowerRow, _ name: String, _ active: Double, _ reactive: Double, current: Double = 0,
        impedance: Double = 0
    ) {
        guard let bus = node(row, "bus") else { return }
        loads.append(
            NetworkCase.Load(
                name: name, bus: bus, active: Power(active * 1e6), reactive: ReactivePower(reactive * 1e6),
                constantCurrent: current, constantImpedance: impedance,
                isConnected: row.isTrue("in_service", or: true, &mistakes)))
    }

    private mutating func readLoads() {
        for (row, name) in named("load") {
            let scaling = row.number("scaling", or: 1, &mistakes)
            let active = row.number("p_mw", &mistakes) * scaling
            let reactive = row.number("q_mvar", or: 0, &mistakes) * scaling
            let (p, q) = (parts(row, "p"), parts(row, "q"))
            if p == q {
                addLoad(row, name, active, reactive, current: p.current, impedance: p.impedance)
            } else {
                addLoad(row, name, active, 0, current: p.current, impedance: p.impedance)
                addLoad(row, name + " (q)", 0, reactive, current: q.current, impedance: q.impedance)
            }
        }
    }

    private struct Parts: Equatable {
        var current = 0.0
        var impedance = 0.0
    }

    /// Of active or of reactive power; before pandapower 3 one number stood for both.
    private mutating func parts(_ row: PandapowerRow, _ power: String) -> Parts {
        let old = (
            row.number("const_i_percent", or: 0, &mistakes), row.number("const_z_percent", or: 0, &mistakes)
        )
        let parts = Parts(
            current: row.number("const_i_\(power)_percent", or: old.0, &mistakes) / 100,
            impedance: row.number("const_z_\(power)_percent", or: old.1, &mistakes) / 100)
        if parts.current < 0 || parts.impedance < 0 || parts.current + parts.impedance > 1 {
            mistakes.add(
                "\(row.title): the constant-current and constant-impedance parts of \(power) must each be at least 0 % and together at most 100 %"
            )
        }
        return parts
    }

    private mutating func readShunts() {
        for row in tables.rows("shunt") {
            if row.isTrue("step_dependency_table", or: false, &mistakes) {
                mistakes.add("\(row.title): step_dependency_table is not supported")
            }
            let bus = row.reference("bus", &mistakes)
            let voltage = row.positive("vn_kv", or: kilovolts[bus], &mistakes)
            let step = row.number("step", or: 1, &mistakes)
            addShunt(
                row, row.number("p_mw", or: 0, &mistakes) * step, row.number("q_mvar", &mistakes) * step,
                voltage)
        }
        for (row, name) in named("ward") + named("xward") {
            addLoad(row, name, row.number("ps_mw", &mistakes), row.number("qs_mvar", &mistakes))
            let voltage = kilovolts[row.reference("bus", &mistakes)] ?? 1
            addShunt(row, row.number("pz_mw", &mistakes), row.number("qz_mvar", &mistakes), voltage)
        }
        for (row, name) in named("xward") { addInnerSource(row, name) }
    }

    /// What takes MW and Mvar at kV.
    private mutating func addShunt(
        _ row: PandapowerRow, _ active: Double, _ reactive: Double, _ voltage: Double
    ) {
        guard let bus = node(row, "bus"), row.isTrue("in_service", or: true, &mistakes) else { return }
        nodes[bus].conductance += active / (voltage * voltage)
        nodes[bus].susceptance -= reactive / (voltage * voltage)
    }

    /// The inner bus of an extended ward, whose voltage is held without active power.
    private mutating func addInnerSource(_ row: PandapowerRow, _ name: String) {
        guard let bus = node(row, "bus"), row.isTrue("in_service", or: true, &mistakes) else { return }
        let inner = nodes.count
        nodes.append(Node(name: "\(name) inner", voltage: nodes[bus].voltage, limits: 0...2))
        branches.append(
            Branch(
                name: name, from: bus, to: inner, resistance: Impedance(row.number("r_ohm", &mistakes)),
                reactance: Impedance(row.number("x_ohm", &mistakes))))
        generators.append(
            NetworkCase.Generator(
                name: name, bus: inner, active: .zero, voltage: row.positive("vm_pu", &mistakes)))
    }

    private mutating func readGenerators() {
        for (row, name) in named("sgen") { addGenerator(row, name, voltage: nil) }
        for (row, name) in named("gen") {
            addGenerator(row, name, voltage: row.positive("vm_pu", &mistakes))
        }
    }

    private mutating func addGenerator(_ row: PandapowerRow, _ name: String, voltage: Double?) {
        guard let bus = node(row, "bus") else { return }
        let scaling = row.number("scaling", or: 1, &mistakes)
        generators.append(
            NetworkCase.Generator(
                name: name, bus: bus, active: Power(row.number("p_mw", &mistakes) * scaling * 1e6),
                reactive: ReactivePower(
                    voltage == nil ? row.number("q_mvar", or: 0, &mistakes) * scaling * 1e6 : 0),
                activeLimits: limits(row, "p_mw").map { Power($0.lowerBound)...Power($0.upperBound) },
                reactiveLimits: limits(row, "q_mvar").map {
                    ReactivePower($0.lowerBound)...ReactivePower($0.upperBound)
                },
                voltage: voltage, isConnected: row.isTrue("in_service", or: true, &mistakes)))
    }

    /// W or var; nil where neither side has a limit, one that has none becomes 10¹⁸ W.
    private mutating func limits(_ row: PandapowerRow, _ quantity: String) -> ClosedRange<Double>? {
        let lower = row.optional("min_\(quantity)", &mistakes)
        let upper = row.optional("max_\(quantity)", &mistakes)
        guard lower != nil || upper != nil else { return nil }
        let (low, high) = (lower ?? -1e12, upper ?? 1e12)
        if low > high { mistakes.add("\(row.title): min_\(quantity) is above max_\(quantity)") }
        return min(low, high) * 1e6...max(low, high) * 1e6
    }

    /// External grids, and generators that are told to take the remainder.
    mutating func readSources() {
        for row in tables.rows("ext_grid") {
            addSource(row, angle: row.number("va_degree", or: 0, &mistakes))
        }
        for row in tables.rows("gen") where row.isTrue("slack", or: false, &mistakes) {
            addSource(row, angle: 0)
        }
        if sources.isEmpty { mistakes.add("no ext_grid and no gen with slack is in service") }
    }

    private mutating func addSource(_ row: PandapowerRow, angle: Double) {
        guard row.isTrue("in_service", or: true, &mistakes), let bus = node(row, "bus") else { return }
        let source = Network.Source(
            bus: bus, voltage: row.positive("vm_pu", or: 1, &mistakes), angle: CaseUnits.radians(angle))
        if let other = sources.first(where: { $0.bus == bus }) {
            if other != source {
                mistakes.add("\(row.title): another source at its bus has a different voltage")
            }
        } else {
            sources.append(source)
        }
    }
}
