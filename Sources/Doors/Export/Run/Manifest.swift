import LinearAlgebra

/// `manifest.json`: inputs, settings and outputs of a run. A function of scenario, seed, build and machine.
public struct Manifest: Hashable, Sendable, Codable {
    /// How a run ended.
    public enum Status: String, Hashable, Sendable, Codable {
        /// With all its steps, or before.
        case complete, failed
    }

    /// The programs that ran.
    public struct Build: Hashable, Sendable, Codable {
        /// Version of karst.
        public let version: String
        /// Compiler that built it.
        public let compiler: String
        /// Kernel that the linear algebra library chose for this processor.
        public let blas: String

        /// This build of karst.
        public static var current: Build { Build(version: "0.1.0", blas: BLAS.coreName) }

        /// Creates the entry of this compiler's build.
        public init(version: String, blas: String) {
            self.version = version
            self.blas = blas
            compiler = Self.compiler
        }

        #if compiler(>=6.4)
            private static let compiler = "Swift 6.4 or later"
        #elseif compiler(>=6.3)
            private static let compiler = "Swift 6.3"
        #else
            private static let compiler = "Swift 6.2"
        #endif
    }

    /// How the run ended.
    public let status: Status
    /// Why it failed; nil for a complete run.
    public let reason: String?
    /// The programs that ran.
    public let build: Build
    /// Name of the scenario.
    public let scenario: String
    /// Names of the scenario's own overrides, in the order in which they were applied.
    public let overrides: [String]
    /// Random seed.
    public let seed: UInt64
    /// Name of the dispatcher.
    public let dispatch: String
    /// Name of the forecast method.
    public let forecast: String
    /// Steps that were simulated.
    public let steps: Int
    /// Every file the scenario was read from.
    public let inputs: [FileDigest]
    /// Every file of the directory but this one and `timing.json`, in order of name.
    public let outputs: [FileDigest]
}
