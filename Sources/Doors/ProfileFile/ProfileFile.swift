public import Grid
public import PowerFlow
public import TextFile

/// What loads and generators of a case do over many steps.
public struct Profile: Hashable, Sendable {
    /// What the file calls each step; the step's number from 0 where it has no column for that.
    public let labels: [String]
    /// Of that column, `step` where there is none.
    public let labelName: String
    public let series: InjectionSeries
}

/// Reads profiles: a table of comma-separated values with a row for each step.
///
/// A first column `time` or `step` is a label, carried over to results. Every other column is called
/// `NAME_kw`, `NAME_kvar` or `NAME_scale`, where NAME is a load, a generator or a bus of the case. A load's
/// power is what it takes, a generator's what it gives, a bus's what all loads there take together. A scale
/// multiplies the power of the case, active and reactive. What has no column stays as it is in the case.
public enum ProfileFile {
    /// No profile is larger.
    public static let largestSize = 4 << 30

    public static func read(path: String, for networkCase: NetworkCase) throws(FileMistakes) -> Profile {
        let file = try InputFile.contents(at: path, name: path, largestSize: largestSize)
        return try parse(file.bytes, name: path, for: networkCase)
    }

    /// The profile that `bytes` hold; mistakes call them `name`.
    public static func parse(
        _ bytes: UnsafeBufferPointer<UInt8>, name: String, for networkCase: NetworkCase
    ) throws(FileMistakes) -> Profile {
        var reader = ProfileReader(bytes, name)
        let columns = reader.readHeader(networkCase)
        try reader.check()
        return try reader.readRows(columns, networkCase)
    }
}
