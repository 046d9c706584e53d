import Foundation
public import Grid
public import TextFile

/// A network from a file, and what was noticed while it was read.
public struct LoadedCase: Hashable, Sendable {
    public let networkCase: NetworkCase
    public let warnings: [FileMistake]
}

/// Reads and writes the case files of other tools.
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
    public enum Format: String, CaseIterable, Sendable {
        /// MATPOWER's case format, version 2: a function in the MATLAB language.
        case matpower
        /// What pandapower's `to_json` writes.
        case pandapower
    }

    /// No case file is larger.
    public static let largestSize = 1 << 30

    /// The case at `path`, whose name tells its format: a MATPOWER file ends in `.m`, a pandapower network in
    /// `.json`, and a folder holds the tables of SimBench. Throws all that is wrong or not understood, with
    /// its place.
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
                "is no case by its name; MATPOWER's end in .m, pandapower's in .json, SimBench's are folders"
            throw FileMistakes([FileMistake(file: path, message: message)])
        }
        let bytes = try InputFile.bytes(at: path, name: path, largestSize: largestSize)
        return try parse(bytes, name: path, format: format)
    }

    /// The case that `bytes` hold; mistakes call them `name`.
    public static func parse(_ bytes: [UInt8], name: String, format: Format) throws(FileMistakes)
        -> LoadedCase
    {
        switch format {
        case .matpower: try loadMatpower(bytes, name: name)
        case .pandapower: try loadPandapower(bytes, name: name)
        }
    }

    /// `networkCase` as a file of `format`; read back, it is the same network. Throws what the format cannot
    /// hold.
    public static func text(_ networkCase: NetworkCase, as format: Format) throws(FileMistakes) -> String {
        switch format {
        case .matpower: try matpower(networkCase)
        case .pandapower: pandapower(networkCase)
        }
    }
}

/// What a file calls the case when it does not say: its own name without folder and ending.
func stem(_ name: String) -> String {
    let file = name.split(separator: "/").last.map(String.init) ?? name
    return file.split(separator: ".").first.map(String.init) ?? file
}
