import Foundation
import Grid
import TestSupport
import Testing

/// The answer to one variant, held against what a solver found.
struct GoldenAnswer {
    let variant: GoldenVariant
    let network: Network
    /// Row of `voltages` → bus.
    private let buses: [Int]

    init(_ variant: GoldenVariant, _ network: Network) throws {
        self.variant = variant
        self.network = network
        let numbers = Dictionary(uniqueKeysWithValues: network.buses.enumerated().map { ($1.name, $0) })
        buses = try variant.voltages.map { try #require(numbers[$0.text("bus")]) }
    }

    func status() throws -> OperatingPoint.Status {
        try #require(OperatingPoint.Status(rawValue: variant.sums.text("status")))
    }

    /// `voltage` gives |V| per unit and the angle in rad of a bus.
    func checkVoltages(_ solver: String, _ voltage: (Int) -> (magnitude: Double, angle: Double)) throws {
        var worst = (magnitude: 0.0, angle: 0.0, bus: "")
        for (row, bus) in zip(variant.voltages, buses) {
            let found = voltage(bus)
            let magnitude = abs(found.magnitude - row["vm_pu"])
            let angle = abs(remainder(found.angle * 180 / .pi - row["va_degree"], 360))
            if !(magnitude <= worst.magnitude) || !(angle <= worst.angle) {
                worst.bus = network.buses[bus].name
            }
            worst.magnitude = magnitude <= worst.magnitude ? worst.magnitude : magnitude
            worst.angle = angle <= worst.angle ? worst.angle : angle
        }
        #expect(
            worst.magnitude <= 1e-8 && worst.angle <= 1e-6,
            "\(variant.name) by \(solver): \(worst.magnitude) p.u., \(worst.angle)° off at bus \(worst.bus)")
    }

    /// `injections` are those the point was solved for.
    func check(_ point: OperatingPoint, _ injections: Injections, _ solver: String) throws {
        let status = try status()
        #expect(point.status == status, "\(variant.name) by \(solver): \(point.status)")
        guard point.status == status else { return }
        if let loadability = variant.sums.optional("loadability") {
            let found = try #require(point.loadability)
            #expect(abs(found - loadability) <= 1e-4 * loadability, "\(variant.name): \(found)")
            #expect(point.voltage.allSatisfy { $0 == .zero })
            return
        }
        try checkVoltages(solver) {
            (point.voltage[$0] / network.buses[$0].nominalVoltage, point.angle[$0])
        }
        let intoNetwork = network.sources.reduce((point.sourcePower, point.sourceReactive)) {
            let own = injections.power(at: $1.bus, magnitude: $1.voltage)
            return ($0.0 + own.active, $0.1 + own.reactive)
        }
        try check("losses_mw", point.losses.value / 1e6)
        try check("unserved_mw", point.unserved.value / 1e6)
        try check("source_mw", intoNetwork.0.value / 1e6)
        try check("source_mvar", intoNetwork.1.value / 1e6)
    }

    private func check(_ column: String, _ value: Double) throws {
        let expected = variant.sums[column]
        let isNear = abs(value - expected) <= 1e-7 * max(network.basePower.value / 1e6, abs(expected))
        #expect(isNear, "\(variant.name): \(column) \(value), not \(expected)")
    }
}

extension Injections {
    /// What is given at a bus whose |V| is known.
    fileprivate func power(at bus: Int, magnitude v: Double) -> (active: Power, reactive: ReactivePower) {
        var (active, reactive) = (self.active[bus], self.reactive[bus])
        for (part, factor) in [(constantCurrent, v), (constantImpedance, v * v)] {
            guard let part else { continue }
            active += part.active[bus] * factor
            reactive += part.reactive[bus] * factor
        }
        return (active, reactive)
    }
}
