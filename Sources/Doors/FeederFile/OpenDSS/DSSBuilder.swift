import Foundation
import Grid
import LinearAlgebra
import TextFile

/// Builds the feeder from what a script said about its objects.
struct DSSBuilder {
    let script: DSSScript
    var mistakes: [FileMistake] = []
    var warnings: [FileMistake] = []
    var feeder = Feeder()
    private var busIndices: [String: Int] = [:]
    /// Nominal voltages that windings and sources state, line-to-line, V.
    var stated: [Int: Double] = [:]
    /// Indices of what has been built, by the lower-case name of its object.
    var lines: [String: Int] = [:]
    var transformers: [String: DSSTransformer] = [:]
    var shunts: [String: Int] = [:]
    var inverters: [String: Int] = [:]
    /// Line constants by geometry, so that each is computed once.
    var geometries: [String: DSSGeometry] = [:]
    var lineCodes: [String: DSSLineModel] = [:]
    var wires: [String: DSSWire] = [:]
    /// Mistakes of codes and curves, which several elements may read.
    var codeMistakes: Set<FileMistake> = []
    /// The load shapes that elements follow.
    var shapes = DSSShapes()
    /// The load shapes that have been read, by lower-case name; nil where one is wrong.
    var knownShapes: [String: DSSShape?] = [:]
    /// Frequency of the circuit, Hz.
    let frequency: Double
    /// Multiplier of loads that vary.
    private(set) var loadMultiplier = 1.0
    private(set) var generatorMultiplier = 1.0
    private(set) var hasControls = true

    init(_ script: DSSScript) {
        self.script = script
        func option(_ name: String) -> Double? {
            script.circuit.options[name].flatMap { DSSArithmetic.number($0.value) }
        }
        let base = option("basefrequency") ?? option("defaultbasefrequency") ?? 60
        frequency = base > 0 && base <= 1000 ? base : 60
        readOptions()
    }

    /// The circuit's frequency × 2π, rad/s.
    var angular: Double { 2 * .pi * frequency }

    /// Builds every element that is enabled.
    mutating func build() {
        let objects = script.circuit.objects
        for (kind, build) in Self.order {
            for object in objects where object.kind.name == kind && isEnabled(object) { build(&self, object) }
        }
        setNominalVoltages()
        mistakes += codeMistakes
    }

    private static let order: [(String, @Sendable (inout DSSBuilder, DSSObject) -> Void)] = [
        ("Vsource", { $0.addSource($1) }), ("Line", { $0.addLine($1) }),
        ("Transformer", { $0.addTransformer($1) }), ("Reactor", { $0.addReactor($1) }),
        ("Capacitor", { $0.addCapacitor($1) }), ("Load", { $0.addLoad($1) }),
        ("Generator", { $0.addGenerator($1) }), ("PVSystem", { $0.addSolarPlant($1) }),
        ("Storage", { $0.addStorage($1) }), ("RegControl", { $0.addRegControl($1) }),
        ("CapControl", { $0.addCapControl($1) }), ("InvControl", { $0.addInvControl($1) }),
        ("SwtControl", { $0.addSwtControl($1) }),
    ]

    /// Whether an object takes part; reads what its last `Enabled` says.
    mutating func isEnabled(_ object: DSSObject) -> Bool {
        var fields = DSSFields(object, files: script.files)
        var isEnabled = true
        for field in fields.all where field.key == "enabled" { fields.read(field, &isEnabled) }
        mistakes += fields.mistakes
        return isEnabled
    }

    /// The index of a bus, which is made where no element has named it yet.
    mutating func bus(_ name: String) -> Int {
        let key = name.lowercased()
        if let index = busIndices[key] { return index }
        busIndices[key] = feeder.buses.count
        feeder.buses.append(Feeder.Bus(name: name, nominalVoltage: .zero))
        return feeder.buses.count - 1
    }

    /// Which of the feeder's inverters are storages.
    var storages: Set<Int> { Set(inverters.filter { $0.key.hasPrefix("storage.") }.values) }

    /// What to say of an object that is not there.
    func unknown(_ kind: String, _ name: String) -> String {
        script.unknown(kind, name, mistakes: mistakes.count)
    }

    /// The index of a bus that elements have named; nil if none has.
    func knownBus(_ name: String) -> Int? { busIndices[name.lowercased()] }

    /// Names of the buses.
    var busNames: [String] { feeder.buses.map(\.name) }

    /// Checks that an element states no frequency but the circuit's.
    mutating func checkFrequency(_ value: Double, _ fields: inout DSSFields, _ field: DSSFields.Field) {
        guard value != frequency else { return }
        fields.refuse("the frequency of the circuit is \(frequency) Hz, and no other is read", field)
    }

    // MARK: Options

    private mutating func readOptions() {
        loadMultiplier = number("loadmult", 1)
        generatorMultiplier = number("genmult", 1)
        let growth = number("%growth", 2.5)
        let year = number("year", 0)
        if year > 0 { loadMultiplier *= pow(1 + growth / 100, max(0, year - 1)) }
        refuseOption("cktmodel", "one of three phases is solved") { !$0.hasPrefix("m") }
        refuseOption("loadmodel", "loads of constant power are solved") { $0.hasPrefix("a") || $0 == "1" }
        refuseOption("longlinecorrection", "lines are nominal π circuits") {
            $0.hasPrefix("y") || $0.hasPrefix("t")
        }
        let frequency = frequency
        refuseOption("frequency", "the solution is at the base frequency") {
            DSSArithmetic.number($0).map { $0 != frequency } ?? true
        }
        noteMode()
        guard let mode = script.circuit.options["controlmode"]?.value.lowercased() else { return }
        hasControls = !(mode == "off" || mode == "-1")
    }

    /// Tells that another kind of solution than that of one state is not what is solved.
    private mutating func noteMode() {
        guard let word = script.circuit.options["mode"], !word.value.lowercased().hasPrefix("s") else {
            return
        }
        warnings.append(
            script.message(
                "the script ends in mode=\(quoted(word.value)); one state at nominal power is solved, or what "
                    + "--shapes or --profile say", word.place, .warning))
    }

    private mutating func number(_ option: String, _ standard: Double) -> Double {
        guard let word = script.circuit.options[option] else { return standard }
        if let number = DSSArithmetic.number(word.value), number.magnitude < 1e6 { return number }
        if word.isQuoted, let number = try? DSSArithmetic.value(of: word.value), number.magnitude < 1e6 {
            return number
        }
        mistakes.append(
            script.message("\(option): \(quoted(word.value)) is not a number below a million", word.place))
        return standard
    }

    private mutating func refuseOption(_ name: String, _ reason: String, where isWrong: (String) -> Bool) {
        guard let word = script.circuit.options[name], isWrong(word.value.lowercased()) else { return }
        mistakes.append(
            script.message("the option \(name) = \(quoted(word.value)) is not read: \(reason)", word.place))
    }

    // MARK: Nominal voltages

    /// Gives every bus the nominal voltage of its neighbours, or of the winding or source that stands there;
    /// then, of the voltage bases that the script lists, the one that is nearest in ratio.
    private mutating func setNominalVoltages() {
        var neighbours = [[Int]](repeating: [], count: feeder.buses.count)
        for line in feeder.lines {
            neighbours[line.from.bus].append(line.to.bus)
            neighbours[line.to.bus].append(line.from.bus)
        }
        var known = stated
        var waiting = Array(known.keys.sorted().reversed())
        while let bus = waiting.popLast() {
            for other in neighbours[bus] where known[other] == nil {
                known[other] = known[bus]
                waiting.append(other)
            }
        }
        var bases: [Double] = []
        if let word = script.circuit.options["voltagebases"] {
            for (text, _) in elements(of: word.value) {
                if let base = DSSArithmetic.number(text), base > 0, base < 1e6 {
                    bases.append(base * 1000)
                } else {
                    mistakes.append(
                        script.message("voltagebases: \(quoted(text)) is not a voltage in kV", word.place))
                }
            }
        }
        for index in feeder.buses.indices {
            let voltage = known[index] ?? stated.values.max() ?? 1
            let base = bases.min { abs(1 - voltage / $0) < abs(1 - voltage / $1) } ?? voltage
            feeder.buses[index].nominalVoltage = Voltage(base)
        }
    }
}
