// The sweep of `BackwardForwardSweep`, sixteen steps at a time: each step is a lane of SIMD registers, and
// the tree is walked once for all of them. What is particular to it:
//
// - The reciprocal 1/|v|² that a constant power needs is carried from sweep to sweep and refreshed by one
//   step of Newton's method for reciprocals, w ← w·(2 − |v|²·w): no division in the loop. It is exact at the
//   fixed point.
// - After a forward pass the currents are in balance, and a bus draws v·conj(own) with own = conj(s/v₋), v₋
//   the voltage before: its power mismatch is |s|·|v − v₋|/|v₋|, and |b|·|v|·|v − v₋| for a shunt. So a lane
//   is done when the root of Σ|v − v₋|² is below half the tolerance over its largest |p| + |q| + |b|; the
//   half leaves room for |v| between ½ and 2. The first sweeps of a loaded feeder are never the last and are
//   not compared.
// - Memory holds, for one bus after another in depth-first order, what a sweep needs of it together.

import Grid
import LinearAlgebra

/// Owns the tree and the workspace of one block; one a worker.
final class BatchedSweep {
    typealias Lanes = SIMD8<Double>

    /// Steps in a block: two registers.
    static let width = 2 * Lanes.scalarCount
    private static let limit = 60
    private static let unchecked = 3

    /// What a bus holds of one register's worth of steps, p.u.
    private struct Cell {
        /// Constant power taken.
        var p = Lanes.zero
        var q = Lanes.zero
        var real = Lanes.zero
        var imaginary = Lanes.zero
        /// 1/|v|².
        var reciprocal = Lanes.zero
        /// Through the branch from the parent.
        var currentReal = Lanes.zero
        var currentImaginary = Lanes.zero
    }

    private struct Node {
        let parent: Int
        let bus: Int
        let resistance: Double
        let reactance: Double
        let susceptance: Double
        let scale: Double
    }

    private let nodes: UnsafeMutableBufferPointer<Node>
    /// Two a node.
    private let cells: UnsafeMutableBufferPointer<Cell>
    private let sourceVoltage: Double
    private let basePower: Double
    private let tolerance: Double
    /// Each lane's Σ|v − v₋|² of the last sweep, and what it may be.
    private var change = (Lanes.zero, Lanes.zero)
    private var allowed = (Lanes.zero, Lanes.zero)

    /// - Precondition: `live` is a tree of `network`.
    init(_ live: LiveNetwork, of network: PerUnitNetwork, tolerance: Double) {
        let tree = ScaledTree(live, of: network)
        self.tolerance = tolerance
        sourceVoltage = network.sourceVoltage
        basePower = network.basePower
        nodes = .allocate(capacity: live.buses.count)
        for (position, bus) in live.buses.enumerated() {
            nodes.initializeElement(
                at: position,
                to: Node(
                    parent: live.parents[position], bus: bus, resistance: tree.impedance[position].real,
                    reactance: tree.impedance[position].imaginary, susceptance: tree.susceptance[position],
                    scale: tree.scale[position]))
        }
        cells = .allocate(capacity: 2 * live.buses.count)
        cells.initialize(repeating: Cell())
    }

    deinit {
        nodes.deallocate()
        cells.deallocate()
    }

    /// Sweeps `width` steps from `first`, or those that are left, from the source's voltage until every one
    /// is at rest or the limit is reached. Gives the number of sweeps; `isAtRest` tells which came to rest.
    func solve(_ series: InjectionSeries, first: Int) -> Int {
        load(series, first: first)
        backward()
        for sweep in 1...Self.limit {
            forward()
            if sweep > Self.unchecked, (0..<Self.width).allSatisfy(isAtRest) { return sweep }
            backward()
        }
        return Self.limit
    }

    /// Whether this step of the block is solved; false where anything is not a number.
    func isAtRest(_ lane: Int) -> Bool {
        lane < Lanes.scalarCount
            ? change.0[lane] <= allowed.0[lane]
            : change.1[lane - Lanes.scalarCount] <= allowed.1[lane - Lanes.scalarCount]
    }

    /// Sums the currents towards the source.
    private func backward() {
        let cells = cells.baseAddress!
        var k = nodes.count - 1
        while k > 0 {
            let node = nodes[k]
            let parent = cells + 2 * node.parent
            Self.draw(cells + 2 * k, parent, node.susceptance)
            Self.draw(cells + 2 * k + 1, parent + 1, node.susceptance)
            k -= 1
        }
    }

    @inline(__always)
    private static func draw(
        _ cell: UnsafeMutablePointer<Cell>, _ parent: UnsafeMutablePointer<Cell>, _ susceptance: Double
    ) {
        let (re, im) = (cell.pointee.real, cell.pointee.imaginary)
        let w = cell.pointee.reciprocal
        let (p, q) = (cell.pointee.p * w, cell.pointee.q * w - susceptance)
        let currentReal = cell.pointee.currentReal + (p * re + q * im)
        let currentImaginary = cell.pointee.currentImaginary + (p * im - q * re)
        cell.pointee.currentReal = currentReal
        cell.pointee.currentImaginary = currentImaginary
        parent.pointee.currentReal += currentReal
        parent.pointee.currentImaginary += currentImaginary
    }

    /// Takes each branch's drop from its parent's voltage, measures the change, and clears the currents.
    private func forward() {
        let cells = cells.baseAddress!
        var change = (Lanes.zero, Lanes.zero)
        var k = 1
        while k < nodes.count {
            let node = nodes[k]
            let parent = cells + 2 * node.parent
            Self.drop(cells + 2 * k, parent, node.resistance, node.reactance, &change.0)
            Self.drop(cells + 2 * k + 1, parent + 1, node.resistance, node.reactance, &change.1)
            k += 1
        }
        self.change = change
    }

    @inline(__always)
    private static func drop(
        _ cell: UnsafeMutablePointer<Cell>, _ parent: UnsafeMutablePointer<Cell>, _ r: Double, _ x: Double,
        _ change: inout Lanes
    ) {
        let (jr, ji) = (cell.pointee.currentReal, cell.pointee.currentImaginary)
        let re = parent.pointee.real - (r * jr - x * ji)
        let im = parent.pointee.imaginary - (r * ji + x * jr)
        let (dr, di) = (re - cell.pointee.real, im - cell.pointee.imaginary)
        let w = cell.pointee.reciprocal
        change += dr * dr + di * di
        cell.pointee.real = re
        cell.pointee.imaginary = im
        cell.pointee.reciprocal = w * (2 - (re * re + im * im) * w)
        cell.pointee.currentReal = .zero
        cell.pointee.currentImaginary = .zero
    }
}

// In and out of a block.
extension BatchedSweep {
    /// Sets the start: every bus at the source's voltage, with the demands of the block; idle lanes draw
    /// nothing.
    private func load(_ series: InjectionSeries, first: Int) {
        let base = -1 / basePower
        var largest = (Lanes.zero, Lanes.zero)
        for position in nodes.indices {
            let node = nodes[position]
            let voltage = sourceVoltage / node.scale
            var cell = Cell()
            cell.real = Lanes(repeating: voltage)
            cell.reciprocal = Lanes(repeating: 1 / (voltage * voltage))
            let at = node.bus * series.steps + first
            for half in 0..<2 {
                let count = min(Lanes.scalarCount, series.steps - first - half * Lanes.scalarCount)
                cell.p = Self.lanes(series.active, at + half * Lanes.scalarCount, count) * base
                cell.q = Self.lanes(series.reactive, at + half * Lanes.scalarCount, count) * base
                cells[2 * position + half] = cell
                guard position > 0 else { continue }
                // |p| + |q| by squares: magnitude is not a vector operation here.
                let size = (cell.p * cell.p + cell.q * cell.q) * 2 + node.susceptance * node.susceptance
                if half == 0 { largest.0 += size } else { largest.1 += size }
            }
        }
        let half = 0.25 * tolerance * tolerance
        allowed = (half / (largest.0 * 2), half / (largest.1 * 2))
    }

    /// `count` values from `at`, the rest zero; all of them where count is negative are zero.
    @inline(__always)
    private static func lanes(_ values: [Double], _ at: Int, _ count: Int) -> Lanes {
        if count == Lanes.scalarCount {
            return values.withUnsafeBytes {
                $0.loadUnaligned(fromByteOffset: at * MemoryLayout<Double>.stride, as: Lanes.self)
            }
        }
        var lanes = Lanes.zero
        for lane in 0..<max(count, 0) { lanes[lane] = values[at + lane] }
        return lanes
    }

    /// Writes the voltages of the block's solved steps.
    func store(into series: inout VoltageSeries, first: Int) {
        let count = min(Self.width, series.steps - first)
        let isWhole = count == Self.width && (0..<count).allSatisfy(isAtRest)
        for position in nodes.indices {
            let (bus, scale) = (nodes[position].bus, nodes[position].scale)
            let at = bus * series.steps + first
            for half in 0..<2 {
                let cell = cells[2 * position + half]
                let (re, im) = (cell.real * scale, cell.imaginary * scale)
                let begin = at + half * Lanes.scalarCount
                if isWhole {
                    series.real.withUnsafeMutableBytes {
                        $0.storeBytes(
                            of: re, toByteOffset: begin * MemoryLayout<Double>.stride, as: Lanes.self)
                    }
                    series.imaginary.withUnsafeMutableBytes {
                        $0.storeBytes(
                            of: im, toByteOffset: begin * MemoryLayout<Double>.stride, as: Lanes.self)
                    }
                } else {
                    for lane in 0..<Lanes.scalarCount
                    where half * Lanes.scalarCount + lane < count && isAtRest(half * Lanes.scalarCount + lane)
                    {
                        series.real[begin + lane] = re[lane]
                        series.imaginary[begin + lane] = im[lane]
                    }
                }
            }
        }
    }
}
