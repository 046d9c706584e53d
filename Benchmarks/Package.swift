// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that a plain build of the house stays light. It shares the house's build folder:
//
//     rm -f .build/release.yaml
//     swift build --package-path Benchmarks --scratch-path .build …
//
// where the first line, needed at every change between the two packages, forgets the other one's build plan:
// SwiftPM would take it for its own. What is compiled stays.
//
// The house's own dependencies are named again here, at the same versions, because SwiftPM clears from a
// build folder what the package at hand does not name, and would build them anew at every change between the
// two.

let rooms = [
    "Agents", "CaseFile", "Clearing", "ControlledPowerFlow", "DistributedDispatch", "EconomicDispatch",
    "FeederFile", "Grid", "Lanes",
    "Messaging", "LinearAlgebra",
    "OptimalPowerFlow", "Optimization", "PowerFlow", "Scheduling", "Timeline", "UnbalancedPowerFlow",
    "UnitDispatch", "DispatchSamples", "ProgramSamples",
]

let package = Package(
    name: "karst-benchmarks",
    dependencies: [
        .package(name: "karst", path: ".."),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    ],
    targets: [
        .executableTarget(
            name: "karst-bench",
            dependencies: rooms.map { .product(name: $0, package: "karst") },
            swiftSettings: [
                .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("MemberImportVisibility"),
                .treatAllWarnings(as: .error),
            ])
    ]
)
