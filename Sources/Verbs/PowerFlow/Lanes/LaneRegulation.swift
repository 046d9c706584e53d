import Grid
import Lanes

/// Which regulators hold their voltage and which are at a limit, by lane, as `Regulation` has it for one
/// step; one a worker.
final class LaneRegulation {
    struct Unit {
        /// In the network's order.
        let index: Int
        let place: Int
        let voltage: Double
        let lower: Double
        let upper: Double
        /// Reactive power it gives, p.u.
        var given = Lanes.zero
        /// By lane: −1 at the lower limit, 1 at the upper, 0 where it holds; and how often it came back.
        var state = SIMD8<Int>.zero
        var returns = SIMD8<Int>.zero
    }

    private static let mostReturns = 4

    private(set) var units: [Unit]
    private let tolerance: Double

    init(_ live: LiveNetwork, of network: PerUnitNetwork, places: [Int32], tolerance: Double) {
        self.tolerance = tolerance
        units = network.regulators.enumerated().compactMap { index, regulator in
            guard let position = live.positions[regulator.bus] else { return nil }
            return Unit(
                index: index, place: Int(places[position]), voltage: regulator.voltage,
                lower: (regulator.reactive?.lowerBound.value ?? -.infinity) / network.basePower,
                upper: (regulator.reactive?.upperBound.value ?? .infinity) / network.basePower)
        }
    }

    /// All hold their voltage.
    func reset(_ nodes: UnsafeMutableBufferPointer<BatchedNewton.Node>) {
        for index in units.indices {
            units[index].state = .zero
            units[index].returns = .zero
            for lane in 0..<Lanes.scalarCount { set(index, lane, nodes) }
        }
    }

    /// Lets go those beyond a limit, and lets those hold that can again. False where all is as it should be.
    func review(
        _ nodes: UnsafeMutableBufferPointer<BatchedNewton.Node>, _ block: LaneBlock, _ basePower: Double
    ) -> Bool {
        var hasChanged = false
        for index in units.indices {
            let node = nodes[units[index].place]
            units[index].given = node.reactive - block.reactive[node.bus] * (1 / basePower)
            for lane in 0..<Lanes.scalarCount {
                // At a limit it gives that, to the last bit.
                if units[index].state[lane] != 0 { units[index].given[lane] = node.support[lane] }
                let next = nextState(units[index], node, lane)
                guard next != units[index].state[lane] else { continue }
                if next == 0 { units[index].returns[lane] += 1 }
                units[index].state[lane] = next
                set(index, lane, nodes)
                hasChanged = true
            }
        }
        return hasChanged
    }

    private func nextState(_ unit: Unit, _ node: BatchedNewton.Node, _ lane: Int) -> Int {
        let (re, im) = (node.real[lane], node.imaginary[lane])
        let above = (re * re + im * im).squareRoot() - unit.voltage
        let canReturn = unit.returns[lane] < Self.mostReturns
        switch unit.state[lane] {
        case 0:
            let given = unit.given[lane]
            return given > unit.upper + tolerance ? 1 : given < unit.lower - tolerance ? -1 : 0
        case 1: return above > tolerance && canReturn ? 0 : 1
        default: return above < -tolerance && canReturn ? 0 : -1
        }
    }

    /// Writes a state into the equations.
    private func set(_ index: Int, _ lane: Int, _ nodes: UnsafeMutableBufferPointer<BatchedNewton.Node>) {
        let unit = units[index]
        let node = nodes.baseAddress! + unit.place
        let isHolding = unit.state[lane] == 0
        node.pointee.balancesReactive[lane] = isHolding ? 0 : 1
        node.pointee.support[lane] = isHolding ? 0 : unit.state[lane] > 0 ? unit.upper : unit.lower
        guard isHolding else { return }
        let (re, im) = (node.pointee.real[lane], node.pointee.imaginary[lane])
        let magnitude = (re * re + im * im).squareRoot()
        guard magnitude > 0 else { return }
        node.pointee.real[lane] *= unit.voltage / magnitude
        node.pointee.imaginary[lane] *= unit.voltage / magnitude
    }
}
