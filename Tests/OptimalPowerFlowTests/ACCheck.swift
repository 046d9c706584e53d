import Foundation
import Grid
import LinearAlgebra
import OptimalPowerFlow
import Testing

/// The conditions of an optimum, from the case and the answer alone: currents of complex voltages, and
/// central differences of the Lagrangian.
struct ACCheck {
    let networkCase: NetworkCase
    let optimum: ACOptimum
    private let network: PerUnitNetwork
    private let unit: Double

    init(_ networkCase: NetworkCase, _ optimum: ACOptimum) {
        self.networkCase = networkCase
        self.optimum = optimum
        network = PerUnitNetwork(networkCase.network)
        unit = network.basePower
    }

    private func polar(_ magnitude: Double, _ angle: Double) -> Complex {
        Complex(magnitude * cos(angle), magnitude * sin(angle))
    }

    /// What enters a branch at both ends.
    private func powers(
        _ branch: PerUnitNetwork.Branch, _ v: [Double], _ angle: [Double]
    ) -> (from: Complex, to: Complex) {
        guard branch.isClosed else { return (Complex(0, 0), Complex(0, 0)) }
        let (a, b) = (
            polar(v[branch.from] / branch.ratio, angle[branch.from] - branch.shift),
            polar(v[branch.to], angle[branch.to])
        )
        let series = Complex(branch.conductance, branch.susceptance)
        let half = Complex(branch.shuntConductance / 2, branch.charging / 2)
        let current = series * (a - b)
        return (a * (current + half * a).conjugate, b * (half * b - current).conjugate)
    }

    /// P + jQ that leaves each bus, shunts included, less what is given and taken there, p.u.
    private func mismatches() -> [Complex] {
        let (v, angle) = (optimum.voltages, optimum.angles)
        var sums = v.indices.map {
            Complex(
                network.shuntConductance[$0] * v[$0] * v[$0], -network.shuntSusceptance[$0] * v[$0] * v[$0])
        }
        for branch in network.branches {
            let powers = powers(branch, v, angle)
            sums[branch.from] = sums[branch.from] + powers.from
            sums[branch.to] = sums[branch.to] + powers.to
        }
        for load in networkCase.loads where load.isConnected {
            sums[load.bus] = sums[load.bus] + Complex(load.active.value / unit, load.reactive.value / unit)
        }
        for (index, generator) in networkCase.generators.enumerated() {
            let given = Complex(optimum.active[index].value / unit, optimum.reactive[index].value / unit)
            sums[generator.bus] = sums[generator.bus] - given
        }
        return sums
    }

    func expectFeasible() {
        #expect(mismatches().allSatisfy { max(abs($0.real), abs($0.imaginary)) < 1e-7 })
        for (bus, v) in zip(networkCase.network.buses, optimum.voltages) {
            #expect(v > bus.limits.lowerBound - 1e-7 && v < bus.limits.upperBound + 1e-7)
        }
        for (index, branch) in networkCase.network.branches.enumerated() where branch.isClosed {
            let difference = optimum.angles[branch.from] - optimum.angles[branch.to]
            if let limits = branch.angleLimits {
                #expect(difference > limits.lowerBound - 1e-7 && difference < limits.upperBound + 1e-7)
            }
            guard let rating = branch.rating?.value else { continue }
            let both = powers(network.branches[index], optimum.voltages, optimum.angles)
            #expect(max(both.from.magnitude, both.to.magnitude) < rating / unit + 1e-7)
            #expect(abs(both.from.real - optimum.powerFrom[index].value / unit) < 1e-7)
            #expect(abs(both.to.imaginary - optimum.reactiveTo[index].value / unit) < 1e-7)
        }
        for (index, generator) in networkCase.generators.enumerated() where generator.isConnected {
            if let limits = generator.activeLimits {
                let power = optimum.active[index].value
                #expect(power > limits.lowerBound.value - 1e-7 * unit)
                #expect(power < limits.upperBound.value + 1e-7 * unit)
            }
            if let limits = generator.reactiveLimits {
                let power = optimum.reactive[index].value
                #expect(power > limits.lowerBound.value - 1e-7 * unit)
                #expect(power < limits.upperBound.value + 1e-7 * unit)
            }
        }
    }

    /// Also that no voltage, angle or power can move and save. The answer names the prices of limits that
    /// bind alone; those of others are up to √1e-9 of the highest.
    func expectOptimal() {
        expectFeasible()
        let highest = optimum.prices.reduce(0) { max($0, abs($1.total.value)) } * unit
        let tolerance = 3e-4 * highest
        for bus in networkCase.network.buses.indices {
            #expect(abs(slope(at: bus, byAngle: true)) < tolerance, "angle of \(bus)")
            #expect(abs(slope(at: bus, byAngle: false)) < tolerance, "|V| of \(bus)")
        }
        for (index, generator) in networkCase.generators.enumerated() where generator.isConnected {
            let reduced = -optimum.reactivePrices[generator.bus] * unit
            expectSign(
                reduced, optimum.reactive[index].value,
                generator.reactiveLimits.map { $0.lowerBound.value...$0.upperBound.value }, tolerance)
            guard case .polynomial(_, let linear, let quadratic) = generator.cost else { continue }
            let power = optimum.active[index].value
            let marginal = linear + 2 * quadratic * power
            expectSign(
                (marginal - optimum.prices[generator.bus].total.value) * unit, power,
                generator.activeLimits.map { $0.lowerBound.value...$0.upperBound.value }, tolerance)
        }
    }

    /// What more of a power costs net is 0 inside its limits, not below 0 at the lower, nor above 0 at the
    /// upper one.
    private func expectSign(
        _ reduced: Double, _ power: Double, _ limits: ClosedRange<Double>?, _ tolerance: Double
    ) {
        let isAtLower = limits.map { power - $0.lowerBound < 1e-4 * unit } ?? false
        let isAtUpper = limits.map { $0.upperBound - power < 1e-4 * unit } ?? false
        if !isAtLower { #expect(reduced < tolerance) }
        if !isAtUpper { #expect(reduced > -tolerance) }
    }

    /// Of the Lagrangian, by central differences, money/h per p.u. or rad.
    private func slope(at bus: Int, byAngle: Bool) -> Double {
        let h = 1e-5
        var (v, angle) = (optimum.voltages, optimum.angles)
        func value(_ step: Double) -> Double {
            if byAngle { angle[bus] += step } else { v[bus] += step }
            defer { if byAngle { angle[bus] -= step } else { v[bus] -= step } }
            var sum = prices(bus).real * network.shuntConductance[bus] * v[bus] * v[bus]
            sum -= prices(bus).imaginary * network.shuntSusceptance[bus] * v[bus] * v[bus]
            for branch in network.branches where branch.from == bus || branch.to == bus {
                let powers = powers(branch, v, angle)
                for (end, power) in [(branch.from, powers.from), (branch.to, powers.to)] {
                    sum += prices(end).real * power.real + prices(end).imaginary * power.imaginary
                }
            }
            return sum + limits(v, angle)
        }
        return (value(h) - value(-h)) / (2 * h)
    }

    /// Of P and Q, money/h per p.u.
    private func prices(_ bus: Int) -> Complex {
        Complex(optimum.prices[bus].total.value * unit, optimum.reactivePrices[bus] * unit)
    }

    private func limits(_ v: [Double], _ angle: [Double]) -> Double {
        var sum = 0.0
        func flow(_ branch: Int, _ isFrom: Bool) -> Double {
            let both = powers(network.branches[branch], v, angle)
            let size = (isFrom ? both.from : both.to).magnitude
            let rating = networkCase.network.branches[branch].rating!.value / unit
            return (size * size / rating - rating) / 2 * unit
        }
        func difference(_ branch: Int) -> Double {
            angle[network.branches[branch].from] - angle[network.branches[branch].to]
        }
        for limit in optimum.binding {
            switch limit.kind {
            case .largestVoltage(let bus): sum += limit.price * v[bus]
            case .leastVoltage(let bus): sum -= limit.price * v[bus]
            case .largestAngle(let k): sum += limit.price * difference(k)
            case .leastAngle(let k): sum -= limit.price * difference(k)
            case .ratingFrom(let k): sum += limit.price * flow(k, true)
            case .ratingTo(let k): sum += limit.price * flow(k, false)
            }
        }
        return sum
    }
}
