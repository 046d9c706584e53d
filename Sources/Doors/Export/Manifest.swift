/// `manifest.json`: what made a run and what it made. A function of scenario, seed, build and machine.
public struct Manifest: Hashable, Sendable, Codable {
    public enum Status: String, Hashable, Sendable, Codable {
        case complete, failed
    }

    /// The programs that ran.
    public struct Build: Hashable, Sendable, Codable {
        /// Of karst.
        public let version: String
        public let compiler: String
        /// The kernel the linear algebra library chose for this processor.
        public let blas: String

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

    public let status: Status
    /// Why it failed.
    public let reason: String?
    public let build: Build
    public let scenario: String
    /// Names of the scenario's own overrides, in the order in which they were applied.
    public let overrides: [String]
    public let seed: UInt64
    public let dispatch: String
    public let forecast: String
    public let steps: Int
    public let inputs: [FileDigest]
    /// Every file of the directory but this one and `timing.json`, in order of name.
    public let outputs: [FileDigest]
}
