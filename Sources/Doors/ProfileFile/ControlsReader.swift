import Grid
import YAMLFile

/// Reads the controls of a case.
struct ControlsReader {
    private let networkCase: NetworkCase
    private let collector: MistakeCollector
    private let buses: NameTable<Int>
    private let branches: NameTable<Int>
    private let generators: NameTable<Int>
    /// Buses and branches whose name another one has too.
    private let ambiguous: Set<String>
    private var controls = VoltageControls()
    private var names: [String] = []
    private var plants: [Int] = []
    private var capacitorNames: [String] = []

    init(_ networkCase: NetworkCase, _ collector: MistakeCollector) {
        self.networkCase = networkCase
        self.collector = collector
        let places = networkCase.namedBuses
        let lines = networkCase.network.branches.enumerated().map { index, branch in
            let ends = networkCase.ends(ofBranch: index)
            let name = branch.name.isEmpty ? "\(places[ends.from].name)-\(places[ends.to].name)" : branch.name
            return (name, index)
        }
        buses = NameTable(places.map { ($0.name, $0.bus) })
        branches = NameTable(lines)
        generators = NameTable(networkCase.generators.enumerated().map { ($1.name, $0) })
        var (seen, twice) = (Set<String>(), Set<String>())
        for name in lines.map(\.0) + networkCase.generators.map(\.name) where !seen.insert(name).inserted {
            twice.insert(name)
        }
        ambiguous = twice
    }

    var result: CaseControls {
        CaseControls(controls: controls, switches: names + capacitorNames, generators: plants)
    }

    mutating func read(_ root: Mapping) {
        for field in root.optional("tap_changers")?.list() ?? [] {
            guard let changer = field.mapping(tapChanger), let name = field.text(at: "branch") else {
                continue
            }
            if controls.tapChangers.contains(where: { $0.branch == changer.branch }) {
                field.mistake("the branch \(name) has a tap changer already")
            }
            controls.tapChangers.append(changer)
            names.append(name)
        }
        for field in root.optional("capacitors")?.list() ?? [] {
            guard let bank = field.mapping(capacitor) else { continue }
            controls.capacitors.append(bank)
            let bus = field.text(at: "bus") ?? ""
            let others = capacitorNames.count { $0 == bus || $0.hasPrefix(bus + "#") }
            capacitorNames.append(others == 0 ? bus : "\(bus)#\(others + 1)")
        }
        for field in root.optional("inverters")?.list() ?? [] {
            guard let (generator, inverter) = field.mapping(inverter) else { continue }
            if plants.contains(generator) {
                field.mistake("the generator is an inverter of this list already")
            }
            controls.inverters.append(inverter)
            plants.append(generator)
        }
        var everywhere: LoadMix?
        for field in root.optional("loads")?.list() ?? [] {
            guard let mix = field.mapping(mix) else { continue }
            if mix.bus < 0 { everywhere = mix } else { controls.loadMixes.append(mix) }
        }
        guard let everywhere else { return }
        let named = Set(controls.loadMixes.map(\.bus))
        for bus in Set(networkCase.loads.filter(\.isConnected).map(\.bus)).subtracting(named).sorted() {
            controls.loadMixes.append(
                LoadMix(
                    bus: bus, constantCurrent: everywhere.constantCurrent,
                    constantImpedance: everywhere.constantImpedance))
        }
    }

    private func reference(_ mapping: Mapping, _ key: String, _ what: String, in table: NameTable<Int>)
        -> Int?
    {
        guard let field = mapping.required(key), let index = field.reference(what, in: table) else {
            return nil
        }
        guard what == "bus" || !ambiguous.contains(field.text ?? "") else {
            field.mistake("more than one \(what) of the case has this name")
            return nil
        }
        return index
    }

    private func tapChanger(_ mapping: Mapping) -> TapChanger? {
        let branch = reference(mapping, "branch", "branch", in: branches)
        let bus = reference(mapping, "bus", "bus", in: buses)
        let voltage = mapping.quantity("voltage", .perUnitVoltage, in: Bounds(0.5...1.5))
        let deadband = mapping.quantity("deadband", .perUnitVoltage, in: .positive)
        let positions = mapping.optional("positions").map { Self.positions($0) } ?? -16...16
        let step = mapping.quantity("step", .fraction, in: .share, default: 0.00625)
        let delay = mapping.quantity("delay", .duration, in: .notNegative, default: 30)
        let pause = mapping.quantity("pause", .duration, in: .notNegative, default: 0)
        let resistance = mapping.quantity("drop_resistance", .impedance, in: .any, default: 0)
        let reactance = mapping.quantity("drop_reactance", .impedance, in: .any, default: 0)
        guard let branch, let bus, let voltage, let deadband, let positions, let step, let delay, let pause,
            let resistance, let reactance
        else { return nil }
        return TapChanger(
            branch: branch, positions: positions, step: step, bus: bus, voltage: voltage, deadband: deadband,
            delay: delay, pause: pause, dropResistance: Impedance(resistance),
            dropReactance: Impedance(reactance))
    }

    /// Such as `-16..16`: 0 among them, at most 1000 on each side.
    private static func positions(_ field: Field) -> ClosedRange<Int>? {
        let ends = field.text?.split(separator: "..", maxSplits: 1).map { Int($0.filter { $0 != " " }) } ?? []
        guard ends.count == 2, let low = ends[0], let high = ends[1], (-1000...0).contains(low),
            (0...1000).contains(high), low < high
        else { return field.refuse("a range of positions around 0, such as '-16..16'") }
        return low...high
    }

    private func capacitor(_ mapping: Mapping) -> SwitchedCapacitor? {
        let bus = reference(mapping, "bus", "bus", in: buses)
        let stage = mapping.quantity("stage", .reactivePower, in: .positive)
        let stages = mapping.optional("stages").map { $0.integer(in: 1...1000) } ?? 1
        let on = mapping.quantity("delay_on", .duration, in: .notNegative, default: 15)
        let off = mapping.quantity("delay_off", .duration, in: .notNegative, default: 15)
        let byVoltage = mapping.optional("voltage")
        let byReactive = mapping.optional("reactive")
        if (byVoltage == nil) == (byReactive == nil) {
            mapping.field.mistake(
                "what switches the bank is either 'voltage: {bus, on, off}' or "
                    + "'reactive: {branch, on, off}'")
        }
        let measure =
            byVoltage.flatMap { $0.mapping(voltageMeasure) }
            ?? byReactive.flatMap { $0.mapping(reactiveMeasure) }
        guard let bus, let stage, let stages, let on, let off, let measure else { return nil }
        return SwitchedCapacitor(
            bus: bus, stage: ReactivePower(stage), stages: stages, measure: measure, delayOn: on,
            delayOff: off)
    }

    private func voltageMeasure(_ mapping: Mapping) -> SwitchedCapacitor.Measure? {
        let bus = reference(mapping, "bus", "bus", in: buses)
        let on = mapping.quantity("on", .perUnitVoltage, in: Bounds(0.5...1.5))
        let off = mapping.quantity("off", .perUnitVoltage, in: Bounds(0.5...1.5))
        guard let bus, let on, let off else { return nil }
        if on > off { mapping.field.mistake("'on' must be at most 'off': below it a stage is switched on") }
        return .voltage(bus: bus, on: on, off: off)
    }

    private func reactiveMeasure(_ mapping: Mapping) -> SwitchedCapacitor.Measure? {
        let branch = reference(mapping, "branch", "branch", in: branches)
        let on = mapping.quantity("on", .reactivePower, in: .any)
        let off = mapping.quantity("off", .reactivePower, in: .any)
        guard let branch, let on, let off else { return nil }
        if on < off { mapping.field.mistake("'off' must be at most 'on': below it a stage is switched off") }
        return .reactive(branch: branch, on: ReactivePower(on), off: ReactivePower(off))
    }

    private func inverter(_ mapping: Mapping) -> (Int, InverterControl)? {
        let generator = reference(mapping, "generator", "generator", in: generators)
        let rating = mapping.quantity("rating", .apparentPower, in: .positive)
        let active = mapping.quantity("active_rating", .power, in: .positive, default: rating ?? 1)
        let voltVar =
            mapping.optional("volt_var").map {
                Self.curve(
                    $0, [("category-a", .voltVarCategoryA), ("category-b", .voltVarCategoryB)], from: -1)
            } ?? .some(nil)
        let voltWatt =
            mapping.optional("volt_watt").map { Self.curve($0, [("ieee-1547", .voltWatt)], from: 0) }
            ?? .some(nil)
        let priority =
            mapping.optional("priority").map {
                $0.choice(
                    "a priority", [("active", InverterControl.Priority.active), ("reactive", .reactive)])
            } ?? .active
        if let generator, let field = mapping.optional("generator") {
            let unit = networkCase.generators[generator]
            if !unit.isConnected { field.mistake("the generator is out of service") }
            if unit.voltage != nil {
                field.mistake("the generator holds a voltage, so no curve decides its powers")
            }
        }
        guard let generator, let rating, let active, let voltVar, let voltWatt, let priority else {
            return nil
        }
        return (
            generator,
            InverterControl(
                bus: networkCase.generators[generator].bus, rating: ApparentPower(rating),
                activeRating: Power(active), voltVar: voltVar, voltWatt: voltWatt, priority: priority)
        )
    }

    /// One of the curves with a name, or points `[[0.92, 0.44], …]`; an outer nil where it is wrong.
    private static func curve(
        _ field: Field, _ named: [(String, VoltageCurve)], from least: Double
    ) -> VoltageCurve?? {
        if field.isText {
            return field.choice("a curve", named).map { .some($0) }
        }
        guard let rows = field.list() else { return nil }
        let points = rows.compactMap { row -> VoltageCurve.Point? in
            guard let cells = row.list(), cells.count == 2 else {
                return row.refuse("a point [voltage, output], both relative, such as [0.92, 0.44]")
            }
            guard let voltage = cells[0].number(in: 0.1...2), let output = cells[1].number(in: least...1)
            else {
                return nil
            }
            return VoltageCurve.Point(voltage, output)
        }
        guard points.count == rows.count else { return nil }
        let isFalling = zip(points, points.dropFirst()).allSatisfy {
            $0.voltage < $1.voltage && $0.output >= $1.output
        }
        guard !points.isEmpty, isFalling else {
            field.mistake("a curve has points whose voltages rise and whose outputs fall or stay")
            return nil
        }
        return .some(VoltageCurve(points))
    }

    /// Of every bus: −1.
    private func mix(_ mapping: Mapping) -> LoadMix? {
        let isAll = mapping.text(at: ["bus"]) == "all"
        if isAll { _ = mapping.optional("bus") }
        let bus = isAll ? -1 : reference(mapping, "bus", "bus", in: buses)
        let current = mapping.quantity("constant_current", .fraction, in: Bounds(0...1), default: 0)
        let impedance = mapping.quantity("constant_impedance", .fraction, in: Bounds(0...1), default: 0)
        guard let bus, let current, let impedance else { return nil }
        if current + impedance > 1 {
            mapping.field.mistake("constant_current and constant_impedance together are more than 100 %")
        }
        if bus >= 0, controls.loadMixes.contains(where: { $0.bus == bus }) {
            mapping.field.mistake("the loads of this bus stand in the list already")
        }
        return LoadMix(bus: bus, constantCurrent: current, constantImpedance: impedance)
    }
}

extension ControlsReader {
    /// Adds the loads that depend on voltage in the case itself, at buses that the file does not name.
    mutating func addLoadsOfCase() {
        var loads: [Int: [NetworkCase.Load]] = [:]
        for load in networkCase.loads where load.isConnected { loads[load.bus, default: []].append(load) }
        let named = Set(controls.loadMixes.map(\.bus))
        for (bus, loads) in loads.sorted(by: { $0.key < $1.key }) where !named.contains(bus) {
            let mixes = Set(loads.map { [$0.constantCurrent, $0.constantImpedance] })
            guard mixes != [[0, 0]] else { continue }
            guard mixes.count == 1 else {
                collector.error(
                    .begin, "",
                    "the loads at bus \(networkCase.network.buses[bus].name) depend on voltage in different ways; "
                        + "give the bus one mix in 'loads' of the file of controls")
                continue
            }
            controls.loadMixes.append(
                LoadMix(
                    bus: bus, constantCurrent: loads[0].constantCurrent,
                    constantImpedance: loads[0].constantImpedance))
        }
    }

    /// A generator that is no inverter of the list would depend on voltage as the loads beside it do.
    func refusePlantsBesideLoads() {
        let dependent = Set(
            controls.loadMixes.filter { $0.constantCurrent + $0.constantImpedance > 0 }.map(\.bus))
        let sources = Set(networkCase.network.sources.map(\.bus))
        for (index, unit) in networkCase.generators.enumerated()
        where unit.isConnected && unit.voltage == nil && dependent.subtracting(sources).contains(unit.bus)
            && !plants.contains(index)
        {
            collector.error(
                .begin, "",
                "generator \(unit.name) stands beside loads that depend on voltage; name it in 'inverters', "
                    + "without curves where it follows none")
        }
    }
}
