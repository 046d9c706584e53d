public import Grid
public import PowerFlow
public import TextFile

/// The powers of loads and generators of a case over many steps.
public struct Profile: Hashable, Sendable {
    /// One label a step, from the column `time` or `step`; without such a column the step's number from 0.
    public let labels: [String]
    /// The name of that column; `step` if there is none.
    public let labelName: String
    /// The injections of every bus in every step, W and var; positive is generation.
    public let series: InjectionSeries
    /// What the author should know although the file can be used: labels that come twice.
    public let warnings: [FileMistake]
}

/// Reads profiles: a table of comma-separated values with a row for each step.
///
/// A first column `time` or `step` is a label, which results repeat. Every other column is called `NAME_kw`,
/// `NAME_kvar` or `NAME_scale`, where NAME is a load, a generator or a bus of the case. The power of a load
/// is its demand, of a generator its generation, of a bus the demand of all its loads together. A scale
/// multiplies the active and reactive power in the case. Powers without a column keep their value in the
/// case. A column that would change nothing is a mistake: of a generator at a source, of the reactive power
/// of one that holds a voltage. So is a name of two elements.
public enum ProfileFile {
    /// The largest profile that is read, bytes: 4 GiB.
    public static let largestSize = 4 << 30

    /// The most injections that are read, rows × buses of the case: 2²⁹, for which a solution takes 17 GB.
    public static let mostInjections = 1 << 29

    /// Reads the profile at `path` for the buses, loads and generators of `networkCase`. Throws all mistakes
    /// of the file at once.
    public static func read(path: String, for networkCase: NetworkCase) throws(FileMistakes) -> Profile {
        let file = try InputFile.contents(at: path, name: path, largestSize: largestSize)
        return try parse(file.bytes, name: path, for: networkCase)
    }

    /// Reads a profile from memory; mistakes name the file `name`.
    public static func parse(
        _ bytes: UnsafeBufferPointer<UInt8>, name: String, for networkCase: NetworkCase
    ) throws(FileMistakes) -> Profile {
        var reader = ProfileReader(bytes, name)
        let columns = reader.readHeader(networkCase)
        try reader.check()
        return try reader.readRows(columns, networkCase)
    }
}
