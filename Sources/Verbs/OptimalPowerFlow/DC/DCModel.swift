import Grid
import LinearAlgebra

/// Branch model of the linear network: the flow for a difference of angles.
public enum DCBranchModel: String, Hashable, Sendable, CaseIterable {
    /// x/(r² + x²) × the difference of angles; taps and phase shifts are ignored: PowerModels' DCP, and the
    /// DC column of pglib-opf.
    case plain
    /// 1/(x·ratio) × the difference of angles less the phase shift: the model of MATPOWER and of
    /// `DCPowerFlow`.
    case tapped
}

/// A case in the form that the optimisation uses: per unit, costs as fractions of `costScale`.
struct DCModel: Sendable {
    /// A closed branch; the flow is susceptance·(θ(from) − θ(to) − shift).
    struct Line {
        let branch: Int
        let from: Int
        let to: Int
        let susceptance: Double
        let shift: Double
        /// Losses of the line, half at each end, are this times the square of the flow.
        var resistance = 0.0
        /// Limits of the flow; infinite without limit.
        var lower = -Double.infinity
        var upper = Double.infinity
        /// Whether the lower and the upper limit are those of the angle.
        var isLowerAngle = false
        var isUpperAngle = false
    }

    /// A piece of a generator's cost: slope·p + quadratic·p² for p in limits.
    struct Unit {
        /// nil for missing power, which belongs to no generator: see `relaxed`.
        let generator: Int?
        let bus: Int
        let lower: Double
        let upper: Double
        let slope: Double
        let quadratic: Double
    }

    let lines: [Line]
    private(set) var units: [Unit]
    /// Demand of each bus less the fixed power of its generators.
    let demand: [Double]
    /// Of each generator, the power to which its pieces add.
    let floor: [Double]
    /// The reference bus of the island of each bus, and of each island one bus with a unit, if any has one.
    let references: [Int]
    let pins: [Int]
    /// Whether the units of each island can meet its demand, without regard to the lines.
    private(set) var isServable: Bool
    /// W, and money/(W·h).
    let base: Double
    private(set) var costScale: Double

    init(
        _ networkCase: NetworkCase, _ branchModel: DCBranchModel, losses: Bool
    ) throws(CaseMistake) {
        let network = PerUnitNetwork(networkCase.network)
        base = network.basePower
        var taken = network.shuntConductance
        for load in networkCase.loads where load.isConnected { taken[load.bus] += load.active.value / base }
        lines = Self.lines(networkCase.network, network, branchModel, losses)
        var pieces = try UnitPieces(networkCase, base, most: Self.most(networkCase, taken, base))
        for (generator, power) in pieces.floor.enumerated() where power != 0 {
            taken[networkCase.generators[generator].bus] -= power
        }
        costScale = pieces.normalise()
        floor = pieces.floor
        units = pieces.units
        demand = taken
        (references, pins, isServable) = Self.islands(taken, lines, networkCase, units)
    }

    /// The same model without costs, with two units at every bus, one that delivers and one that takes, at a
    /// cost of one a p.u. Its optimum is the least power that must be added to satisfy all limits.
    func relaxed() -> DCModel {
        var model = self
        model.units = units.map {
            Unit(
                generator: $0.generator, bus: $0.bus, lower: $0.lower, upper: $0.upper, slope: 0, quadratic: 0
            )
        }
        let most =
            10
            * units.reduce(demand.reduce(1) { $0 + $1.magnitude }) {
                $0 + max($1.lower.magnitude, $1.upper.magnitude)
            }
        for bus in demand.indices {
            for (lower, upper, slope) in [(0, most, 1.0), (-most, 0, -1)] {
                model.units.append(
                    Unit(generator: nil, bus: bus, lower: lower, upper: upper, slope: slope, quadratic: 0))
            }
        }
        (model.costScale, model.isServable) = (1, true)
        return model
    }

    /// A power beyond which there is no limit, p.u.
    static let endless = 1e9

    /// Replaces a missing limit by more than all units and loads together.
    private static func most(_ networkCase: NetworkCase, _ taken: [Double], _ base: Double) -> Double {
        let given = networkCase.generators.reduce(0) { sum, generator in
            guard generator.isConnected, let limits = generator.activeLimits else { return sum }
            return [limits.lowerBound, limits.upperBound].map { $0.value.magnitude / base }
                .reduce(sum) { $1 < endless ? $0 + $1 : $0 }
        }
        return 10 * taken.reduce(1 + given) { $0 + $1.magnitude }
    }

    private static func lines(
        _ network: Network, _ perUnit: PerUnitNetwork, _ branchModel: DCBranchModel, _ losses: Bool
    ) -> [Line] {
        network.branches.indices.compactMap { index in
            let (branch, values) = (network.branches[index], perUnit.branches[index])
            guard branch.isClosed, branch.from != branch.to else { return nil }
            let (r, x) = (values.resistance, values.reactance)
            var susceptance = x / (r * r + x * x)
            if branchModel == .tapped {
                susceptance = values.linearSusceptance
            } else if susceptance == 0 {
                susceptance = 1 / r
            }
            let shift = branchModel == .tapped ? values.shift : 0
            var line = Line(
                branch: index, from: branch.from, to: branch.to, susceptance: susceptance, shift: shift,
                resistance: losses ? r : 0)
            if let limit = network.thermalLimit(of: branch) {
                line.upper = limit.value / perUnit.basePower
                line.lower = -line.upper
            }
            if let angles = branch.angleLimits {
                let ends = [angles.lowerBound, angles.upperBound].map { susceptance * ($0 - shift) }.sorted()
                if ends[0] > line.lower { (line.lower, line.isLowerAngle) = (ends[0], true) }
                if ends[1] < line.upper { (line.upper, line.isUpperAngle) = (ends[1], true) }
            }
            return line
        }
    }

    private static func islands(
        _ demand: [Double], _ lines: [Line], _ networkCase: NetworkCase, _ units: [Unit]
    ) -> (references: [Int], pins: [Int], isServable: Bool) {
        let count = demand.count
        var roots = Array(0..<count)
        func root(_ bus: Int) -> Int {
            var bus = bus
            while roots[bus] != bus {
                roots[bus] = roots[roots[bus]]
                bus = roots[bus]
            }
            return bus
        }
        for line in lines { roots[root(line.from)] = root(line.to) }
        var references = Array(repeating: -1, count: count)
        var pins = references
        for source in networkCase.network.sources where references[root(source.bus)] < 0 {
            references[root(source.bus)] = source.bus
        }
        for unit in units where pins[root(unit.bus)] < 0 { pins[root(unit.bus)] = unit.bus }
        var (least, most, size) = (demand.map { _ in 0.0 }, demand.map { _ in 0.0 }, demand.map { _ in 1.0 })
        for (bus, power) in demand.enumerated() {
            least[root(bus)] -= power
            most[root(bus)] -= power
            size[root(bus)] += power.magnitude
        }
        for unit in units {
            least[root(unit.bus)] += unit.lower
            most[root(unit.bus)] += unit.upper
        }
        let isServable = (0..<count).allSatisfy { least[$0] < 1e-9 * size[$0] && most[$0] > -1e-9 * size[$0] }
        let islands = (0..<count).filter { root($0) == $0 }
        for island in islands {
            if pins[island] < 0 { pins[island] = island }
            if references[island] < 0 { references[island] = pins[island] }
        }
        return ((0..<count).map { references[root($0)] }, islands.map { pins[$0] }, isServable)
    }
}

/// The connected generators as pieces of convex cost, p.u.
private struct UnitPieces {
    private(set) var units: [DCModel.Unit] = []
    /// Of each generator: its power where its pieces begin.
    private(set) var floor: [Double]

    init(_ networkCase: NetworkCase, _ base: Double, most: Double) throws(CaseMistake) {
        floor = networkCase.generators.map { _ in 0 }
        var messages: [String] = []
        for (index, generator) in networkCase.generators.enumerated() where generator.isConnected {
            guard let cost = generator.cost else {
                messages.append("generator '\(generator.name)' has no cost that is understood")
                continue
            }
            func bounded(_ limit: Power?, _ sign: Double) -> Double {
                let power = limit.map { $0.value / base } ?? sign * most
                return base * (power.magnitude < DCModel.endless ? power : sign * most)
            }
            let lower = bounded(generator.activeLimits?.lowerBound, -1)
            let upper = bounded(generator.activeLimits?.upperBound, 1)
            if case .higherPolynomial(let coefficients) = cost {
                messages.append(
                    "the cost of generator '\(generator.name)' is a polynomial of degree \(coefficients.count - 1); "
                        + "a DC optimal power flow takes the square at most, an AC one any degree")
                continue
            }
            guard let pieces = cost.convexPieces(from: lower, to: upper) else {
                messages.append("the cost of generator '\(generator.name)' is not convex, or not finite")
                continue
            }
            let isQuadratic = pieces[0].quadratic > 0
            if !isQuadratic { floor[index] = pieces[0].lower / base }
            if isQuadratic, pieces[0].lower == pieces[0].upper { floor[index] = pieces[0].lower / base }
            for piece in pieces where piece.lower < piece.upper {
                let start = isQuadratic ? 0 : piece.lower
                units.append(
                    DCModel.Unit(
                        generator: index, bus: generator.bus, lower: (piece.lower - start) / base,
                        upper: (piece.upper - start) / base, slope: piece.slope,
                        quadratic: piece.quadratic * base))
            }
        }
        guard messages.isEmpty else { throw CaseMistake(messages: messages) }
    }

    /// Divides all costs by the largest incremental cost, and returns it.
    mutating func normalise() -> Double {
        let largest = units.reduce(0) { largest, unit in
            let reach = max(unit.lower.magnitude, unit.upper.magnitude)
            return max(largest, unit.slope.magnitude + 2 * unit.quadratic * reach)
        }
        let scale = largest > 0 ? largest : 1
        units = units.map { unit in
            DCModel.Unit(
                generator: unit.generator, bus: unit.bus, lower: unit.lower, upper: unit.upper,
                slope: unit.slope / scale, quadratic: unit.quadratic / scale)
        }
        return scale
    }
}
