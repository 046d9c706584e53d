import Foundation
import Grid
import LinearAlgebra
import OptimalPowerFlow
import Testing

/// The conditions of an optimum (Karush, Kuhn & Tucker), reckoned from the case and the answer alone, by
/// currents of complex voltages.
///
/// Powers in p.u. of the base power, voltages of nominal, angles in rad, costs as fractions of the steepest
/// incremental cost there is at a limit; a flow S with the rating R counts as (S² − R²)/2R.
struct ACCheck {
    let networkCase: NetworkCase
    let optimum: ACOptimum
    private let network: PerUnitNetwork
    private let voltages: [Complex]
    private let unit: Double
    /// Money/h.
    private let steepest: Double
    static let tolerance = 1e-8

    init(_ networkCase: NetworkCase, _ optimum: ACOptimum) {
        self.networkCase = networkCase
        self.optimum = optimum
        network = PerUnitNetwork(networkCase.network)
        unit = network.basePower
        voltages = zip(optimum.voltages, optimum.angles).map { Complex($0 * cos($1), $0 * sin($1)) }
        steepest = networkCase.generators.reduce(0) { steepest, generator in
            guard generator.isConnected, let limits = generator.activeLimits else { return steepest }
            return [limits.lowerBound, limits.upperBound].reduce(steepest) {
                max($0, Self.slopes(generator.cost, at: $1.value).map(\.magnitude).max() ?? 0)
            } as Double
        }
    }

    /// The incremental cost a little below and a little above a power.
    private static func slopes(_ cost: CostCurve?, at power: Double) -> [Double] {
        switch cost {
        case .polynomial, .higherPolynomial: return [cost!.derivatives(at: power).slope]
        case .piecewise(let points):
            return zip(points, points.dropFirst()).map { ($1.cost - $0.cost) / ($1.power - $0.power).value }
        case nil: return [0]
        }
    }

    /// What enters a branch at both ends; and, where `dFrom` and `dTo` are changes of the voltages, by how
    /// much more.
    private func powers(_ index: Int, _ dFrom: Complex, _ dTo: Complex) -> (at: [Complex], change: [Complex])
    {
        let branch = network.branches[index]
        guard branch.isClosed else {
            return ([Complex(0, 0), Complex(0, 0)], [Complex(0, 0), Complex(0, 0)])
        }
        let turn = Complex(cos(branch.shift), -sin(branch.shift)) * (1 / branch.ratio)
        let series = branch.seriesAdmittance
        let half = Complex(branch.shuntConductance / 2, branch.charging / 2)
        func currents(_ a: Complex, _ b: Complex) -> [Complex] {
            [series * (a - b) + half * a, series * (b - a) + half * b]
        }
        let ends = [voltages[branch.from] * turn, voltages[branch.to]]
        let changes = [dFrom * turn, dTo]
        let (i, di) = (currents(ends[0], ends[1]), currents(changes[0], changes[1]))
        return (
            [0, 1].map { ends[$0] * i[$0].conjugate },
            [0, 1].map { changes[$0] * i[$0].conjugate + ends[$0] * di[$0].conjugate }
        )
    }

    /// All of it.
    func expectOptimal() {
        expectFeasible()
        #expect(worstSlope() < Self.tolerance)
        expectCheap()
        expectComplementary()
    }

    func expectFeasible() {
        #expect(mismatches().allSatisfy { max(abs($0.real), abs($0.imaginary)) < Self.tolerance })
        for (index, branch) in networkCase.network.branches.enumerated() where branch.isClosed {
            let both = powers(index, Complex(0, 0), Complex(0, 0)).at
            #expect(abs(both[0].real - optimum.powerFrom[index].value / unit) < Self.tolerance)
            #expect(abs(both[1].real - optimum.powerTo[index].value / unit) < Self.tolerance)
            #expect(abs(both[0].imaginary - optimum.reactiveFrom[index].value / unit) < Self.tolerance)
            #expect(abs(both[1].imaginary - optimum.reactiveTo[index].value / unit) < Self.tolerance)
        }
        for limit in limits() {
            #expect(limit.below > -Self.tolerance && limit.above > -Self.tolerance, "\(limit)")
        }
    }

    /// P + jQ that leaves each bus, shunts included, less what is given and taken there, p.u.
    private func mismatches() -> [Complex] {
        var sums = optimum.voltages.indices.map {
            Complex(network.shuntConductance[$0], -network.shuntSusceptance[$0])
                * (optimum.voltages[$0] * optimum.voltages[$0])
        }
        for (index, branch) in network.branches.enumerated() {
            let both = powers(index, Complex(0, 0), Complex(0, 0)).at
            sums[branch.from] += both[0]
            sums[branch.to] += both[1]
        }
        for load in networkCase.loads where load.isConnected {
            sums[load.bus] += Complex(load.active.value / unit, load.reactive.value / unit)
        }
        for (index, generator) in networkCase.generators.enumerated() {
            sums[generator.bus] -= Complex(
                optimum.active[index].value / unit, optimum.reactive[index].value / unit)
        }
        return sums
    }

    /// Of the Lagrangian by angles and |V|: the largest. Where an angle or |V| is given there is none.
    private func worstSlope() -> Double {
        let buses = networkCase.network.buses.indices
        var byAngle = buses.map { _ in 0.0 }
        var byVoltage = buses.map { bus in
            let (v, price) = (optimum.voltages[bus], prices(bus))
            let shunt =
                2 * v
                * (price.real * network.shuntConductance[bus]
                    - price.imaginary * network.shuntSusceptance[bus])
            return shunt + optimum.limitPrices.voltages[bus]
        }
        for (index, branch) in network.branches.enumerated() where branch.isClosed {
            let ends = [branch.from, branch.to]
            let ratings = [optimum.limitPrices.ratingsFrom[index], optimum.limitPrices.ratingsTo[index]]
            for (k, bus) in ends.enumerated() {
                let v = voltages[bus]
                for (isAngle, dv) in [(true, v.timesImaginary(1)), (false, v * (1 / optimum.voltages[bus]))] {
                    let (at, change) = powers(index, k == 0 ? dv : Complex(0, 0), k == 1 ? dv : Complex(0, 0))
                    var slope = 0.0
                    for end in 0..<2 {
                        slope += (prices(ends[end]).conjugate * change[end]).real
                        guard ratings[end] != 0 else { continue }
                        let rating = networkCase.network.branches[index].rating!.value / unit
                        slope += ratings[end] * unit * (at[end].conjugate * change[end]).real / rating
                    }
                    if isAngle { byAngle[bus] += slope } else { byVoltage[bus] += slope }
                }
            }
            byAngle[branch.from] += optimum.limitPrices.angles[index]
            byAngle[branch.to] -= optimum.limitPrices.angles[index]
        }
        for source in networkCase.network.sources { byAngle[source.bus] = 0 }
        for (bus, limits) in networkCase.network.buses.map(\.limits).enumerated()
        where limits.lowerBound == limits.upperBound { byVoltage[bus] = 0 }
        return (byAngle + byVoltage).reduce(0) { max($0, abs($1)) } / (steepest * unit)
    }

    /// Of P and Q, money/h per p.u., as P + jQ: the product with the conjugate is their sum.
    private func prices(_ bus: Int) -> Complex {
        Complex(optimum.prices[bus].total.value * unit, optimum.reactivePrices[bus] * unit)
    }

    /// Incremental costs are prices but for limits; with pieces no other power is cheaper at the price.
    private func expectCheap() {
        for (index, generator) in networkCase.generators.enumerated() where generator.isConnected {
            let price = optimum.prices[generator.bus].total.value
            let limits = generator.activeLimits!
            if case .piecewise(let points)? = generator.cost {
                func net(_ power: Double) -> Double {
                    (generator.cost!.cost(at: power) - price * power) / (steepest * unit)
                }
                let corners = points.map(\.power.value).filter {
                    $0 > limits.lowerBound.value && $0 < limits.upperBound.value
                }
                for power in corners + [limits.lowerBound.value, limits.upperBound.value] {
                    #expect(net(power) > net(optimum.active[index].value) - 1e-7)
                }
            } else if limits.upperBound > limits.lowerBound {
                let marginal = Self.slopes(generator.cost, at: optimum.active[index].value)[0]
                let error = marginal - price + optimum.limitPrices.active[index]
                #expect(abs(error) < Self.tolerance * steepest)
            }
            if let limits = generator.reactiveLimits, limits.upperBound > limits.lowerBound {
                if case .piecewise? = generator.reactiveCost { continue }
                let marginal =
                    Self.slopes(generator.reactiveCost, at: optimum.reactive[index].value).first ?? 0
                let error =
                    marginal + optimum.limitPrices.reactive[index] - optimum.reactivePrices[generator.bus]
                #expect(abs(error) < Self.tolerance * steepest)
            }
        }
    }

    /// A limit that is away has no price.
    private func expectComplementary() {
        for limit in limits() {
            let price = limit.price / (steepest * unit)
            let play = price > 0 ? limit.above : limit.below
            #expect(price == 0 || play.isFinite, "\(limit)")
            #expect(price == 0 || abs(price * play) < Self.tolerance * max(1, abs(price)), "\(limit)")
        }
    }

    /// A value's play above and below, and what the limits are worth, money/h per p.u. or rad.
    private struct Limit {
        let name: String
        let below: Double
        let above: Double
        let price: Double
    }

    private func limits() -> [Limit] {
        var limits: [Limit] = []
        let prices = optimum.limitPrices
        func add(_ name: String, _ value: Double, _ range: ClosedRange<Double>, _ price: Double) {
            limits.append(
                Limit(
                    name: name, below: value - range.lowerBound, above: range.upperBound - value, price: price
                ))
        }
        for (index, bus) in networkCase.network.buses.enumerated() {
            add("|V| of \(index)", optimum.voltages[index], bus.limits, prices.voltages[index])
        }
        for (index, branch) in networkCase.network.branches.enumerated() where branch.isClosed {
            let difference = optimum.angles[branch.from] - optimum.angles[branch.to]
            add("angle of \(index)", difference, branch.angleLimits ?? -7...7, prices.angles[index])
            guard let rating = branch.rating?.value else { continue }
            let both = powers(index, Complex(0, 0), Complex(0, 0)).at
            for (power, price) in zip(both, [prices.ratingsFrom[index], prices.ratingsTo[index]]) {
                let size = power.magnitude * power.magnitude * unit / rating
                add("flow of \(index)", size / 2, -.infinity...(rating / unit / 2), price * unit)
            }
        }
        for (index, generator) in networkCase.generators.enumerated() where generator.isConnected {
            let active = generator.activeLimits.map {
                $0.lowerBound.value / unit...$0.upperBound.value / unit
            }
            add(
                "P of \(index)", optimum.active[index].value / unit, active ?? -.infinity...(.infinity),
                prices.active[index] * unit)
            let reactive = generator.reactiveLimits.map {
                $0.lowerBound.value / unit...$0.upperBound.value / unit
            }
            add(
                "Q of \(index)", optimum.reactive[index].value / unit, reactive ?? -.infinity...(.infinity),
                prices.reactive[index] * unit)
        }
        return limits
    }
}
