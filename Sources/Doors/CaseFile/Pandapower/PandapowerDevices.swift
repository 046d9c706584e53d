import Grid

// What stands at buses. In pandapower loads, storage, motors, wards and shunts count what they take, sgen and
// gen what they give.

extension PandapowerReader {
    mutating func readDevices() {
        forEach("load") { $0.readLoad($1, $2) }
        forEach("storage") { reader, row, name in
            let scaling = row.number("scaling", or: 1, &reader.mistakes)
            reader.addLoad(
                row, name, row.number("p_mw", &reader.mistakes) * scaling,
                row.number("q_mvar", or: 0, &reader.mistakes) * scaling)
        }
        forEach("motor") { $0.readMotor($1, $2) }
        forEach("shunt") { reader, row, _ in reader.readShunt(row) }
        for table in ["ward", "xward"] {
            forEach(table) { reader, row, name in
                reader.addLoad(
                    row, name, row.number("ps_mw", &reader.mistakes), row.number("qs_mvar", &reader.mistakes))
                let voltage = reader.kilovolts[row.reference("bus", &reader.mistakes)] ?? 1
                reader.addShunt(
                    row, row.number("pz_mw", &reader.mistakes), row.number("qz_mvar", &reader.mistakes),
                    voltage)
            }
        }
        forEach("xward", isAgain: true) { $0.addInnerSource($1, $2) }
        forEach("sgen") { $0.addGenerator($1, $2, voltage: nil) }
        forEach("gen") { $0.addGenerator($1, $2, voltage: $1.positive("vm_pu", &$0.mistakes)) }
    }

    /// `active` and `reactive` in MW and Mvar.
    private mutating func addLoad(
        _ row: PandapowerRow, _ name: String, _ active: Double, _ reactive: Double, current: Double = 0,
        impedance: Double = 0
    ) {
        let isConnected = row.isTrue("in_service", or: true, &mistakes)
        guard let place = place(row, "bus") else { return }
        loads.append(
            NetworkCase.Load(
                name: name, bus: place.node, active: Power(active * 1e6),
                reactive: ReactivePower(reactive * 1e6), constantCurrent: current,
                constantImpedance: impedance, isConnected: isConnected))
        origin.loads.append(place.named)
    }

    private mutating func readLoad(_ row: PandapowerRow, _ name: String) {
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

    private mutating func readMotor(_ row: PandapowerRow, _ name: String) {
        let part = row.number("loading_percent", &mistakes) / 100 * row.number("scaling", or: 1, &mistakes)
        let power =
            row.number("pn_mech_mw", &mistakes) / row.positive("efficiency_percent", &mistakes) * 100 * part
        let cosine = row.positive("cos_phi", &mistakes)
        if cosine > 1 { mistakes.add("\(row.title): cos_phi is above 1") }
        addLoad(row, name, power, power * (1 / (cosine * cosine) - 1).magnitude.squareRoot())
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

    private mutating func readShunt(_ row: PandapowerRow) {
        if row.isTrue("step_dependency_table", or: false, &mistakes) {
            mistakes.add("\(row.title): step_dependency_table is not supported")
        }
        let bus = row.reference("bus", &mistakes)
        let voltage = row.positive("vn_kv", or: kilovolts[bus], &mistakes)
        let step = row.number("step", or: 1, &mistakes)
        addShunt(
            row, row.number("p_mw", or: 0, &mistakes) * step, row.number("q_mvar", &mistakes) * step, voltage)
    }

    /// What takes MW and Mvar at kV.
    private mutating func addShunt(
        _ row: PandapowerRow, _ active: Double, _ reactive: Double, _ voltage: Double
    ) {
        guard let place = place(row, "bus"), row.isTrue("in_service", or: true, &mistakes) else { return }
        nodes[place.node].conductance += active / (voltage * voltage)
        nodes[place.node].susceptance -= reactive / (voltage * voltage)
    }

    /// The inner bus of an extended ward, whose voltage is held without active power.
    private mutating func addInnerSource(_ row: PandapowerRow, _ name: String) {
        let voltage = row.positive("vm_pu", &mistakes)
        let (r, x) = (row.number("r_ohm", &mistakes), row.number("x_ohm", &mistakes))
        let weight = weight(row, or: 0)
        guard let place = place(row, "bus"), row.isTrue("in_service", or: true, &mistakes) else { return }
        let inner = addInner("\(name) inner", voltage: nodes[place.node].voltage)
        append(
            Branch(
                name: name, from: place.node, to: inner.node, resistance: Impedance(r),
                reactance: Impedance(x)),
            from: place, to: inner, isInner: true)
        origin.innerGenerators.insert(generators.count)
        origin.generators.append(inner.named)
        generators.append(
            NetworkCase.Generator(
                name: name, bus: inner.node, active: .zero, voltage: voltage, participation: weight))
    }

    private mutating func addGenerator(_ row: PandapowerRow, _ name: String, voltage: Double?) {
        let isConnected = row.isTrue("in_service", or: true, &mistakes)
        let scaling = row.number("scaling", or: 1, &mistakes)
        let active = row.number("p_mw", &mistakes) * scaling
        let reactive = voltage == nil ? row.number("q_mvar", or: 0, &mistakes) * scaling : 0
        let activeLimits = limits(row, "p_mw")
        let reactiveLimits = capability(row, at: active) ?? limits(row, "q_mvar")
        let weight = voltage == nil ? 0 : weight(row, or: 0)
        guard let place = place(row, "bus") else { return }
        if isConnected, let voltage { hold(voltage, at: place.node, row) }
        origin.generators.append(place.named)
        generators.append(
            NetworkCase.Generator(
                name: name, bus: place.node, active: Power(active * 1e6),
                reactive: ReactivePower(reactive * 1e6),
                activeLimits: activeLimits.map { Power($0.lowerBound)...Power($0.upperBound) },
                reactiveLimits: reactiveLimits.map {
                    ReactivePower($0.lowerBound)...ReactivePower($0.upperBound)
                },
                voltage: voltage, participation: weight, isConnected: isConnected))
    }

    /// In a shared remainder (a distributed slack); some files call the column `dspf`.
    private mutating func weight(_ row: PandapowerRow, or fallback: Double) -> Double {
        row.notNegative(row.has("slack_weight") ? "slack_weight" : "dspf", or: fallback, &mistakes)
    }

    /// One bus has one voltage: units that hold different ones there are refused, as by pandapower.
    private mutating func hold(_ voltage: Double, at node: Int, _ row: PandapowerRow) {
        guard let other = held[node] else { return held[node] = (voltage, row.title) }
        guard (voltage - other.voltage).magnitude > 1e-8 + 1e-5 * other.voltage else { return }
        mistakes.add(
            "\(row.title): vm_pu is \(shortest(voltage)), but \(other.by) holds \(shortest(other.voltage)) at the same bus '\(nodes[node].name)' (closed switches make one bus of several)"
        )
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

    /// External grids, and generators that are told to take the remainder. The weight of a source is that of
    /// all that holds its voltage.
    mutating func readSources() {
        forEach("ext_grid") { reader, row, _ in
            let angle = row.number("va_degree", or: 0, &reader.mistakes)
            let limits = reader.limits(row, "q_mvar")
            reader.addSource(row, angle: angle, weight: reader.weight(row, or: 1), limits: limits)
        }
        forEach("gen", isAgain: true) { reader, row, _ in
            guard row.isTrue("slack", or: false, &reader.mistakes) else { return }
            reader.addSource(row, angle: nil, weight: 0)
        }
        if sources.isEmpty { mistakes.add("no ext_grid and no gen with slack is in service") }
        for index in sources.indices {
            for unit in generators
            where unit.isConnected && unit.voltage != nil && unit.bus == sources[index].bus {
                sources[index].participation += unit.weight
            }
        }
    }

    /// Without `angle` that of another source at the bus holds, or 0.
    private mutating func addSource(
        _ row: PandapowerRow, angle: Double?, weight: Double, limits: ClosedRange<Double>? = nil
    ) {
        let voltage = row.positive("vm_pu", or: 1, &mistakes)
        guard row.isTrue("in_service", or: true, &mistakes), let place = place(row, "bus") else { return }
        hold(voltage, at: place.node, row)
        let turn = angle.map(CaseUnits.radians)
        guard let index = sources.firstIndex(where: { $0.bus == place.node }) else {
            origin.sources.append(place.named)
            return sources.append(
                Network.Source(
                    bus: place.node, voltage: voltage, angle: turn ?? 0, participation: weight,
                    reactive: limits.map { ReactivePower($0.lowerBound)...ReactivePower($0.upperBound) }))
        }
        if let turn, turn != sources[index].angle {
            mistakes.add("\(row.title): another source at its bus has a different va_degree")
        }
        sources[index].participation += weight
        sources[index].reactive = nil
    }
}
