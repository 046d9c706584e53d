import Grid

extension PandapowerReader {
    /// Where a branch ends.
    struct End {
        /// Nil where the bus is out of service.
        let node: Int?
        /// V of the bus.
        let voltage: Double
        let isOpen: Bool
    }

    /// What a branch is made of, on the side of `to`.
    struct Wire {
        let name: String
        /// Ω and S.
        let resistance: Double
        let reactance: Double
        var conductance = 0.0
        var susceptance = 0.0
        var ratio = 1.0
        /// Degrees.
        var shift = 0.0
        var ampacity: Current?
        var rating: ApparentPower?
    }

    mutating func end(_ row: PandapowerRow, _ column: String, kind: String? = nil) -> End {
        let bus = row.reference(column, &mistakes)
        let isOpen = kind.map { openEnds.contains(OpenEnd(kind: $0, element: row.index, bus: bus)) } ?? false
        return End(node: node(row, column), voltage: (kilovolts[bus] ?? 1) * 1000, isOpen: isOpen)
    }

    /// A branch with one end open still takes its charging: it goes on to a bus of its own. One at a bus that
    /// is out of service is so too when `isLine`, and nothing otherwise.
    mutating func add(_ wire: Wire, from: End, to: End, isOn: Bool, isLine: Bool) {
        var ends = [from, to].map { $0.isOpen ? nil : $0.node }
        let isStub = isOn && (wire.conductance != 0 || wire.susceptance != 0) && ends.count { $0 != nil } == 1
        if isStub, isLine || (from.node != nil && to.node != nil), let missing = ends.firstIndex(of: nil) {
            ends[missing] = nodes.count
            nodes.append(
                Node(name: "\(wire.name) open end", voltage: [from, to][missing].voltage, limits: 0...2))
        }
        let isClosed = isOn && !ends.contains(nil)
        let numbers = [wire.resistance, wire.reactance, wire.conductance, wire.susceptance, wire.shift]
        guard numbers.allSatisfy(\.isFinite), (1e-6...1e6).contains(wire.ratio) else {
            return mistakes.add(
                "\(wire.name): its values do not give a branch with a finite impedance and a ratio from 1e-6 to 1e6"
            )
        }
        guard let start = ends[0] ?? from.node, let finish = ends[1] ?? to.node else { return }
        branches.append(
            Branch(
                name: wire.name, from: start, to: finish, resistance: Impedance(wire.resistance),
                reactance: Impedance(wire.reactance), charging: wire.susceptance,
                shuntConductance: wire.conductance, ratio: wire.ratio,
                phaseShift: CaseUnits.radians(wire.shift), ampacity: wire.ampacity, rating: wire.rating,
                isClosed: isClosed))
    }

    mutating func readLines() {
        let rows = tables.rows("line")
        for (row, name) in zip(rows, names(rows)) {
            let length = row.positive("length_km", &mistakes)
            let parallel = row.positive("parallel", or: 1, &mistakes)
            let capacitance = row.number("c_nf_per_km", or: 0, &mistakes) * 1e-9
            let limit = row.optional("max_i_ka", &mistakes)
            let derating = row.number("df", or: 1, &mistakes)
            let from = end(row, "from_bus", kind: "l")
            // pandapower's base is the voltage at from_bus; the per-unit values hold on both sides.
            let to = end(row, "to_bus", kind: "l")
            let sides = to.voltage * to.voltage / (from.voltage * from.voltage)
            let wire = Wire(
                name: name,
                resistance: row.number("r_ohm_per_km", &mistakes) * length / parallel * sides,
                reactance: row.number("x_ohm_per_km", &mistakes) * length / parallel * sides,
                conductance: row.number("g_us_per_km", or: 0, &mistakes) * 1e-6 * length * parallel / sides,
                susceptance: 2 * .pi * tables.frequency * capacitance * length * parallel / sides,
                ampacity: limit.map { Current($0 * 1000 * derating * parallel) })
            add(wire, from: from, to: to, isOn: row.isTrue("in_service", or: true, &mistakes), isLine: true)
        }
        readImpedances()
    }

    /// In per unit of `sn_mva` and of each bus's own voltage.
    private mutating func readImpedances() {
        let rows = tables.rows("impedance")
        for (row, name) in zip(rows, names(rows)) {
            let isOn = row.isTrue("in_service", or: true, &mistakes)
            let (from, to) = (end(row, "from_bus"), end(row, "to_bus"))
            let unit = to.voltage * to.voltage / (row.positive("sn_mva", &mistakes) * 1e6)
            let (r, x) = (row.number("rft_pu", &mistakes), row.number("xft_pu", &mistakes))
            if isOn,
                row.number("rtf_pu", or: r, &mistakes) != r || row.number("xtf_pu", or: x, &mistakes) != x
            {
                mistakes.add("\(row.title): an impedance that differs by direction is not supported")
            }
            let g = row.number("gf_pu", or: 0, &mistakes)
            let b = row.number("bf_pu", or: 0, &mistakes)
            let wire = Wire(
                name: name, resistance: r * unit, reactance: x * unit, conductance: 2 * g / unit,
                susceptance: 2 * b / unit)
            add(wire, from: from, to: to, isOn: isOn, isLine: false)
            // What the far end has beyond the near one.
            if isOn, from.node != nil, let node = to.node {
                nodes[node].conductance += (row.number("gt_pu", or: 0, &mistakes) - g) / unit
                nodes[node].susceptance += (row.number("bt_pu", or: 0, &mistakes) - b) / unit
            }
        }
    }
}
