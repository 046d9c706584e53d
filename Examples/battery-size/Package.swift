// swift-tools-version: 6.2
import PackageDescription

// A package of its own that uses Karst as a library. `make examples` builds and runs it.
let package = Package(
    name: "battery-size",
    dependencies: [.package(name: "karst", path: "../..")],
    targets: [
        .executableTarget(
            name: "battery-size",
            dependencies: ["Devices", "Export", "Grid", "Report", "Results", "ScenarioFile", "Simulator"]
                .map { .product(name: $0, package: "karst") })
    ]
)
