public import Grid
public import TextFile
import YAMLFile

/// The local controls of a case, with the names that their file gives them.
public struct CaseControls: Hashable, Sendable {
    /// Tap changers, capacitors, inverters, and how loads depend on voltage.
    public let controls: VoltageControls
    /// Name of the branch of each tap changer, then of the bus of each capacitor.
    public let switches: [String]
    /// Index of the case's generator that each inverter is.
    public let generators: [Int]

    /// Reads the file at `path` for the buses, branches and generators of `networkCase`: YAML with the lists
    /// `tap_changers`, `capacitors`, `inverters` and `loads`, as docs/power-flow.md has them. Loads of the
    /// case that depend on voltage by themselves belong to the controls too. Throws all mistakes at once.
    /// - Parameter path: nil: the loads of the case alone.
    public static func read(path: String?, for networkCase: NetworkCase) throws(FileMistakes) -> CaseControls
    {
        let bytes = try path.map { (path) throws(FileMistakes) in try InputFile.bytes(at: path, name: path) }
        return try parse(bytes, name: path ?? networkCase.name, for: networkCase)
    }

    /// Reads controls from memory; mistakes name the file `name`.
    public static func parse(
        _ bytes: [UInt8]?, name: String, for networkCase: NetworkCase
    ) throws(FileMistakes) -> CaseControls {
        let collector = MistakeCollector(file: name)
        var reader = ControlsReader(networkCase, collector)
        if let bytes, let root = YAMLDocument.read(bytes, collector) {
            let _: Bool? = Field(path: "", node: root, collector: collector).mapping {
                reader.read($0)
                return true
            }
        }
        reader.addLoadsOfCase()
        reader.refusePlantsBesideLoads()
        if collector.hasErrors { throw FileMistakes(collector.sorted) }
        return reader.result
    }

    /// The case with the generators of the inverters at buses of their own behind the others, in their order,
    /// and with loads as they are at nominal voltage: what a profile is read for.
    func separated(_ networkCase: NetworkCase) -> NetworkCase {
        var separated = networkCase
        for load in separated.loads.indices {
            (separated.loads[load].constantCurrent, separated.loads[load].constantImpedance) = (0, 0)
        }
        for generator in generators {
            let bus = networkCase.network.buses[networkCase.generators[generator].bus]
            separated.generators[generator].bus = separated.network.buses.count
            separated.generators[generator].reactive = .zero
            separated.network.buses.append(
                Bus(name: "", nominalVoltage: bus.nominalVoltage, limits: bus.limits))
        }
        return separated
    }
}
