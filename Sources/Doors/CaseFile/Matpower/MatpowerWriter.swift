import Grid
import TextFile

extension CaseFile {
    /// `networkCase` as a MATPOWER function that MATPOWER can solve and `load` reads again. Loads at a bus
    /// are added up; what MATPOWER has no column for (the iron of a transformer, constant-impedance loads, a
    /// branch from a bus to itself) stands among the shunts of the buses; loads that are switched off are
    /// left out; a bus without a path to a source is isolated; a branch below the least impedance has that.
    /// Constant-current loads have no place, and are refused.
    static func matpower(
        _ networkCase: NetworkCase, _ start: StartVoltages?
    ) throws(FileMistakes) -> String {
        let dependent = networkCase.loads.filter { $0.isConnected && $0.constantCurrent != 0 }
        guard dependent.isEmpty else {
            throw FileMistakes(
                dependent.prefix(10).map {
                    FileMistake(
                        file: networkCase.name,
                        message: "load '\($0.name)' has a constant-current part, which MATPOWER cannot hold")
                })
        }
        return MatpowerWriter(networkCase, start).text
    }
}

/// The voltages from which a power flow of a written case starts.
public struct StartVoltages: Hashable, Sendable {
    /// |V| by bus, as a fraction of nominal; 0 where it is de-energised.
    public let magnitudes: [Double]
    /// Voltage angle by bus, rad.
    public let angles: [Double]

    /// Voltages of all buses of a network.
    public init(magnitudes: [Double], angles: [Double]) {
        self.magnitudes = magnitudes
        self.angles = angles
    }
}

private struct MatpowerWriter {
    private let networkCase: NetworkCase
    private let start: StartVoltages?
    private var network: Network { networkCase.network }
    /// Per unit, for what has a path to a source and for branches that become shunts.
    private let perUnit: PerUnitNetwork
    private let isLive: [Bool]
    /// W.
    private let base: Double
    /// Bus numbers: the names where these are such, else 1, 2, 3 …
    private let numbers: [Int]
    private let areNames: Bool
    private let sources: [Int: Network.Source]

    init(_ networkCase: NetworkCase, _ start: StartVoltages?) {
        self.networkCase = networkCase
        self.start = start
        let buses = networkCase.network.buses
        precondition(
            start.map { $0.magnitudes.count == buses.count && $0.angles.count == buses.count } ?? true)
        perUnit = PerUnitNetwork(networkCase.network)
        isLive = LiveNetwork(perUnit).positions.map { $0 != nil }
        base = networkCase.network.basePower.value
        let named = buses.compactMap { bus in
            Int(bus.name).flatMap { "\($0)" == bus.name && $0 > 0 ? $0 : nil }
        }
        areNames = named.count == buses.count && Set(named).count == named.count && named.max()! < 1 << 30
        numbers = areNames ? named : Array(1...buses.count)
        sources = Dictionary(uniqueKeysWithValues: networkCase.network.sources.map { ($0.bus, $0) })
    }

    var text: String {
        let name = identifier(networkCase.name)
        var text = """
            function mpc = \(name)
            %\(name.uppercased())  Written by Karst.

            mpc.version = '2';
            mpc.baseMVA = \(shortest(megawatts(base)));

            """
        text += table(
            "bus", "bus_i\ttype\tPd\tQd\tGs\tBs\tarea\tVm\tVa\tbaseKV\tzone\tVmax\tVmin", busRows)
        let header = "bus\tPg\tQg\tQmax\tQmin\tVg\tmBase\tstatus\tPmax\tPmin"
        if networkCase.generators.contains(where: { $0.participation != nil }) {
            let unused = "\tPc1\tPc2\tQc1min\tQc1max\tQc2min\tQc2max\tramp_agc\tramp_10\tramp_30\tramp_q"
            text += table(
                "gen", header + unused + "\tapf",
                zip(generatorRows, weights).map { $0 + Array(repeating: 0, count: 10) + [$1] })
        } else {
            text += table("gen", header, generatorRows)
        }
        text += table(
            "branch", "fbus\ttbus\tr\tx\tb\trateA\trateB\trateC\tratio\tangle\tstatus\tangmin\tangmax",
            branchRows)
        if let rows = costRows {
            text += table("gencost", "model\tstartup\tshutdown\tn\tc(n-1)\t…\tc0, or p1\tc1\t…", rows)
        }
        if !areNames {
            let names = networkCase.joinedNames.map {
                "\t'\($0.replacing("'", with: "''").filter { !$0.isNewline })';\n"
            }
            text += "\nmpc.bus_name = {\n" + names.joined() + "};\n"
        }
        return text
    }

    private func table(_ name: String, _ header: String, _ rows: [[Double]]) -> String {
        var text = "\n%\t\(header)\nmpc.\(name) = [\n"
        for row in rows {
            for number in row { text += "\t" + spelled(number) }
            text += ";\n"
        }
        return text + "];\n"
    }

    private var busRows: [[Double]] {
        let earth = earth
        var (active, reactive) = (network.buses.map { _ in 0.0 }, network.buses.map { _ in 0.0 })
        for load in networkCase.loads where load.isConnected {
            active[load.bus] += load.active.value * (1 - load.constantImpedance)
            reactive[load.bus] += load.reactive.value * (1 - load.constantImpedance)
        }
        let regulated = Set(network.regulators.map(\.bus))
        return network.buses.enumerated().map { index, bus in
            let voltage = bus.nominalVoltage.value
            let source = sources[index]
            let kind = !isLive[index] ? 4 : source != nil ? 3 : regulated.contains(index) ? 2 : 1
            let shunts = [earth.conductance[index], earth.susceptance[index]].map { siemens in
                origin(of: siemens, near: siemens * voltage * voltage / 1e6) {
                    CaseUnits.admittance($0, voltage)
                }
            }
            let begin = begin(index)
            return [
                Double(numbers[index]), Double(kind), megawatts(active[index]), megawatts(reactive[index]),
                shunts[0], shunts[1], 1, begin.magnitude, degrees(begin.angle),
                origin(of: voltage, near: voltage / 1000) { $0 * 1000 }, 1, bus.limits.upperBound,
                bus.limits.lowerBound,
            ]
        }
    }

    /// Where a power flow starts: at a source what it holds, else the given voltage, or 1.
    private func begin(_ bus: Int) -> (magnitude: Double, angle: Double) {
        if let source = sources[bus] { return (source.voltage, source.angle) }
        guard let start, start.magnitudes[bus] > 0, isLive[bus] else { return (1, 0) }
        return (start.magnitudes[bus], start.angles[bus])
    }

    /// Shunts of the buses, S, with all that stands among them.
    private var earth: EarthedBuses {
        var earth = EarthedBuses(network.buses)
        earth.addImpedanceParts(of: networkCase.loads)
        for (index, branch) in network.branches.enumerated() {
            if branch.from == branch.to, branch.isClosed {
                earth.addLoop(perUnit.branches[index], at: branch.to, power: base)
            } else if branch.shuntConductance != 0 {
                earth.addShunt(of: branch, conductance: branch.shuntConductance, susceptance: 0)
            }
        }
        return earth
    }

    /// Those of the case, and at a source where none runs one that stands for it.
    private var generatorRows: [[Double]] {
        let regulators = Dictionary(uniqueKeysWithValues: network.regulators.map { ($0.bus, $0.voltage) })
        let rows = networkCase.generators.map { unit -> [Double] in
            let voltage = sources[unit.bus]?.voltage ?? regulators[unit.bus] ?? unit.voltage ?? 1
            let active = unit.activeLimits.map { $0.lowerBound.value...$0.upperBound.value }
            let reactive = unit.reactiveLimits.map { $0.lowerBound.value...$0.upperBound.value }
            return [
                Double(numbers[unit.bus]), megawatts(unit.active.value), megawatts(unit.reactive.value),
                megawatts(reactive?.upperBound ?? .infinity), megawatts(reactive?.lowerBound ?? -.infinity),
                voltage,
                megawatts(base), unit.isConnected ? 1 : 0, megawatts(active?.upperBound ?? .infinity),
                megawatts(active?.lowerBound ?? -.infinity),
            ]
        }
        return rows
            + unfedSources.map { source -> [Double] in
                [
                    Double(numbers[source.bus]), 0, 0, .infinity, -.infinity, source.voltage, megawatts(base),
                    1, .infinity, -.infinity,
                ]
            }
    }

    private var unfedSources: [Network.Source] {
        let fed = Set(networkCase.generators.filter(\.isConnected).map(\.bus))
        return network.sources.filter { !fed.contains($0.bus) }
    }

    /// Nil unless the cost of every generator that runs is known: MATPOWER has costs for all or none. One
    /// that does not run may have none, written as 0.
    private var costRows: [[Double]]? {
        let units = networkCase.generators
        guard !units.isEmpty, unfedSources.isEmpty, units.allSatisfy({ $0.cost != nil || !$0.isConnected }),
            units.contains(where: { $0.cost != nil })
        else { return nil }
        var curves = units.map(\.cost)
        if units.contains(where: { $0.reactiveCost != nil }) { curves += units.map(\.reactiveCost) }
        let rows = curves.map { curve -> [Double] in
            switch curve ?? .polynomial(constant: 0, linear: 0, quadratic: 0) {
            case .polynomial(let constant, let linear, let quadratic):
                [
                    2, 0, 0, 3, origin(of: quadratic, near: quadratic * 1e12) { $0 / 1e12 },
                    origin(of: linear, near: linear * 1e6) { $0 / 1e6 }, constant,
                ]
            case .higherPolynomial(let coefficients):
                [2, 0, 0, Double(coefficients.count)]
                    + coefficients.indices.reversed().map { power in
                        let unit = CaseUnits.power(1e6, power)
                        return origin(of: coefficients[power], near: coefficients[power] * unit) { $0 / unit }
                    }
            case .piecewise(let points):
                [1, 0, 0, Double(points.count)] + points.flatMap { [megawatts($0.power.value), $0.cost] }
            }
        }
        let width = rows.reduce(0) { max($0, $1.count) }
        return rows.map { $0 + Array(repeating: 0, count: width - $0.count) }
    }

    /// Of each row of `generatorRows`, its weight in a shared remainder. At a source the first generator that
    /// runs has that of the whole bus.
    private var weights: [Double] {
        var left = Dictionary(uniqueKeysWithValues: network.sources.map { ($0.bus, $0.participation) })
        let rows = networkCase.generators.map { unit -> Double in
            if !unit.isConnected { return 0 }
            if sources[unit.bus] != nil { return left.removeValue(forKey: unit.bus) ?? 0 }
            return unit.voltage == nil ? 0 : unit.weight
        }
        return rows + network.sources.compactMap { left[$0.bus] }
    }

    private var branchRows: [[Double]] {
        network.branches.indices.filter { network.branches[$0].from != network.branches[$0].to }.map {
            index in
            let (branch, least) = (network.branches[index], PerUnitNetwork.leastImpedance)
            let voltage = network.buses[branch.to].nominalVoltage.value
            let unit = CaseUnits.impedance(voltage, base)
            let r = origin(of: branch.resistance.value, near: branch.resistance.value / unit) { $0 * unit }
            let x = origin(of: branch.reactance.value, near: branch.reactance.value / unit) { $0 * unit }
            let carried = branch.ampacity.map { $0.value * voltage * 3.0.squareRoot() }
            let rating = branch.rating?.value ?? carried ?? 0
            let isLine = branch.ratio == 1 && branch.phaseShift == 0
            return [
                Double(numbers[branch.from]), Double(numbers[branch.to]), r,
                r * r + x * x < least * least ? least : x,
                origin(of: branch.charging, near: branch.charging * unit) { $0 / unit }, megawatts(rating), 0,
                0, isLine ? 0 : branch.ratio, degrees(branch.phaseShift), branch.isClosed ? 1 : 0,
                branch.angleLimits.map { degrees($0.lowerBound) } ?? -360,
                branch.angleLimits.map { degrees($0.upperBound) } ?? 360,
            ]
        }
    }

    private func megawatts(_ watts: Double) -> Double { origin(of: watts, near: watts / 1e6) { $0 * 1e6 } }
    private func degrees(_ radians: Double) -> Double {
        origin(of: radians, near: radians / .pi * 180, CaseUnits.radians)
    }

    private func spelled(_ number: Double) -> String {
        number.isInfinite ? (number < 0 ? "-Inf" : "Inf") : shortest(number)
    }

    /// A name MATLAB takes for a function.
    private func identifier(_ name: String) -> String {
        let letters = name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" }
        let isGood = letters.first?.isLetter ?? false
        return String((isGood ? "" : "case_") + String(letters.prefix(50)))
    }
}
