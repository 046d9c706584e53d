import Glibc

/// The HiGHS library (highs.dev, MIT licence), opened when it is first asked for: Karst builds and runs its
/// main job without it. It is looked for where the environment variable `KARST_HIGHS` says, then as
/// `.build/highs/libhighs.so` in the folders above the running program (`make highs` puts it there), then
/// where the system's loader looks.
public struct HiGHSLibrary: Sendable {
    /// The library is missing, or cannot be used.
    public struct Missing: Error, Hashable, Sendable, CustomStringConvertible {
        /// One line: what is missing, why, and how to get it.
        public let description: String
    }

    /// Major and minor version that the calls below were written for.
    static let oldest = (1, 11)

    let calls: HiGHSCalls
    /// Version of the library, such as "1.15.1".
    public let version: String
    /// The file that was opened.
    public let path: String

    /// The library of this process: opened once.
    public static func open() throws(Missing) -> HiGHSLibrary { try opened.get() }

    private static let opened = find()

    private static func find() -> Result<HiGHSLibrary, Missing> {
        var reasons: [String] = []
        for path in candidates() {
            switch load(path) {
            case .success(let library): return .success(library)
            case .failure(let missing): reasons.append(missing.description)
            }
        }
        return .failure(
            Missing(
                description: "the mixed-integer solver HiGHS is not here (`make highs` fetches it, or set "
                    + "KARST_HIGHS to the path of libhighs.so): " + reasons.joined(separator: "; ")))
    }

    /// A path the user names is the only one; nobody is given another library than the one asked for.
    private static func candidates() -> [String] {
        if let named = getenv("KARST_HIGHS") { return [String(cString: named)] }
        var found: [String] = []
        var folder = programPath()
        while let slash = folder.lastIndex(of: "/") {
            folder = String(folder[..<slash])
            let path = folder + "/.build/highs/libhighs.so"
            if access(path, R_OK) == 0 { found.append(path) }
        }
        return found + ["libhighs.so.1"]
    }

    private static func programPath() -> String {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = bytes.withUnsafeMutableBytes {
            readlink("/proc/self/exe", $0.bindMemory(to: CChar.self).baseAddress!, $0.count)
        }
        return String(decoding: bytes[..<max(count, 0)], as: UTF8.self)
    }

    private static func load(_ path: String) -> Result<HiGHSLibrary, Missing> {
        guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
            return .failure(Missing(description: dlerror().map { String(cString: $0) } ?? path))
        }
        let calls: HiGHSCalls
        do { calls = try HiGHSCalls(handle) } catch {
            return .failure(Missing(description: "\(path) lacks \(error.name)"))
        }
        let version = String(cString: calls.version())
        let (major, minor) = (Int(calls.versionMajor()), Int(calls.versionMinor()))
        guard major == oldest.0, minor >= oldest.1 else {
            let wanted = "\(oldest.0).\(oldest.1)"
            return .failure(Missing(description: "\(path) is version \(version), not \(wanted) or later"))
        }
        guard calls.sizeOfInt(nil) == MemoryLayout<Int32>.size else {
            return .failure(Missing(description: "\(path) was built for 64-bit integers"))
        }
        return .success(HiGHSLibrary(calls: calls, version: version, path: path))
    }
}
