// swift-tools-version: 6.2
import PackageDescription

let yams = Library("Yams", from: "https://github.com/jpsim/Yams", "6.2.2")
let grdb = Library("GRDB", from: "https://github.com/groue/GRDB.swift", "7.10.0")
let argumentParser = Library(
    "ArgumentParser", from: "https://github.com/apple/swift-argument-parser", "1.8.2")

// The drawing of the house: one line a room, upstairs first. A room imports what its line names, nothing
// else.

let doors =
    command(
        "karst",
        [
            "ScenarioFile", "CaseFile", "FeederFile", "ProfileFile", "TextFile", "Export", "Report",
            "Studies", "Simulator", "ExternalDispatch", "EconomicDispatch", "Messaging", "PowerFlow",
            "UnbalancedPowerFlow", "OptimalPowerFlow", "Optimization", "Settlement", "Devices", "Market",
            "Grid", "Timeline",
            "LinearAlgebra",
        ], argumentParser)
    + room(
        "ScenarioFile",
        [
            "Simulator", "WeatherFile", "TextFile", "ExternalDispatch", "Forecasting", "Messaging",
            "EconomicDispatch",
            "Settlement", "Devices", "Market", "Grid", "Weather", "Timeline",
        ], yams, tests: .withVectors)
    + room("CaseFile", ["TextFile", "Grid", "LinearAlgebra"], tests: .withVectors)
    + room("WeatherFile", ["TextFile", "Weather", "Timeline"])
    + room("ProfileFile", ["TextFile", "PowerFlow", "Grid"])
    + room("TextFile")
    + room("ExternalDispatch", ["EconomicDispatch", "Grid", "Timeline"])
    + room("FeederFile", ["TextFile", "Grid"])
    + room(
        "Report",
        [
            "Export", "Studies", "Simulator", "Forecasting", "Messaging", "EconomicDispatch", "PowerFlow",
            "Monitoring", "Settlement", "Devices", "Market", "Grid", "Timeline",
        ])
    + room(
        "Export",
        [
            "Simulator", "Forecasting", "Messaging", "EconomicDispatch", "PowerFlow", "Monitoring",
            "Settlement", "Devices", "Market", "Grid", "Timeline", "CCrypto",
        ], grdb)
    + cLibrary("CCrypto", "libcrypto", debian: "libssl-dev")

let loop =
    room(
        "Simulator",
        [
            "Forecasting", "Messaging", "EconomicDispatch", "PowerFlow", "Monitoring", "Metering",
            "Settlement", "Devices", "Market", "Grid", "Weather", "Timeline",
        ], tests: .laws)
    + room(
        "Studies",
        [
            "Simulator", "Forecasting", "EconomicDispatch", "Settlement", "PowerFlow", "DCPowerFlow",
            "Devices",
            "Market", "Weather", "Grid", "Timeline", "LinearAlgebra",
        ])

let verbs =
    room("Forecasting", ["Devices", "Grid", "Weather", "Timeline", "Randomness"])
    + room("Messaging", ["Grid", "Timeline", "Randomness"])
    + room("EconomicDispatch", ["Grid", "Timeline", "Optimization"], tests: .withVectors)
    + room("UnitDispatch", ["Grid", "Optimization", "LinearAlgebra"])
    + room("OptimalPowerFlow", ["Grid", "Optimization", "LinearAlgebra"], tests: .laws)
    + room("PowerFlow", ["Grid", "LinearAlgebra", "CMemory"])
    + room("DCPowerFlow", ["Grid", "LinearAlgebra"])
    + room("UnbalancedPowerFlow", ["Grid", "LinearAlgebra"])
    + room("VoltageControl", ["Grid", "LinearAlgebra"], tests: .withVectors)
    + room("Monitoring", ["Grid"])
    + room("Metering", ["Market", "Grid", "Timeline"])
    + room("Settlement", ["Market", "Timeline"])

let nouns =
    room("Devices", ["Grid", "Weather", "Timeline", "Randomness"], tests: .withVectors)
    + room("Market", ["Timeline"])
    + room("Grid", ["Timeline"])
    + room("Weather", ["Timeline", "Randomness"], tests: .withVectors)
    + room("Timeline")

let maths =
    room("Optimization", ["LinearAlgebra", "CMemory"])
    + room("LinearAlgebra", ["CLAPACK", "CKLU"])
    + room("Randomness")
    + cLibrary("CMemory")
    + cLibrary("CLAPACK", "lapacke", debian: "libopenblas-dev", "liblapacke-dev")
    + cLibrary("CKLU", debian: "libsuitesparse-dev")

let wholeHouse =
    tests(
        "Law",
        [
            "Simulator", "Studies", "Export", "Forecasting", "Messaging", "EconomicDispatch", "PowerFlow",
            "OptimalPowerFlow", "Settlement", "Devices", "Market", "Grid", "Weather", "Timeline",
        ])
    + tests(
        "OptimalPowerFlow", ["OptimalPowerFlow", "CaseFile", "Grid", "Optimization", "LinearAlgebra"],
        vectors: true)
    + tests("Golden", ["CaseFile", "FeederFile", "UnbalancedPowerFlow", "PowerFlow", "Grid"])
    + tests("Tidy", [])

// The rooms another package may use.
let products = [
    "LinearAlgebra", "Optimization", "Grid", "Devices", "PowerFlow", "DCPowerFlow", "UnbalancedPowerFlow",
    "VoltageControl", "EconomicDispatch", "UnitDispatch", "OptimalPowerFlow", "Messaging", "Settlement",
    "Simulator", "Studies", "Timeline",
    "CaseFile", "FeederFile",
]

let package = Package(
    name: "karst",
    products: products.map { .library(name: $0, targets: [$0]) },
    dependencies: [yams.package, grdb.package, argumentParser.package],
    targets: doors + loop + verbs + nouns + maths + wholeHouse
)

/// Where a room is tested.
enum Tested {
    /// In a folder of its own in `Tests/`, and there beside a folder of vectors.
    case alone, withVectors
    /// With other rooms: see `wholeHouse`.
    case laws
}

/// A folder in `Sources/` and its tests.
func room(
    _ name: String, _ imports: [String] = [], _ libraries: Library..., tests tested: Tested = .alone
) -> [Target] {
    let dependencies = imports.map { Target.Dependency.byName(name: $0) } + libraries.map(\.product)
    let target = Target.target(name: name, dependencies: dependencies, swiftSettings: strict())
    guard tested != .laws else { return [target] }
    return [target] + tests(name, [name] + imports, vectors: tested == .withVectors)
}

func command(_ name: String, _ imports: [String], _ libraries: Library...) -> [Target] {
    let dependencies = imports.map { Target.Dependency.byName(name: $0) } + libraries.map(\.product)
    return [.executableTarget(name: name, dependencies: dependencies, swiftSettings: strict())]
}

func tests(_ name: String, _ imports: [String], vectors: Bool = false) -> [Target] {
    [
        .testTarget(
            name: name + "Tests", dependencies: imports.map { .byName(name: $0) },
            exclude: vectors ? ["Vectors"] : [], swiftSettings: strict())
    ]
}

/// A module map around a library of the system; without a name for pkg-config it stands where the compiler
/// looks.
func cLibrary(_ name: String, _ pkgConfig: String? = nil, debian: String...) -> [Target] {
    [.systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt(debian)])]
}

func strict() -> [SwiftSetting] {
    [
        .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"), .treatAllWarnings(as: .error),
    ]
}

/// A Swift package of others, at exactly one version.
struct Library {
    let product: Target.Dependency
    let package: Package.Dependency

    init(_ name: String, from url: String, _ version: Version) {
        let identity = String(url.split(separator: "/").last!)
        product = .product(name: name, package: identity)
        package = .package(url: url, exact: version)
    }
}
