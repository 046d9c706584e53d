import Foundation
public import Grid
public import TextFile

/// A network that was read from a file.
public struct LoadedCase: Hashable, Sendable {
    /// The network, its loads and generators, in SI units.
    public let networkCase: NetworkCase
    /// What was ignored or assumed while the file was read.
    public let warnings: [FileMistake]
    /// Errors in costs: an optimal power flow of the case must not be solved, a power flow may.
    public let costMistakes: [FileMistake]

    init(networkCase: NetworkCase, warnings: [FileMistake], costMistakes: [FileMistake] = []) {
        self.networkCase = networkCase
        self.warnings = warnings
        self.costMistakes = costMistakes
    }
}

/// Reads and writes case files of MATPOWER and pandapower, and reads those of SimBench.
///
/// ```swift
/// let text = """
///     function mpc = two
///     mpc.version = '2';
///     mpc.baseMVA = 100;
///     mpc.bus = [1 3 0 0 0 0 1 1 0 110 1 1.1 0.9; 2 1 50 20 0 0 1 1 0 110 1 1.1 0.9];
///     mpc.gen = [1 0 0 100 -100 1 100 1 200 0];
///     mpc.branch = [1 2 0.01 0.1 0 60 0 0 0 0 1 -360 360];
///     """
/// let loaded = try CaseFile.parse(Array(text.utf8), name: "two.m", format: .matpower)
/// print(loaded.networkCase.network.branches[0].reactance)  // 0.1 p.u. are 12.1 Ω.
/// ```
public enum CaseFile {
    /// A format that can be read and written.
    public enum Format: String, CaseIterable, Sendable {
        /// MATPOWER's case format, version 2: a function in the MATLAB language.
        case matpower
        /// The format of pandapower's `to_json`.
        case pandapower
    }

    /// The largest MATPOWER file that is read, bytes: 1 GiB. Of a pandapower file it is
    /// `InputFile.largestSize`.
    public static let largestSize = 1 << 30

    /// Reads the case at `path`. The name tells the format: a MATPOWER file ends in `.m`, a pandapower
    /// network in `.json`, and a folder holds the tables of SimBench. Throws all mistakes, and everything
    /// that is not supported, with its place.
    public static func load(path: String) throws(FileMistakes) -> LoadedCase {
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
            return try loadSimbench(folder: path)
        }
        let format: Format
        if path.hasSuffix(".m") {
            format = .matpower
        } else if path.hasSuffix(".json") {
            format = .pandapower
        } else {
            let message =
                "the name does not tell the format: MATPOWER files end in .m, pandapower files in .json, SimBench cases are folders"
            throw FileMistakes([FileMistake(file: path, message: message)])
        }
        let most = format == .matpower ? largestSize : InputFile.largestSize
        let bytes = try InputFile.bytes(at: path, name: path, largestSize: most)
        return try parse(bytes, name: path, format: format)
    }

    /// Reads a case from memory; mistakes name the file `name`.
    public static func parse(_ bytes: [UInt8], name: String, format: Format) throws(FileMistakes)
        -> LoadedCase
    {
        switch format {
        case .matpower: try loadMatpower(bytes, name: name)
        case .pandapower: try loadPandapower(bytes, name: name)
        }
    }

    /// Writes `networkCase` in `format`; reading the text gives the same network, or one with the same power
    /// flow. Throws if the format cannot hold a part of it.
    ///
    /// - Parameter start: voltages from which a power flow starts, for a MATPOWER file; without them it
    ///   starts flat, from which tools find no solution behind transformers that turn the angle by much.
    public static func text(
        _ networkCase: NetworkCase, as format: Format, start: StartVoltages? = nil
    ) throws(FileMistakes) -> String {
        switch format {
        case .matpower: try matpower(networkCase, start)
        case .pandapower: pandapower(networkCase)
        }
    }
}

/// The name of a case whose file does not name it: the file name without folder and ending.
func stem(_ name: String) -> String {
    let file = name.split(separator: "/").last.map(String.init) ?? name
    return file.split(separator: ".").first.map(String.init) ?? file
}
