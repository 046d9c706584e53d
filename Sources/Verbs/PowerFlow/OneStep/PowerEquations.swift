// Bus k injects s(k) = v(k)·conj(Σ Y(k,j)·v(j)), and must inject what is specified there. The equations are
// linearised in relative steps: v(j) moves to v(j)·(1 + u(j)), u = a + jb, where for small steps a is
// Δ|v|/|v| and b the change of angle, so that no sine or cosine is needed. With T(k,j) =
// v(k)·conj(Y(k,j)·v(j)) the first-order change of s(k) is s(k)·u(k) + Σ T(k,j)·conj(u(j)), so that
//
//     ∂s(k)/∂a(j) =  T(k,j)          ∂s(k)/∂a(k) = T(k,k) + s(k)
//     ∂s(k)/∂b(j) = −jT(k,j)         ∂s(k)/∂b(k) = −jT(k,k) + js(k)
//
// Where |v| is held the second equation of the bus is a = 0, and at a source the first is b = 0: the blocks
// stay where they are. One walk over the links of the admittance matrix, in the order of elimination, gives
// the sums s and all blocks; what it reads and writes lies in that order in memory.
//
// Given steps are taken by v ← v·(1 + a)·(1 + jb/2)/(1 − jb/2), whose last factor is a pure rotation: of the
// same first order, but |v| keeps what it was where a = 0, and a large b turns by less than π.

import Grid
import Lanes
import LinearAlgebra

/// The equations of one network at one state, and their linearisation. Buses are counted in the order of
/// elimination (`places` gives that of a position in the live network); one a worker.
final class PowerEquations {
    struct Node {
        var voltage = Complex.zero
        /// s, as of the last `evaluate`.
        var power = Complex.zero
        var selfAdmittance = Complex.zero
        /// Specified at loading 1; constant power, current and impedance.
        var constant = Complex.zero
        /// Specified whatever the loading: what regulators at a limit and shared remainders give.
        var support = Complex.zero
        /// 1 where the active or reactive power is an equation, 0 where angle or magnitude are given.
        var balancesActive = 1.0
        var balancesReactive = 1.0
    }

    struct Mismatch {
        var squares = 0.0
        var largest = 0.0

        /// NaN stays.
        mutating func add(_ left: Complex) {
            squares += left.squared
            let part = left.largestPart
            if !(part <= largest) { largest = part }
        }
    }

    let places: [Int32]
    let nodes: UnsafeMutableBufferPointer<Node>
    /// Two values a node: specified less actual active and reactive power as of the last `evaluate`, 0 where
    /// the bus has no such equation.
    let leftOver: UnsafeMutableBufferPointer<Double>
    /// Part of the specified constants that is asked for.
    var loading = 1.0
    /// Powers that go with |v| and |v|²; empty where none do.
    var currents: [Complex] = []
    var impedances: [Complex] = []

    let jacobian: BlockLU<Double>
    let admittances: AdmittanceMatrix
    /// Sum of squares of block condition numbers from which a block elimination is not trusted.
    private static let poorPivots = 1e14
    private lazy var pivoted = PivotedBlocks(jacobian.pattern)
    private var usesPivots = false

    init(_ live: LiveNetwork, of network: PerUnitNetwork) {
        admittances = AdmittanceMatrix(live, of: network)
        let count = live.buses.count
        places = admittances.pattern.positions
        jacobian = BlockLU(admittances.pattern)
        nodes = .filled(count, with: Node())
        leftOver = .filled(2 * count, with: 0)
        for k in 0..<count { nodes[k].selfAdmittance = admittances.diagonal[k] }
        for root in live.roots {
            nodes[Int(places[root])].balancesActive = 0
            nodes[Int(places[root])].balancesReactive = 0
        }
    }

    deinit {
        nodes.deallocate()
        leftOver.deallocate()
    }

    /// What is specified at a node at loading 1, and its derivative by a.
    func specified(_ k: Int) -> (power: Complex, slope: Complex) {
        guard !currents.isEmpty else { return (nodes[k].constant, .zero) }
        let square = nodes[k].voltage.squared
        let (current, impedance) = (currents[k] * square.squareRoot(), impedances[k] * square)
        return (nodes[k].constant + current + impedance, current + impedance * 2)
    }

    /// Finds every node's power, what is left over to the specified one, and the matrix of derivatives.
    func evaluate() -> Mismatch {
        clearFills()
        return walk(writesBlocks: true)
    }

    /// The same without the derivatives: the factors of the last stay.
    func evaluatePowers() -> Mismatch { walk(writesBlocks: false) }

    @inline(__always)
    private func walk(writesBlocks: Bool) -> Mismatch {
        var mismatch = Mismatch()
        for k in nodes.indices { nodes[k].power = .zero }
        admittances.links.withUnsafeBufferPointer { links in
            admittances.starts.withUnsafeBufferPointer { starts in
                for k in nodes.indices {
                    visit(k, links, Int(starts[k])..<Int(starts[k + 1]), writesBlocks)
                    let left = surplus(k)
                    let active = left.real * nodes[k].balancesActive
                    let reactive = left.imaginary * nodes[k].balancesReactive
                    leftOver[2 * k] = active
                    leftOver[2 * k + 1] = reactive
                    mismatch.add(Complex(active, reactive))
                }
            }
        }
        return mismatch
    }

    func clearFills() {
        let entries = jacobian.entries.baseAddress!
        for entry in admittances.fills { (entries + 8 * Int(entry)).update(repeating: 0, count: 8) }
    }

    /// Adds the links of column k, which completes its power, and writes its blocks where wanted.
    @inline(__always)
    private func visit(
        _ k: Int, _ links: UnsafeBufferPointer<AdmittanceMatrix.Link>, _ column: Range<Int>,
        _ writesBlocks: Bool
    ) {
        let (nodes, entries) = (nodes.baseAddress!, jacobian.entries.baseAddress!)
        let (v, p, q) = (nodes[k].voltage, nodes[k].balancesActive, nodes[k].balancesReactive)
        let own = nodes[k].selfAdmittance.conjugate * v.squared
        var sum = nodes[k].power + own
        let mask = Self.mask(p, q)
        for at in column {
            let link = links[at]
            let far = nodes + Int(link.row)
            let product = far.pointee.voltage * v.conjugate
            let (re, im) = (product.real, product.imaginary)
            // T(row, k) and T(k, row), both at once.
            let real = SIMD4(link.below.real, link.below.real, link.above.real, link.above.real)
            let imaginary = SIMD4(
                link.below.imaginary, link.below.imaginary, link.above.imaginary, link.above.imaginary)
            let t = real * SIMD4(re, im, re, -im) + imaginary * SIMD4(im, -re, -im, -re)
            far.pointee.power += Complex(t[0], t[1])
            sum += Complex(t[2], t[3])
            guard writesBlocks else { continue }
            let blocks = SIMD8(t[0], t[1], t[1], t[0], t[2], t[3], t[3], t[2])
            let masks = SIMD8(
                lowHalf: Self.mask(far.pointee.balancesActive, far.pointee.balancesReactive), highHalf: mask)
            UnsafeMutableRawPointer(entries + 8 * Int(link.entry)).storeBytes(
                of: blocks * masks, as: SIMD8<Double>.self)
        }
        nodes[k].power = sum
        guard writesBlocks else { return }
        let slope = currents.isEmpty ? .zero : specified(k).slope * loading
        let block = jacobian.diagonal.baseAddress! + 4 * k
        // Where there is no equation, an identity of the others' size.
        let size = max(own.real.magnitude + own.imaginary.magnitude, 1)
        block[0] = p * (own.real + sum.real - slope.real)
        block[1] = p * (own.imaginary - sum.imaginary) + (1 - p) * size
        block[2] = q * (own.imaginary + sum.imaginary - slope.imaginary) + (1 - q) * size
        block[3] = q * (sum.real - own.real)
    }

    /// What multiplies the four values of a block.
    @inline(__always)
    private static func mask(_ p: Double, _ q: Double) -> SIMD4<Double> { SIMD4(p, p, q, -q) }

    /// Specified less actual power of a node.
    func surplus(_ k: Int) -> Complex {
        specified(k).power * loading + nodes[k].support - nodes[k].power
    }
}

// The linear step.
extension PowerEquations {
    /// Factors the derivatives at the last `evaluate`: by blocks, or with free pivots where a block is poor.
    /// False where they are singular.
    func factor() -> Bool {
        usesPivots = false
        if jacobian.factor() < Self.poorPivots { return true }
        _ = evaluate()
        usesPivots = true
        return pivoted.factor(jacobian)
    }

    /// The same for `evaluateLinearly`, by blocks only.
    func factorLinear() -> Bool {
        usesPivots = false
        return jacobian.factor() < Self.poorPivots
    }

    /// Replaces two values a node by the solution.
    func solve(_ values: UnsafeMutableBufferPointer<Double>) {
        if usesPivots { pivoted.solve(values) } else { jacobian.solve(values.baseAddress!) }
    }

    /// The derivatives by loading of what is left over.
    func writeSlope(_ values: UnsafeMutableBufferPointer<Double>) {
        for k in nodes.indices {
            let power = specified(k).power
            values[2 * k] = power.real * nodes[k].balancesActive
            values[2 * k + 1] = power.imaginary * nodes[k].balancesReactive
        }
    }
}

// The nonlinear step.
extension PowerEquations {
    /// Moves one node's voltage by a relative step, in magnitude at most down to `leastFactor` of what it
    /// was.
    @inline(__always)
    static func moved(_ voltage: Complex, _ a: Double, _ b: Double) -> Complex {
        let square = b * b / 4
        let factor = max(1 + a, leastFactor) / (1 + square)
        return voltage * Complex((1 - square) * factor, b * factor)
    }

    private static let leastFactor = 0.3
}
