public import Grid
public import TextFile

/// A feeder that was read from an OpenDSS script.
public struct LoadedScript: Hashable, Sendable {
    /// Name of the circuit.
    public let name: String
    /// The feeder as the script leaves it when it ends, in SI units.
    public let feeder: Feeder
    /// The load shapes that loads, generators and inverters follow; nil unless a cycle was asked for.
    public let demand: DemandSeries?
    /// What the author should know although the script can be used: what was read past, among other things.
    public let warnings: [FileMistake]
    /// Paths of the script and of the scripts that it redirects to, in order.
    public let files: [String]
    /// Which of the feeder's inverters are storages; the others are solar plants.
    public let storages: Set<Int>

    /// Which of an element's load shapes is followed.
    public enum Cycle: String, CaseIterable, Hashable, Sendable {
        /// That of `Daily`.
        case daily
        /// That of `Yearly`, or of `Daily` where there is none.
        case yearly
    }
}

/// Reads a feeder from a script in the language of OpenDSS, with the files that it redirects to:
///
/// ```swift
/// let script = try OpenDSSFile.load(path: path + "/secondaries.dss", root: path)
/// let point = try FeederPowerFlow(feeder: script.feeder).solve()
/// print(script.name, point.status, point.positions)
/// ```
///
/// The feeder is the one that stands when the script ends, at its first taps; what a `Solve` in between would
/// have moved is not carried over. Elements: `Vsource`, `Line` (by `LineCode`, sequence values, matrices, or
/// `LineGeometry` of `WireData` and `CNData`), `Transformer`, `XfmrCode`, `RegControl`, `Capacitor`,
/// `CapControl`, `Load` of models 1 to 8, `Reactor`, `Generator`, `PVSystem` with `InvControl` and `XYCurve`,
/// `Storage`, `SwtControl`. What cannot change a voltage is read past and listed among the warnings; anything
/// else that is not read is a mistake with file and line.
public enum OpenDSSFile {
    /// The feeder of the script at `path`; with `cycle` also the demand over its load shapes, of as many
    /// steps as the longest has. Every file that it reads must lie within the folder `root`; nil is the
    /// folder of `path`. Throws all mistakes of the files at once.
    public static func load(
        path: String, root: String? = nil, cycle: LoadedScript.Cycle? = nil
    ) throws(FileMistakes) -> LoadedScript {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let script = try DSSScript(path, root: root ?? folder)
        var builder = DSSBuilder(script)
        builder.build()
        let demand = script.mistakes.isEmpty ? cycle.flatMap { builder.demand($0) } : nil
        let mistakes = unique(script.mistakes + builder.mistakes)
        guard mistakes.isEmpty, let circuit = script.circuit.circuit else { throw FileMistakes(mistakes) }
        return LoadedScript(
            name: circuit.name, feeder: builder.feeder, demand: demand,
            warnings: unique(script.warnings + builder.warnings) + script.omissions, files: script.files,
            storages: builder.storages)
    }

    /// Whether a file name is that of a script.
    public static func isScript(_ path: String) -> Bool { path.lowercased().hasSuffix(".dss") }

    private static func unique(_ mistakes: [FileMistake]) -> [FileMistake] {
        var seen: Set<FileMistake> = []
        return mistakes.filter { seen.insert($0).inserted }
    }
}

extension DSSScript {
    /// One warning that lists the commands and classes that were read past; none where there are none.
    var omissions: [FileMistake] {
        guard !skipped.isEmpty else { return [] }
        func list(_ names: [String]) -> String {
            names.sorted().map { "\($0) (\(skipped[$0]?.count ?? 0))" }.joined(separator: ", ")
        }
        let protection = skipped.keys.filter { DSSClass.protection.contains($0) }
        let rest = skipped.keys.filter { !DSSClass.protection.contains($0) }
        var found: [FileMistake] = []
        if !rest.isEmpty {
            found.append(
                FileMistake(
                    severity: .warning, file: files[0],
                    message: "read past, because no voltage depends on it: \(list(rest))"))
        }
        if !protection.isEmpty {
            found.append(
                FileMistake(
                    severity: .warning, file: files[0],
                    message: "protection is read past and stays closed: \(list(protection))"))
        }
        return found
    }
}
