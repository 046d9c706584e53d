import Grid
import LinearAlgebra
import TextFile

/// Makes the rows of a feeder's tables.
struct FeederTableWriter {
    let feeder: Feeder
    private let file: String
    private(set) var rows: [String: [[String]]] = [:]
    private(set) var mistakes: [FileMistake] = []
    private(set) var warnings: [FileMistake] = []
    /// Names of buses, and of branches, that are taken.
    private var busNames: Set<String>
    private var branchNames: Set<String> = []
    private var loadNames: Set<String> = []
    /// Name of each configuration, by its cells.
    private var configurations: [[String]: String] = [:]

    private static let pairs = [(0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2)]
    private static let phaseNames = ["a", "b", "c"]

    init(_ feeder: Feeder, _ name: String) {
        self.feeder = feeder
        file = name
        busNames = Set(feeder.buses.map(\.name))
    }

    static func columns(of table: String) -> [String] {
        switch table {
        case "source": return ["bus", "nominal_kv", "voltage_pu", "angle_degrees"]
        case "configuration":
            let cells = [("r", "ohm"), ("x", "ohm"), ("b", "us")].flatMap { quantity, unit in
                pairs.map { "\(quantity)_\(phaseNames[$0])\(phaseNames[$1])_\(unit)_per_km" }
            }
            return ["config", "phases"] + cells
        case "line": return ["name", "from", "to", "configuration", "length_km", "closed"]
        case "switch": return ["name", "from", "to", "phases", "closed"]
        case "transformer":
            return ["name", "from", "to", "connection", "to_kv", "kva", "r_percent", "x_percent"]
        case "regulator":
            return [
                "name", "from", "to", "phases", "monitored", "level_v", "bandwidth_v", "pt_ratio",
                "ct_primary_a", "r_v", "x_v", "tap", "delay_s",
            ]
        case "capacitor": return ["bus", "connection", "kvar_a", "kvar_b", "kvar_c"]
        default:
            return ["name", "bus", "connection", "model"] + (1...3).flatMap { ["kw_\($0)", "kvar_\($0)"] }
        }
    }

    mutating func write() {
        writeSource()
        for line in feeder.lines { write(line) }
        for index in feeder.transformers.indices { write(transformer: index) }
        for load in feeder.loads { write(load) }
        writeShunts()
        for inverter in feeder.inverters {
            refuse(
                "inverter \(inverter.name)",
                "is no element of the tables; write it as a load of negative power")
        }
        if feeder.loads.contains(where: { $0.range != .unlimited }) {
            warn(
                "loads keep their model at every voltage; the limits beyond which they are impedances are left out"
            )
        }
        if feeder.lines.contains(where: { $0.rating != nil }) { warn("ratings of lines are left out") }
    }

    mutating func refuse(_ element: String, _ reason: String) {
        mistakes.append(FileMistake(file: file, message: "\(element): \(reason)"))
    }

    mutating func warn(_ message: String) {
        warnings.append(FileMistake(severity: .warning, file: file, message: message))
    }

    mutating func add(_ cells: [String], to table: String) {
        rows[table, default: []].append(cells)
    }

    func name(_ bus: Int) -> String { feeder.buses[bus].name }

    /// A bus of a name that no other has.
    mutating func inner(_ name: String) -> String { Self.free(name, &busNames) }

    /// A name of a branch that no other has.
    mutating func branch(_ name: String) -> String { Self.free(name, &branchNames) }

    /// A name of a load that no other has.
    mutating func loadName(_ name: String) -> String { Self.free(name, &loadNames) }

    private static func free(_ name: String, _ taken: inout Set<String>) -> String {
        var (candidate, count) = (name, 1)
        while !taken.insert(candidate).inserted {
            count += 1
            candidate = "\(name)-\(count)"
        }
        return candidate
    }

    /// `abc`; nil where there are other conductors, or one twice.
    static func phases(_ conductors: [Int]) -> String? {
        guard conductors.allSatisfy({ (1...3).contains($0) }), Set(conductors).count == conductors.count
        else { return nil }
        return conductors.sorted().map { phaseNames[$0 - 1] }.joined()
    }

    private mutating func writeSource() {
        guard feeder.sources.count == 1 else {
            return refuse("the feeder", "has \(feeder.sources.count) sources, the tables one")
        }
        let source = feeder.sources[0]
        let third = 2 * Double.pi / 3
        let turns = zip(source.angle, [0, -third, third]).map { angle, shift in
            remainder(angle - shift - source.angle[0], 2 * .pi)
        }
        let isEven =
            source.pairs == Feeder.Pair.wye && turns.allSatisfy { abs($0) < 1e-9 }
            && source.magnitude.allSatisfy { abs($0 / source.magnitude[0] - 1) < 1e-12 }
        guard isEven else { return refuse("source \(source.name)", "its three voltages are not equal ones") }
        let bus = feeder.buses[source.bus]
        var at = bus.name
        if !source.impedance.isZero {
            at = inner("\(bus.name)-source")
            line(
                branch("source-impedance"), at, bus.name, [1, 2, 3], source.impedance, .zero(3),
                isClosed: true)
        }
        add(
            [
                at, "\(bus.nominalVoltage.value / 1000)",
                "\(source.magnitude[0].value / bus.nominalPhaseVoltage)",
                "\(source.angle[0] * 180 / .pi)",
            ], to: "source")
    }

    private mutating func write(_ line: Feeder.Line) {
        guard line.from.conductors == line.to.conductors, let phases = Self.phases(line.from.conductors)
        else {
            return refuse(
                "line \(line.name)",
                "does not join the same phases of two buses; neutrals and crossed phases have "
                    + "no place in the tables")
        }
        guard line.admittance.elements.allSatisfy({ $0.real == 0 }) else {
            return refuse("line \(line.name)", "has a conductance to earth")
        }
        let (from, to) = (name(line.from.bus), name(line.to.bus))
        if line.impedance.isZero, line.admittance.isZero {
            add([branch(line.name), from, to, phases, line.isClosed ? "1" : "0"], to: "switch")
        } else {
            self.line(
                branch(line.name), from, to, line.from.conductors, line.impedance, line.admittance,
                isClosed: line.isClosed)
        }
    }

    /// A line of 1 km, whose configuration is its own or that of an equal one.
    mutating func line(
        _ name: String, _ from: String, _ to: String, _ conductors: [Int], _ impedance: ConductorMatrix,
        _ admittance: ConductorMatrix, isClosed: Bool
    ) {
        let places = [1, 2, 3].map { conductors.firstIndex(of: $0) }
        func cells(_ value: (Int, Int) -> Double) -> [String] {
            Self.pairs.map { i, j in
                guard let row = places[i], let column = places[j] else { return "0" }
                return "\(value(row, column))"
            }
        }
        for (matrix, what) in [(impedance, "impedance"), (admittance, "capacitance")] {
            let isSymmetric = (0..<matrix.order).allSatisfy { row in
                (0..<row).allSatisfy { matrix[row, $0] == matrix[$0, row] }
            }
            if !isSymmetric { refuse("line \(name)", "its matrix of \(what) is not symmetric") }
        }
        let content =
            [Self.phases(conductors) ?? ""] + cells { impedance[$0, $1].real }
            + cells { impedance[$0, $1].imaginary } + cells { admittance[$0, $1].imaginary * 1e6 }
        let configuration = configurations[content] ?? "c\(configurations.count + 1)"
        if configurations.updateValue(configuration, forKey: content) == nil {
            add([configuration] + content, to: "configuration")
        }
        add([name, from, to, configuration, "1", isClosed ? "1" : "0"], to: "line")
    }
}

private func remainder(_ value: Double, _ period: Double) -> Double {
    value - (value / period).rounded() * period
}
