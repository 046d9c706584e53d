// swift-tools-version: 6.2
import Foundation
import PackageDescription

let yams = Library("Yams", from: "https://github.com/jpsim/Yams", "6.2.2")
let grdb = Library("GRDB", from: "https://github.com/groue/GRDB.swift", "7.10.0")
let argumentParser = Library(
    "ArgumentParser", from: "https://github.com/apple/swift-argument-parser", "1.8.2")

// The drawing of the house: one line a room, upstairs first. A room imports what its line names, nothing else.

let doors =
    command("karst", ["ScenarioFile", "WeatherFile", "Export", "Report", "Simulator", "EconomicDispatch", "Messaging",
        "Grid", "Timeline", "LinearAlgebra"], argumentParser)
    + room("ScenarioFile", ["Simulator", "WeatherFile", "Weather", "Timeline", "Grid", "Devices", "Market",
        "Forecasting", "Messaging", "EconomicDispatch", "Settlement"], yams)
    + room("WeatherFile", ["Weather", "Timeline"])
    + room("Report", ["Export", "Simulator", "Grid", "Devices", "Market", "Monitoring", "Settlement", "Timeline"])
    + room("Export", ["Simulator", "EconomicDispatch", "Forecasting", "Messaging", "Monitoring", "Settlement",
        "Market", "Devices", "Grid", "Timeline", "CCrypto"], grdb)
    + cLibrary("CCrypto", "libcrypto", debian: "libssl-dev")

let loop =
    room("Simulator", ["Forecasting", "Messaging", "EconomicDispatch", "PowerFlow", "Monitoring", "Metering",
        "Settlement", "Timeline", "Weather", "Grid", "Devices", "Market", "Randomness"])

let verbs =
    room("Forecasting", ["Grid", "Devices", "Weather", "Timeline", "Randomness"])
    + room("Messaging", ["Grid", "Timeline", "Randomness"])
    + room("EconomicDispatch", ["Grid", "Timeline", "Optimization", "LinearAlgebra"])
    + room("PowerFlow", ["Grid", "LinearAlgebra"])
    + room("Monitoring", ["Grid"])
    + room("Metering", ["Grid", "Market", "Timeline"])
    + room("Settlement", ["Market", "Timeline"])

let nouns =
    room("Devices", ["Grid", "Weather", "Timeline", "Randomness"])
    + room("Market", ["Timeline"])
    + room("Grid", ["Timeline"])
    + room("Weather", ["Timeline", "Randomness"])
    + room("Timeline")

let maths =
    room("Optimization", ["LinearAlgebra"])
    + room("LinearAlgebra", ["CLAPACK"])
    + room("Randomness")
    + cLibrary("CLAPACK", "lapacke", debian: "libopenblas-dev", "liblapacke-dev")

let wholeHouse =
    tests("Law", ["Simulator", "ScenarioFile", "Export", "EconomicDispatch", "PowerFlow", "Messaging",
        "Optimization", "LinearAlgebra", "Grid", "Devices", "Market", "Metering", "Settlement", "Timeline",
        "Weather", "Randomness", "Forecasting", "Monitoring"])
    + tests("Golden", ["PowerFlow", "Grid", "Timeline"])
    + tests("Tidy", [])

let package = Package(
    name: "karst",
    products: products([
        "LinearAlgebra", "Optimization", "Grid", "Devices", "PowerFlow", "EconomicDispatch", "Messaging", "Settlement",
        "Simulator", "Timeline",
    ]),
    dependencies: [yams.package, grdb.package, argumentParser.package],
    targets: doors + loop + verbs + nouns + maths + wholeHouse
)

/// A folder in `Sources/` and its tests in `Tests/`.
func room(_ name: String, _ imports: [String] = [], _ libraries: Library...) -> [Target] {
    guard FileManager.default.fileExists(atPath: Context.packageDirectory + "/Sources/" + name) else { return [] }
    let dependencies = here(imports) + libraries.map(\.product)
    return [.target(name: name, dependencies: dependencies, swiftSettings: strict())] + tests(name, [name] + imports)
}

func command(_ name: String, _ imports: [String], _ libraries: Library...) -> [Target] {
    guard FileManager.default.fileExists(atPath: Context.packageDirectory + "/Sources/" + name) else { return [] }
    return [
        .executableTarget(
            name: name, dependencies: here(imports) + libraries.map(\.product), swiftSettings: strict())
    ]
}

func tests(_ name: String, _ imports: [String]) -> [Target] {
    guard FileManager.default.fileExists(atPath: Context.packageDirectory + "/Tests/" + name + "Tests") else { return [] }
    return [.testTarget(name: name + "Tests", dependencies: here(imports), swiftSettings: strict())]
}

/// A module map around a library of the system.
func cLibrary(_ name: String, _ pkgConfig: String, debian: String...) -> [Target] {
    guard FileManager.default.fileExists(atPath: Context.packageDirectory + "/Sources/" + name) else { return [] }
    return [.systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt(debian)])]
}

/// The rooms another package may use.
func products(_ rooms: [String]) -> [Product] {
    rooms.filter { FileManager.default.fileExists(atPath: Context.packageDirectory + "/Sources/" + $0) }
        .map { .library(name: $0, targets: [$0]) }
}

func here(_ imports: [String]) -> [Target.Dependency] {
    imports.filter { FileManager.default.fileExists(atPath: Context.packageDirectory + "/Sources/" + $0) }
        .map { .byName(name: $0) }
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
