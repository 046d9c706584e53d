// The power flow equations of a network in the form that the optimisation uses. With δ = θ(from) − θ(to), the
// four powers that enter a branch, P and Q at `from` and P and Q at `to`, all have the form
//
//     F = a·v(from)² + c·v(to)² + v(from)·v(to)·T(δ),    T = α·cos δ + β·sin δ,
//
// with coefficients from the branch's admittances as in PowerModels' ACP and MATPOWER's manual (section 3.2).
// All other variable power comes from sources: an amount x within limits, with the cost linear·x +
// quadratic·x², that counts with a sign in one balance of one bus. A generator has one source for its
// reactive power and one for its active power, or one for each piece of a piecewise linear cost. Where the
// case need not be feasible, every balance has one source that delivers and one that takes.

import Grid
import LinearAlgebra

/// Buses are positions in the order of elimination. Per unit throughout, money/h for costs.
struct ACModel {
    typealias Four = SIMD4<Double>

    struct Branch {
        /// Index in the case.
        let index: Int
        let from: Int
        let to: Int
        /// Entry of the pattern.
        var entry = 0
        /// Coefficients of P(from), Q(from), P(to), Q(to).
        let a: Four
        let c: Four
        let cosine: Four
        let sine: Four
        /// The first of its two flow limits.
        let limit: Int?
    }

    struct Source {
        /// Index of the balance: 4·bus + 2 for active, 4·bus + 3 for reactive power.
        let balance: Int
        /// 1 where it gives, −1 where it takes.
        var sign = 1.0
        let lower: Double
        let upper: Double
        let linear: Double
        let quadratic: Double
        /// The generator whose power it is or adds to; nil where it is none's.
        let generator: Int?
    }

    /// sign·(x − bound) ≤ 0 for one variable.
    struct Bound {
        let variable: Int
        let sign: Double
        let bound: Double
    }

    /// The apparent power at one end of a branch.
    struct FlowLimit {
        let branch: Int
        let isFrom: Bool
        let rating: Double
    }

    let networkCase: NetworkCase
    let network: PerUnitNetwork
    let live: LiveNetwork
    let pattern: BlockPattern
    /// The bus of the case at each position, and the position of each; nil where it is de-energised.
    let buses: [Int]
    let positions: [Int?]
    private(set) var branches: [Branch] = []
    var sources: [Source] = []
    /// Of sources whose cost is a polynomial of a degree above 2: its coefficients from the cube on, by p.u.
    var higherCosts: [(source: Int, coefficients: [Double])] = []
    private(set) var bounds: [Bound] = []
    private(set) var flowLimits: [FlowLimit] = []
    /// Variables with a fixed value, and these values: reference angles, and voltages whose limits are equal.
    private(set) var pinned: [(variable: Int, value: Double)] = []
    /// Demand P and Q of each bus: its constant part, and its parts in proportion to |V| and |V|².
    var demand: [SIMD2<Double>]
    private(set) var demandByVoltage: [SIMD2<Double>]
    private(set) var demandBySquare: [SIMD2<Double>]
    /// Fixed power of each generator, to which its sources add.
    var base: [SIMD2<Double>]

    /// Limits beyond the first, p.u., are no limits; limits nearer to each other than the second fix the
    /// value.
    static let largest = 1e6
    static let leastPlay = 1e-9

    // Variables are numbered: θ, |V|, and the prices of P and Q of each bus in turn; the sources; the δ of
    // the branches.
    var firstSource: Int { 4 * buses.count }
    var firstDifference: Int { 4 * buses.count + sources.count }
    var variableCount: Int { firstDifference + branches.count }

    init(_ networkCase: NetworkCase) throws(CaseMistake) {
        self.networkCase = networkCase
        network = PerUnitNetwork(networkCase.network)
        live = LiveNetwork(network)
        let edges = live.branches.map { [live] in
            let branch = networkCase.network.branches[$0]
            return (Int32(live.positions[branch.from]!), Int32(live.positions[branch.to]!))
        }
        pattern = BlockPattern(count: live.buses.count, edges: edges)
        buses = pattern.nodes.map { [live] in live.buses[Int($0)] }
        positions = live.positions.map { [pattern] in $0.map { Int(pattern.positions[$0]) } }
        let nothing = Array(repeating: SIMD2<Double>.zero, count: buses.count)
        (demand, demandByVoltage, demandBySquare) = (nothing, nothing, nothing)
        base = Array(repeating: .zero, count: networkCase.generators.count)
        try addBuses()
        addLoads()
        for (index, generator) in networkCase.generators.enumerated() where generator.isConnected {
            guard let bus = positions[generator.bus] else { continue }
            try add(generator, index, at: bus)
        }
        for branch in live.branches { try add(branch) }
        for (index, source) in sources.enumerated() {
            addBounds(firstSource + index, source.lower, source.upper)
        }
        addAngleLimits()
    }

    /// The same model without costs, with two sources at every balance, one that delivers and one that takes,
    /// at a cost of one a unit. Its optimum is the least power that must be added to satisfy all limits.
    func relaxed() -> ACModel {
        var model = self
        model.higherCosts = []
        model.sources = sources.map {
            Source(
                balance: $0.balance, sign: $0.sign, lower: $0.lower, upper: $0.upper, linear: 0, quadratic: 0,
                generator: $0.generator)
        }
        for bus in buses.indices {
            for balance in 4 * bus + 2...4 * bus + 3 {
                for sign in [1.0, -1] {
                    model.sources.append(
                        Source(
                            balance: balance, sign: sign, lower: 0, upper: .infinity, linear: 1, quadratic: 0,
                            generator: nil))
                }
            }
        }
        model.bounds = bounds.filter { $0.variable < firstSource }
        for (index, source) in model.sources.enumerated() {
            model.addBounds(firstSource + index, source.lower, source.upper)
        }
        model.addAngleLimits()
        return model
    }

    /// Whether no piece of its generator's cost lies beyond this limit of a source.
    func isOuter(_ source: Int, isUpper: Bool) -> Bool {
        let neighbour = isUpper ? source + 1 : source - 1
        guard sources.indices.contains(neighbour) else { return true }
        return sources[neighbour].generator != sources[source].generator
            || sources[neighbour].balance != sources[source].balance
    }

    private mutating func addBounds(_ variable: Int, _ lower: Double, _ upper: Double) {
        if upper < Self.largest { bounds.append(Bound(variable: variable, sign: 1, bound: upper)) }
        if lower > -Self.largest { bounds.append(Bound(variable: variable, sign: -1, bound: lower)) }
    }

    private mutating func addBuses() throws(CaseMistake) {
        for (position, bus) in buses.enumerated() {
            let limits = networkCase.network.buses[bus].limits
            let name = networkCase.network.buses[bus].name
            let (g, b) = (network.shuntConductance[bus], network.shuntSusceptance[bus])
            guard limits.lowerBound > 0, limits.upperBound.isFinite, g.isFinite, b.isFinite else {
                throw Self.mistake(name, "voltage limits above 0, and a finite shunt")
            }
            demandBySquare[position] = SIMD2(g, -b)
            if limits.upperBound - limits.lowerBound <= Self.leastPlay {
                pinned.append((4 * position + 1, limits.lowerBound))
            } else {
                addBounds(4 * position + 1, limits.lowerBound, limits.upperBound)
            }
        }
        for (root, source) in zip(live.roots, network.sources) {
            pinned.append((4 * Int(pattern.positions[root]), source.angle))
        }
    }

    private mutating func addLoads() {
        for load in networkCase.loads where load.isConnected {
            guard let bus = positions[load.bus] else { continue }
            let power = SIMD2(load.active.value, load.reactive.value) / network.basePower
            demand[bus] += power * (1 - load.constantCurrent - load.constantImpedance)
            demandByVoltage[bus] += power * load.constantCurrent
            demandBySquare[bus] += power * load.constantImpedance
        }
    }

    private mutating func add(_ index: Int) throws(CaseMistake) {
        let branch = network.branches[index]
        let port = TwoPort(branch)
        let (from, to) = (positions[branch.from]!, positions[branch.to]!)
        let (ownFrom, ft, tf, ownTo) = (port.from, port.fromTo, port.toFrom, port.to)
        guard ft.largestPart.isFinite, ownTo.largestPart.isFinite else {
            throw Self.mistake(networkCase.network.branches[index].name, "a finite impedance")
        }
        if from == to {
            let sum = ownFrom + ownTo + ft + tf
            demandBySquare[from] += SIMD2(sum.real, -sum.imaginary)
            return
        }
        let first = flowLimits.count
        if let rating = rating(index) {
            for isFrom in [true, false] {
                flowLimits.append(FlowLimit(branch: branches.count, isFrom: isFrom, rating: rating))
            }
        }
        branches.append(
            Branch(
                index: index, from: from, to: to, entry: pattern.entry(Int32(from), Int32(to))!,
                a: Four(ownFrom.real, -ownFrom.imaginary, 0, 0), c: Four(0, 0, ownTo.real, -ownTo.imaginary),
                cosine: Four(ft.real, -ft.imaginary, tf.real, -tf.imaginary),
                sine: Four(ft.imaginary, ft.real, -tf.imaginary, -tf.real),
                limit: first < flowLimits.count ? first : nil))
    }

    /// P.u.; an ampacity counts at nominal voltage.
    private func rating(_ index: Int) -> Double? {
        let whole = networkCase.network
        guard let limit = whole.thermalLimit(of: whole.branches[index]) else { return nil }
        let least = limit.value / network.basePower
        return least < Self.largest ? max(least, Self.leastPlay) : nil
    }

    static func mistake(_ name: String, _ needed: String) -> CaseMistake {
        CaseMistake(messages: ["'\(name)' needs \(needed)"])
    }

    private mutating func addAngleLimits() {
        for (index, branch) in branches.enumerated() {
            guard let limits = networkCase.network.branches[branch.index].angleLimits else { continue }
            let variable = firstDifference + index
            // A whole turn is no limit, if it leaves one.
            if limits.upperBound < 2 * .pi {
                bounds.append(Bound(variable: variable, sign: 1, bound: limits.upperBound))
            }
            if limits.lowerBound > -2 * .pi {
                bounds.append(Bound(variable: variable, sign: -1, bound: limits.lowerBound))
            }
        }
    }
}
