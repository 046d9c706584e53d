import Glibc
import Grid
import TextFile

// MATPOWER's model is per unit: a branch has its ideal transformer at `from`, as Karst's has, and its π is on
// the base of `to`. Loads are constant power; shunts are MW and Mvar at 1 p.u. Bus types mean what MATPOWER's
// `bustypes` makes of them: a REF or PV bus without a generator that runs is a PQ bus, and where no REF is
// left the first PV bus becomes it.

extension CaseFile {
    static func loadMatpower(_ bytes: [UInt8], name: String) throws(FileMistakes) -> LoadedCase {
        let result = bytes.withUnsafeBufferPointer { bytes -> Result<LoadedCase, FileMistakes> in
            var reader = MatpowerReader(bytes, file: name)
            reader.read()
            return Result { () throws(FileMistakes) in
                var tables = try MatpowerCase(reader)
                return try tables.loaded(name: stem(name))
            }
        }
        return try result.get()
    }
}

/// The tables of a MATPOWER file, checked and turned into a network.
struct MatpowerCase {
    let reader: MatpowerReader
    var mistakes: MistakeList
    /// What only those need to know who need costs.
    var costMistakes: MistakeList
    private(set) var bus = MatpowerMatrix(0)
    private(set) var generator = MatpowerMatrix(0)
    private(set) var branch = MatpowerMatrix(0)
    /// Nil where the file has none.
    private(set) var cost: MatpowerMatrix?
    /// MVA.
    private(set) var base = 1.0
    /// Row of each bus number.
    var rows: [Int: Int] = [:]

    enum Kind { case load, regulated, source, isolated }

    init(_ reader: MatpowerReader) throws(FileMistakes) {
        self.reader = reader
        mistakes = reader.mistakes
        costMistakes = MistakeList(file: reader.mistakes.file)
        try mistakes.check()
        // As MATPOWER's loadcase does, a case without version is judged by the width of `gen`.
        let isWide = (reader.field("gen")?.columns ?? 0) >= 21
        if reader.version != "2", reader.version != nil || !isWide {
            let found = reader.version.map { "'\($0)'" } ?? "no version, which means 1"
            mistakes.add(
                "only version '2' can be read; the file says \(found) (MATPOWER's savecase writes 2)")
        }
        base = reader.field("baseMVA")?.scalar ?? 0
        if !(1e-9...1e9).contains(base) { mistakes.add("baseMVA must be a number above 0") }
        bus = table("bus", columns: 13)
        generator = table("gen", columns: 10)
        branch = table("branch", columns: 11)
        cost = reader.field("gencost").flatMap { $0.rows > 0 ? $0 : nil }
        try mistakes.check()
    }

    private mutating func table(_ field: String, columns: Int) -> MatpowerMatrix {
        let matrix = reader.field(field) ?? MatpowerMatrix(rows: 0, columns: columns, values: [])
        if matrix.rows == 0, field != "branch" {
            mistakes.add("the table \(reader.structure).\(field) is missing or empty")
        } else if matrix.rows > 0, matrix.columns < columns {
            mistakes.add(
                "\(reader.structure).\(field) has \(matrix.columns) columns; it needs \(columns)",
                at: reader.place(of: field, row: 0, column: 0))
        }
        return matrix
    }

    mutating func loaded(name: String) throws(FileMistakes) -> LoadedCase {
        checkBuses()
        checkEnds()
        checkGenerators()
        checkShares()
        checkBranches()
        let costs = costs()
        try mistakes.check()
        let kinds = kinds()
        try mistakes.check()
        let networkCase = NetworkCase(
            name: name, buses: buses(), branches: branches(), sources: sources(kinds),
            loads: loads(kinds), generators: generators(kinds, costs), basePower: Power(base * 1e6),
            hasWeights: hasWeights)
        for fault in costMistakes.errors {
            mistakes.warn(
                "\(fault.message); optimal power flow refuses this cost", at: (fault.line, fault.column))
        }
        return LoadedCase(
            networkCase: networkCase, warnings: mistakes.warnings, costMistakes: costMistakes.errors)
    }
}

// The network that the tables mean.
extension MatpowerCase {
    private func voltage(_ row: Int) -> Double {
        (1e-6...1e5).contains(bus[row, 9]) ? bus[row, 9] * 1000 : 1000
    }

    /// Ω that are 1 p.u.
    private func impedance(_ row: Int) -> Double { CaseUnits.impedance(voltage(row), base * 1e6) }

    /// A number of an element that is out of service, where it need not be a good one; else `standard`.
    private func idle(_ value: Double, or standard: Double = 0) -> Double {
        value.magnitude <= Self.largest ? value : standard
    }

    private func buses() -> [Bus] {
        (0..<bus.rows).map { row in
            let (lower, upper) = (idle(bus[row, 12]), idle(bus[row, 11], or: Self.largest))
            return Bus(
                name: shortest(bus[row, 0]), nominalVoltage: Voltage(voltage(row)),
                limits: lower...max(lower, upper),
                shuntConductance: CaseUnits.admittance(idle(bus[row, 4]), voltage(row)),
                shuntSusceptance: CaseUnits.admittance(idle(bus[row, 5]), voltage(row)))
        }
    }

    private func branches() -> [Branch] {
        var known: [String: Int] = [:]
        return (0..<branch.rows).map { row in
            let (from, to) = (busRow(branch[row, 0]), busRow(branch[row, 1]))
            let pair = "\(shortest(branch[row, 0]))-\(shortest(branch[row, 1]))"
            let count = known[pair, default: 0] + 1
            known[pair] = count
            let unit = impedance(to)
            let (rating, ratio) = (branch[row, 5], branch[row, 8])
            return Branch(
                name: count == 1 ? pair : "\(pair)-\(count)", from: from, to: to,
                resistance: Impedance(idle(branch[row, 2]) * unit),
                reactance: Impedance(idle(branch[row, 3]) * unit), charging: idle(branch[row, 4]) / unit,
                ratio: (1e-3...1e3).contains(ratio) ? ratio : 1,
                phaseShift: CaseUnits.radians(idle(branch[row, 9])),
                rating: rating > 0 && rating <= Self.largest ? ApparentPower(rating * 1e6) : nil,
                angleLimits: angleLimits(row), isClosed: isClosed(row))
        }
    }

    /// As in MATPOWER, the last generator that runs at a bus gives its voltage.
    private func setVoltages() -> [Int: Double] {
        var voltages: [Int: Double] = [:]
        for row in 0..<generator.rows where generator[row, 7] > 0 {
            voltages[busRow(generator[row, 0])] = generator[row, 5]
        }
        return voltages
    }

    private func sources(_ kinds: [Kind]) -> [Network.Source] {
        let voltages = setVoltages()
        return kinds.indices.filter { kinds[$0] == .source }.map { row in
            Network.Source(
                bus: row, voltage: voltages[row]!, angle: CaseUnits.radians(bus[row, 8]),
                participation: sourceWeight(row))
        }
    }

    private func loads(_ kinds: [Kind]) -> [NetworkCase.Load] {
        (0..<bus.rows).filter { idle(bus[$0, 2]) != 0 || idle(bus[$0, 3]) != 0 }.map { row in
            NetworkCase.Load(
                name: "load-\(shortest(bus[row, 0]))", bus: row, active: Power(idle(bus[row, 2]) * 1e6),
                reactive: ReactivePower(idle(bus[row, 3]) * 1e6), isConnected: kinds[row] != .isolated)
        }
    }

    private func generators(
        _ kinds: [Kind], _ costs: [(active: CostCurve?, reactive: CostCurve?)]
    ) -> [NetworkCase.Generator] {
        let (voltages, hasWeights) = (setVoltages(), hasWeights)
        var known: [Int: Int] = [:]
        return (0..<generator.rows).map { row in
            let at = busRow(generator[row, 0])
            let count = known[at, default: 0] + 1
            known[at] = count
            let name = "gen-\(shortest(generator[row, 0]))" + (count == 1 ? "" : "-\(count)")
            let holdsVoltage = kinds[at] == .source || kinds[at] == .regulated
            return NetworkCase.Generator(
                name: name, bus: at, active: Power(idle(generator[row, 1]) * 1e6),
                reactive: ReactivePower(idle(generator[row, 2]) * 1e6),
                activeLimits: limits(row, 9, 8).map { Power($0.lowerBound)...Power($0.upperBound) },
                reactiveLimits: limits(row, 4, 3).map {
                    ReactivePower($0.lowerBound)...ReactivePower($0.upperBound)
                },
                voltage: holdsVoltage ? voltages[at] : nil, cost: costs[row].active,
                reactiveCost: costs[row].reactive, participation: hasWeights ? weight(row) : nil,
                isConnected: runs(row))
        }
    }

    /// Nil where neither side has a limit, or they are no limits; one that is infinite becomes 10¹⁸ W.
    private func limits(_ row: Int, _ low: Int, _ high: Int) -> ClosedRange<Double>? {
        let (lower, upper) = (generator[row, low], generator[row, high])
        guard lower.isFinite || upper.isFinite, lower <= upper else { return nil }
        let bounds = [lower, upper].map { min(max($0, -Self.largest), Self.largest) * 1e6 }
        return bounds[0]...bounds[1]
    }
}
