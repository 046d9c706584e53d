// What a sweep holds in memory: plain structs, one after another in the order they are used.

import Lanes

extension PhaseSweep {
    struct Cell {
        var real = Lanes.zero
        var imaginary = Lanes.zero
        /// Through the branch that leads here. Zero after a forward pass.
        var currentReal = Lanes.zero
        var currentImaginary = Lanes.zero
    }

    enum Kind: UInt8 {
        case wire, regulated, turned
    }

    struct Node {
        let kind: Kind
        let hasShunt: Bool
        let count: Int32
        let first: Int32
        /// Cells before the branch, one a phase of it.
        let before: SIMD4<Int32>
        /// Into `matrices`: count² pairs of resistance and reactance, then count² susceptances, then nine
        /// turns; or, where regulated, into `taps`.
        let matrix: Int32
        let tap: Int32
    }

    /// One regulated phase.
    struct Tap {
        var ratio = Lanes(repeating: 1)
        /// What went through in the last backward pass.
        var currentReal = Lanes.zero
        var currentImaginary = Lanes.zero
    }

    /// One phase of a load. `other` is −1 in wye.
    struct Terminal {
        let cell: Int32
        let other: Int32
        let load: Int32
        let power: Double
        let current: Double
        let impedance: Double
        let nominalActive: Double
        let nominalReactive: Double
    }

    /// What a terminal takes at present, and the reciprocal of its |V|.
    struct Demand {
        var active = Lanes.zero
        var reactive = Lanes.zero
        var reciprocal = Lanes.zero
    }
}
