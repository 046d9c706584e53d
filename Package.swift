// swift-tools-version: 6.2
import PackageDescription

let yams = Library("Yams", from: "https://github.com/jpsim/Yams", "6.2.2", trait: "YAML")
let grdb = Library("GRDB", from: "https://github.com/groue/GRDB.swift", "7.10.0", trait: "SQLite")
let argumentParser = Library(
    "ArgumentParser", from: "https://github.com/apple/swift-argument-parser", "1.8.2", trait: "Command")

/// What another package may leave out with `.package(…, traits: [])`, so that the package behind it is not
/// even fetched.
let traits: Set<Trait> = [
    .trait(name: "YAML", description: "Scenarios, feeders, profiles and units from files of YAML"),
    .trait(name: "SQLite", description: "Results of a run, written with a database: Export and Report"),
    .trait(name: "Command", description: "The command karst"),
    .default(enabledTraits: ["YAML", "SQLite", "Command"]),
]

/// Agents in processes of their own over MQTT, the commands `karst hub` and `karst agent`: built only with
/// KARST_MQTT=1, because they need libmosquitto.
let isLive = Context.environment["KARST_MQTT"] == "1"

// Above all that use it: the globals of a manifest come to be in this order.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"), .treatAllWarnings(as: .error),
]

// The drawing of the house, upstairs first: floors, and on each floor its rooms. A room imports exactly the
// rooms of its first list; its tests import the room itself and exactly those of the second list.

let doors = Floor(
    folder: "Doors",
    Room("YAMLFile", imports: ["TextFile"], yams, tests: ["TextFile"]),
    Room(
        "karst",
        imports: [
            "Report", "Export", "ScenarioFile", "CaseFile", "FeederFile", "ProfileFile", "UnitFile",
            "ExternalDispatch", "TextFile", "Studies", "Results", "Simulator", "Messaging", "Clearing",
            "EconomicDispatch", "UnitDispatch", "Planning", "Events",
            "OptimalPowerFlow", "PowerFlow", "ControlledPowerFlow", "UnbalancedPowerFlow", "Monitoring",
            "Settlement", "Devices",
            "Market", "Scheduling", "Grid", "Timeline", "Optimization", "LinearAlgebra", "Lanes",
        ] + (isLive ? ["AgentProcess", "Agents"] : []), argumentParser, tests: [], isCommand: true),
    Room(
        "Report",
        imports: [
            "Islanding", "Events", "EconomicDispatch",
            "Export", "Studies", "Results", "Simulator", "Planning", "Forecasting", "Clearing", "Messaging",
            "Monitoring",
            "Settlement", "Devices", "Market", "Agents", "Scheduling", "Grid", "Weather", "Timeline",
        ],
        tests: [
            "Agents", "Forecasting",
            "Studies", "Results", "Simulator", "Messaging", "Planning", "EconomicDispatch", "PowerFlow",
            "Devices",
            "Scheduling", "Grid", "Timeline", "RunSamples",
        ]),
    Room(
        "Export",
        imports: [
            "Planning", "Events", "EconomicDispatch",
            "Results", "Simulator", "Forecasting", "Messaging", "DistributedDispatch", "PowerFlow",
            "Monitoring", "Settlement", "Devices", "Market", "Scheduling", "Grid", "Timeline",
            "LinearAlgebra",
            "CCrypto",
        ], grdb,
        tests: [
            "Lanes",
            "Results", "Simulator", "Planning", "Messaging", "PowerFlow", "Scheduling", "Grid", "Timeline",
            "RunSamples",
        ], testLibraries: [grdb]),
    Room(
        "ScenarioFile",
        imports: [
            "YAMLFile", "WeatherFile", "CaseFile", "FeederFile", "ExternalDispatch", "TextFile", "Simulator",
            "Planning", "UnbalancedPowerFlow",
            "Forecasting", "Clearing", "Messaging", "EconomicDispatch", "Islanding", "Settlement", "Devices",
            "Market",
            "Agents",
            "Scheduling", "Events", "Grid", "Weather", "Timeline", "LinearAlgebra",
        ],
        tests: [
            "CaseFile", "Forecasting", "Clearing",
            "TextFile", "Simulator", "Planning", "Messaging", "EconomicDispatch", "Islanding", "Settlement",
            "Devices", "Market", "Agents", "Scheduling", "Events", "Grid", "Timeline", "Randomness",
        ]),
    Room(
        "CaseFile", imports: ["TextFile", "Grid", "Timeline", "LinearAlgebra"],
        tests: ["TextFile", "Grid", "Timeline", "LinearAlgebra"]),
    Room(
        "FeederFile", imports: ["YAMLFile", "TextFile", "Grid", "LinearAlgebra"],
        tests: ["TextFile", "Grid", "LinearAlgebra"]),
    Room(
        "ProfileFile", imports: ["CaseFile", "YAMLFile", "TextFile", "PowerFlow", "Grid", "Lanes"],
        tests: ["TextFile", "PowerFlow", "Grid", "Lanes"]),
    Room(
        "UnitFile", imports: ["YAMLFile", "TextFile", "UnitDispatch", "Grid", "LinearAlgebra"],
        tests: ["TextFile", "UnitDispatch", "Grid"]),
    Room(
        "WeatherFile", imports: ["TextFile", "Weather", "Timeline"],
        tests: ["TextFile", "Weather", "Timeline"]),
    Room(
        "ExternalDispatch", imports: ["TextFile", "EconomicDispatch", "Scheduling", "Grid", "Timeline"],
        tests: ["EconomicDispatch", "Scheduling", "Grid", "Timeline"]),
    Room("TextFile", tests: []),
    Room("CCrypto", systemLibrary: "libcrypto", debian: ["libssl-dev"])
)

let live = Floor(
    folder: "Doors",
    Room(
        "AgentProcess",
        imports: [
            "Simulator", "Planning", "Clearing", "DistributedDispatch", "EconomicDispatch", "Devices",
            "Market",
            "Agents", "Scheduling", "Grid", "Timeline", "CMosquitto",
        ]),
    Room("CMosquitto", systemLibrary: "libmosquitto", debian: ["libmosquitto-dev"])
)

let loop = Floor(
    folder: "Loop",
    Room(
        "Studies",
        imports: [
            "Market", "Settlement",
            "Results", "Simulator", "Planning", "Forecasting", "Messaging", "EconomicDispatch", "PowerFlow",
            "DCPowerFlow", "Monitoring", "Devices", "Scheduling", "Events", "Grid", "Weather", "Timeline",
            "Optimization", "LinearAlgebra", "Lanes",
        ],
        tests: [
            "Lanes", "Monitoring", "EconomicDispatch", "PowerFlow", "Scheduling", "Grid", "Timeline",
            "DispatchSamples",
        ]),
    Room(
        "Results",
        imports: [
            "Planning",
            "Simulator", "DistributedDispatch", "Messaging", "Monitoring", "Settlement", "Devices", "Market",
            "Scheduling", "Events", "Grid", "Weather", "Timeline",
        ],
        tests: [
            "Simulator", "Messaging", "Settlement", "Devices", "Market", "Scheduling", "Grid", "Timeline",
            "RunSamples",
        ]),
    Room(
        "Planning",
        imports: [
            "Forecasting", "Clearing", "EconomicDispatch", "PowerFlow", "Settlement", "Market", "Scheduling",
            "Grid", "Timeline", "LinearAlgebra", "Lanes",
        ], tests: ["Forecasting", "EconomicDispatch", "Scheduling", "Grid", "Timeline"]),
    Room(
        "Simulator",
        imports: [
            "Clearing",
            "Planning", "Forecasting", "Messaging", "DistributedDispatch", "EconomicDispatch", "Islanding",
            "PowerFlow", "UnbalancedPowerFlow", "Monitoring", "Metering", "Settlement", "Devices", "Market",
            "Agents", "Scheduling", "Events", "Grid", "Weather", "Timeline", "LinearAlgebra",
        ],
        tests: [
            "Monitoring", "Market", "EconomicDispatch", "Clearing", "Messaging", "Devices", "Agents",
            "Scheduling", "Grid", "Timeline", "RunSamples",
        ])
)

let verbs = Floor(
    folder: "Verbs",
    Room(
        "Forecasting",
        imports: ["Devices", "Scheduling", "Grid", "Weather", "Timeline", "Randomness"],
        tests: ["Devices", "Scheduling", "Grid", "Weather", "Timeline"]),
    Room(
        "Messaging", imports: ["Agents", "Randomness"], tests: ["Agents", "Scheduling", "Timeline"]),
    Room(
        "EconomicDispatch", imports: ["Scheduling", "Grid", "Timeline", "Optimization"],
        tests: ["Scheduling", "Grid", "Timeline", "Optimization", "DispatchSamples"]),
    Room(
        "DistributedDispatch", imports: ["Agents", "Scheduling", "Grid", "Timeline"],
        tests: [
            "CaseFile", "EconomicDispatch", "Messaging", "Agents", "Scheduling", "Grid", "Timeline",
            "DispatchSamples",
        ]),
    Room(
        "UnitDispatch", imports: ["Grid", "Optimization", "LinearAlgebra", "Lanes"],
        tests: ["Grid", "Optimization", "LinearAlgebra"]),
    Room(
        "OptimalPowerFlow", imports: ["Grid", "LinearAlgebra", "Lanes"],
        tests: ["CaseFile", "Grid", "LinearAlgebra"]),
    Room(
        "PowerFlow", imports: ["Grid", "LinearAlgebra", "Lanes", "CMemory"],
        tests: ["Grid", "LinearAlgebra", "Lanes"]),
    Room(
        "ControlledPowerFlow", imports: ["Grid", "LinearAlgebra", "Lanes"],
        tests: ["Grid", "LinearAlgebra", "Lanes"]),
    Room(
        "UnbalancedPowerFlow", imports: ["Grid", "LinearAlgebra", "Lanes"], tests: ["Grid", "LinearAlgebra"]),
    Room(
        "DCPowerFlow", imports: ["Grid", "LinearAlgebra", "Lanes"], tests: ["Grid", "LinearAlgebra"]),
    Room("Islanding", imports: ["Grid"], tests: ["Grid"]),
    Room(
        "Clearing", imports: ["Timeline", "Scheduling", "Grid"],
        tests: ["Timeline", "EconomicDispatch", "Scheduling", "Grid", "DispatchSamples"]),
    Room("Monitoring", imports: ["Grid"], tests: ["Grid"]),
    Room("Metering", imports: ["Market", "Grid", "Timeline"], tests: ["Market", "Grid", "Timeline"]),
    Room("Settlement", imports: ["Market", "Timeline"], tests: ["Market", "Timeline"])
)

let nouns = Floor(
    folder: "Nouns",
    Room(
        "Devices", imports: ["Scheduling", "Grid", "Weather", "Timeline", "Randomness"],
        tests: ["Scheduling", "Grid", "Weather", "Timeline"]),
    Room("Agents", imports: ["Scheduling", "Grid", "Timeline"], tests: ["Scheduling", "Grid", "Timeline"]),
    Room("Scheduling", imports: ["Grid", "Timeline"], tests: ["Grid", "Timeline"]),
    Room("Market", imports: ["Timeline"], tests: ["Timeline"]),
    Room("Events", tests: []),
    Room("Grid", imports: ["LinearAlgebra"], tests: ["LinearAlgebra"]),
    Room("Weather", imports: ["Timeline", "Randomness"], tests: ["Timeline"]),
    Room("Timeline", tests: [])
)

let maths = Floor(
    folder: "Maths",
    Room("Lanes", tests: []),
    Room(
        "Optimization", imports: ["LinearAlgebra", "Lanes", "CMemory"],
        tests: ["LinearAlgebra", "ProgramSamples"]),
    Room("LinearAlgebra", imports: ["Lanes", "CKLU", "CLAPACK"], tests: []),
    Room("Randomness", tests: []),
    Room("CMemory", systemLibrary: nil),
    Room("CLAPACK", systemLibrary: "lapacke", debian: ["libopenblas-dev", "liblapacke-dev"]),
    Room("CKLU", systemLibrary: nil, debian: ["libsuitesparse-dev"])
)

// Tests of several rooms together.
let acrossRooms = [
    testTarget(
        "LawTests", in: "Tests",
        imports: [
            "Export", "Studies", "Results", "Simulator", "Planning", "Forecasting", "Clearing", "Messaging",
            "DistributedDispatch", "EconomicDispatch", "OptimalPowerFlow", "PowerFlow", "Monitoring",
            "Islanding", "Settlement", "Devices", "Market", "Agents", "Scheduling", "Events", "Grid",
            "Weather",
            "Timeline", "UnbalancedPowerFlow", "LinearAlgebra", "RunSamples",
        ]),
    testTarget(
        "GoldenTests", in: "Tests",
        imports: [
            "Lanes",
            "CaseFile", "FeederFile", "TextFile", "PowerFlow", "UnbalancedPowerFlow", "Grid", "LinearAlgebra",
        ]),
    testTarget(
        "ExampleTests", in: "Tests",
        imports: [
            "Report", "Export", "ScenarioFile", "CaseFile", "FeederFile", "Studies", "Results", "Simulator",
            "Planning",
            "Forecasting", "Clearing", "Messaging", "DistributedDispatch", "EconomicDispatch", "UnitDispatch",
            "OptimalPowerFlow", "PowerFlow", "ControlledPowerFlow", "UnbalancedPowerFlow", "DCPowerFlow",
            "Settlement", "Devices", "Market", "Agents", "Scheduling", "Events", "Grid", "Timeline",
            "Optimization", "LinearAlgebra", "Lanes",
        ]),
    testTarget("TidyTests", in: "Tests", imports: []),
    .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict),
]

// What the tests of several rooms share and TestSupport cannot hold, because it needs rooms; benchmarks too.
let samples = [
    sample(
        "RunSamples",
        imports: [
            "Simulator", "Planning", "Forecasting", "Clearing", "Messaging", "EconomicDispatch", "Islanding",
            "Monitoring", "Metering", "Settlement", "Devices", "Market", "Agents", "Scheduling", "Events",
            "Grid", "Weather", "Timeline", "LinearAlgebra",
        ]),
    sample("DispatchSamples", imports: ["Scheduling", "Grid", "Timeline"]),
    sample("ProgramSamples", imports: ["Optimization"]),
]

// The rooms another package may use, and the samples that the benchmarks use.
let products = [
    "ProgramSamples", "DispatchSamples", "Lanes", "LinearAlgebra", "Optimization", "Timeline", "Weather",
    "Grid", "Scheduling", "Agents", "Market", "Devices", "Settlement", "Events", "Islanding", "Monitoring",
    "Clearing", "DCPowerFlow", "UnbalancedPowerFlow", "ControlledPowerFlow", "PowerFlow",
    "OptimalPowerFlow", "UnitDispatch", "EconomicDispatch", "DistributedDispatch", "Messaging", "Forecasting",
    "Planning", "Simulator", "Results", "Studies", "TextFile", "ExternalDispatch", "WeatherFile", "UnitFile",
    "ProfileFile", "FeederFile", "CaseFile", "ScenarioFile", "Export", "Report",
]

let package = Package(
    name: "karst",
    products: products.map { .library(name: $0, targets: [$0]) },
    traits: traits,
    dependencies: [yams.package, grdb.package, argumentParser.package],
    targets: (([doors, loop, verbs, nouns, maths] + (isLive ? [live] : [])).flatMap(\.targets) + acrossRooms
        + samples).filter(isWanted)
)

/// Whether a target is needed: all are, but with `ROOM=Grid` in the environment the only tests are those of
/// that room, so that nothing else is built for them (`make test ROOM=Grid`).
func isWanted(_ target: Target) -> Bool {
    guard target.type == .test, let room = Context.environment["ROOM"], !room.isEmpty else { return true }
    return target.name == room + "Tests"
}

/// The folder `Sources/<name>` with its rooms, and `Tests/<name>` with their tests.
struct Floor {
    let targets: [Target]

    init(folder name: String, _ rooms: Room...) {
        targets = rooms.flatMap { $0.targets(name) }
    }
}

/// The folder of one target, and of its tests where it has tests of its own.
struct Room {
    let targets: (_ floor: String) -> [Target]

    /// A room in Swift; `tests` is nil where other rooms' tests hold it too.
    init(
        _ name: String, imports: [String] = [], _ libraries: Library..., tests: [String]? = nil,
        testLibraries: [Library] = [], isCommand: Bool = false
    ) {
        let dependencies = imports.map { Target.Dependency.byName(name: $0) } + libraries.map(\.product)
        targets = { floor in
            let path = "Sources/\(floor)/\(name)"
            let settings = strict + (isCommand && isLive ? [.define("MQTT")] : [])
            let target: Target =
                isCommand
                ? .executableTarget(
                    name: name, dependencies: dependencies, path: path, swiftSettings: settings)
                : .target(name: name, dependencies: dependencies, path: path, swiftSettings: strict)
            guard let tests else { return [target] }
            return [
                target,
                testTarget(name + "Tests", in: "Tests/\(floor)", imports: [name] + tests, testLibraries),
            ]
        }
    }

    /// A module map around a library of the system; without a name for pkg-config the library is where the
    /// compiler looks anyway.
    init(_ name: String, systemLibrary pkgConfig: String?, debian: [String] = []) {
        targets = { floor in
            [
                .systemLibrary(
                    name: name, path: "Sources/\(floor)/\(name)", pkgConfig: pkgConfig,
                    providers: [.apt(debian)])
            ]
        }
    }
}

func testTarget(
    _ name: String, in folder: String, imports: [String], _ libraries: [Library] = []
) -> Target {
    .testTarget(
        name: name,
        dependencies: (["TestSupport"] + imports).map { .byName(name: $0) } + libraries.map(\.product),
        path: "\(folder)/\(name)", swiftSettings: strict)
}

func sample(_ name: String, imports: [String]) -> Target {
    .target(
        name: name, dependencies: (["TestSupport"] + imports).map { .byName(name: $0) },
        path: "Tests/Samples/\(name)", swiftSettings: strict)
}

/// A Swift package of others, at exactly one version, used where the trait is enabled.
struct Library {
    let product: Target.Dependency
    let package: Package.Dependency

    init(_ name: String, from url: String, _ version: Version, trait: String) {
        let identity = String(url.split(separator: "/").last!)
        product = .product(name: name, package: identity, condition: .when(traits: [trait]))
        package = .package(url: url, exact: version)
    }
}
