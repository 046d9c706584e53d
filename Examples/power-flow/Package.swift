// swift-tools-version: 6.2
import PackageDescription

// A package of its own that uses Karst's power flow alone: without traits no other package is fetched.
let package = Package(
    name: "power-flow",
    dependencies: [.package(name: "karst", path: "../..", traits: [])],
    targets: [
        .executableTarget(
            name: "power-flow",
            dependencies: ["CaseFile", "Grid", "PowerFlow"].map { .product(name: $0, package: "karst") })
    ]
)
