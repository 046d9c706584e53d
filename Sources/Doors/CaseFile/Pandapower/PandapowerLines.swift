import Grid

extension PandapowerReader {
    /// Where a branch ends.
    struct End {
        /// Nil where the bus is out of service.
        let place: Place?
        /// V of the bus.
        var voltage: Double
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
        var ratedEnd: Branch.End?
    }

    /// The two ends of a branch. A bus out of service whose voltage is not known has that of the other end.
    mutating func ends(_ row: PandapowerRow, _ columns: [String], kind: String? = nil) -> [End] {
        let voltages = columns.map { kilovolts[row.reference($0, &mistakes)] }
        return columns.enumerated().map { at, column in
            let bus = row.reference(column, &mistakes)
            let isOpen = kind.map {
                openEnds.contains(OpenEnd(kind: $0, element: row.index, bus: bus))
            }
            let voltage = voltages[at] ?? voltages.compactMap(\.self).first ?? 1
            return End(place: place(row, column), voltage: voltage * 1000, isOpen: isOpen ?? false)
        }
    }

    /// A branch with one end open still takes its charging: it goes on to a bus of its own. One at a bus that
    /// is out of service is so too when `isLine`, and nothing otherwise.
    mutating func add(_ wire: Wire, from: End, to: End, isOn: Bool, isLine: Bool) {
        var ends = [from, to].map { $0.isOpen ? nil : $0.place }
        var isStub = isOn && (wire.conductance != 0 || wire.susceptance != 0) && ends.count { $0 != nil } == 1
        isStub = isStub && (isLine || (from.place != nil && to.place != nil))
        if isStub, let missing = ends.firstIndex(where: { $0 == nil }) {
            ends[missing] = addInner("\(wire.name) open end", voltage: [from, to][missing].voltage)
        }
        let isClosed = isOn && !ends.contains { $0 == nil }
        let numbers = [wire.resistance, wire.reactance, wire.conductance, wire.susceptance, wire.shift]
        guard numbers.allSatisfy(\.isFinite), (1e-6...1e6).contains(wire.ratio) else {
            return mistakes.add(
                "\(wire.name): its values do not give a branch with a finite impedance and a ratio from 1e-6 to 1e6"
            )
        }
        guard let start = ends[0] ?? from.place, let finish = ends[1] ?? to.place else { return }
        if isClosed, start.node == finish.node { besideSwitches.append(wire.name) }
        append(
            Branch(
                name: wire.name, from: start.node, to: finish.node, resistance: Impedance(wire.resistance),
                reactance: Impedance(wire.reactance), charging: wire.susceptance,
                shuntConductance: wire.conductance, ratio: wire.ratio,
                phaseShift: CaseUnits.radians(wire.shift), ampacity: wire.ampacity, rating: wire.rating,
                ratedEnd: wire.ratedEnd, isClosed: isClosed), from: start, to: finish, isInner: isStub)
    }

    mutating func readLines() {
        forEach("line", at: ["from_bus", "to_bus"], needsAll: false) { $0.readLine($1, $2) }
        forEach("impedance", at: ["from_bus", "to_bus"]) { $0.readImpedance($1, $2) }
    }

    private mutating func readLine(_ row: PandapowerRow, _ name: String) {
        let length = row.positive("length_km", &mistakes)
        let parallel = row.multiple("parallel", &mistakes)
        let capacitance = row.number("c_nf_per_km", or: 0, &mistakes) * 1e-9
        let limit = row.optional("max_i_ka", &mistakes)
        let derating = row.number("df", or: 1, &mistakes)
        let ends = ends(row, ["from_bus", "to_bus"], kind: "l")
        if ends[0].voltage != ends[1].voltage { oddVoltages.append(row.title) }
        // pandapower's base is the voltage at from_bus; the per-unit values hold on both sides.
        let sides = ends[1].voltage * ends[1].voltage / (ends[0].voltage * ends[0].voltage)
        let wire = Wire(
            name: name,
            resistance: row.number("r_ohm_per_km", &mistakes) * length / parallel * sides,
            reactance: row.number("x_ohm_per_km", &mistakes) * length / parallel * sides,
            conductance: row.number("g_us_per_km", or: 0, &mistakes) * 1e-6 * length * parallel / sides,
            susceptance: 2 * .pi * tables.frequency * capacitance * length * parallel / sides,
            ampacity: limit.map { Current($0 * 1000 * derating * parallel) })
        add(
            wire, from: ends[0], to: ends[1], isOn: row.isTrue("in_service", or: true, &mistakes),
            isLine: true)
    }

    /// In per unit of `sn_mva` and of each bus's own voltage.
    private mutating func readImpedance(_ row: PandapowerRow, _ name: String) {
        let isOn = row.isTrue("in_service", or: true, &mistakes)
        let ends = ends(row, ["from_bus", "to_bus"])
        let (from, to) = (ends[0], ends[1])
        let unit = to.voltage * to.voltage / (row.positive("sn_mva", &mistakes) * 1e6)
        let (r, x) = (row.number("rft_pu", &mistakes), row.number("xft_pu", &mistakes))
        if row.number("rtf_pu", or: r, &mistakes) != r || row.number("xtf_pu", or: x, &mistakes) != x {
            mistakes.add("\(row.title): an impedance that differs by direction is not supported")
        }
        let g = row.number("gf_pu", or: 0, &mistakes)
        let b = row.number("bf_pu", or: 0, &mistakes)
        let (farG, farB) = (row.number("gt_pu", or: 0, &mistakes), row.number("bt_pu", or: 0, &mistakes))
        let wire = Wire(
            name: name, resistance: r * unit, reactance: x * unit, conductance: 2 * g / unit,
            susceptance: 2 * b / unit)
        add(wire, from: from, to: to, isOn: isOn, isLine: false)
        // What the far end has beyond the near one.
        if isOn, from.place != nil, let place = to.place {
            nodes[place.node].conductance += (farG - g) / unit
            nodes[place.node].susceptance += (farB - b) / unit
        }
    }
}
