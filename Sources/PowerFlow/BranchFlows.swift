// What the voltages mean. Each branch's currents follow from the voltages at its two ends alone; their sums
// at the buses give the source's power and the power mismatch of every other bus. Nothing here knows how the
// voltages were found, so the mismatch judges every method alike.

import Glibc
import Grid
import LinearAlgebra

/// Owns the live branches and the sums of currents at the buses; one a worker.
final class BranchFlows {
    private struct Line {
        let index: Int
        /// Positions.
        let from: Int
        let to: Int
        let admittance: Complex
        let resistance: Double
        let halfCharging: Double
        let inverseRatio: Double
        /// Amperes in 1 p.u. at each end.
        let baseFrom: Double
        let baseTo: Double
    }

    private let lines: [Line]
    private let buses: [Int]
    private let nominalVoltage: [Double]
    private let basePower: Double
    /// Flowing from each bus into its branches, by position.
    private let current: UnsafeMutableBufferPointer<Complex>

    init(_ live: LiveNetwork, of network: PerUnitNetwork) {
        buses = live.buses
        nominalVoltage = live.buses.map { network.nominalVoltage[$0] }
        basePower = network.basePower
        current = .allocate(capacity: live.buses.count)
        current.initialize(repeating: .zero)
        lines = live.branches.compactMap { index in
            let branch = network.branches[index]
            guard let from = live.positions[branch.from], let to = live.positions[branch.to] else {
                return nil
            }
            return Line(
                index: index, from: from, to: to,
                admittance: Complex(branch.conductance, branch.susceptance), resistance: branch.resistance,
                halfCharging: branch.charging / 2, inverseRatio: 1 / branch.ratio,
                baseFrom: network.baseCurrent(at: branch.from), baseTo: network.baseCurrent(at: branch.to))
        }
    }

    deinit { current.deallocate() }

    /// Writes the point that `voltage` and `injection`, both by position and in p.u., describe: everything
    /// but `status` and `iterations`, and nothing where there is no path to the source.
    func write(
        _ voltage: UnsafeMutableBufferPointer<Complex>, _ injection: UnsafeMutableBufferPointer<Complex>,
        into point: inout OperatingPoint
    ) {
        current.update(repeating: .zero)
        writeBranches(voltage, into: &point)
        let base = basePower
        let source = voltage[0] * current[0].conjugate - injection[0]
        point.sourcePower = Power(source.real * base)
        point.sourceReactive = ReactivePower(source.imaginary * base)
        var mismatch = 0.0
        for k in buses.indices {
            let v = voltage[k]
            point.voltage[buses[k]] = Voltage(v.squared.squareRoot() * nominalVoltage[k])
            point.angle[buses[k]] = atan2(v.imaginary, v.real)
            guard k > 0 else { continue }
            let error = (v * current[k].conjugate - injection[k]).largestPart
            if !(error <= mismatch) { mismatch = error }
        }
        point.mismatch = mismatch
    }

    private func writeBranches(
        _ voltage: UnsafeMutableBufferPointer<Complex>, into point: inout OperatingPoint
    ) {
        let base = basePower
        var losses = 0.0
        for line in lines {
            let behindRatio = voltage[line.from] * line.inverseRatio
            let far = voltage[line.to]
            let series = (behindRatio - far) * line.admittance
            let into = (series + behindRatio.timesImaginary(line.halfCharging)) * line.inverseRatio
            let out = far.timesImaginary(line.halfCharging) - series
            current[line.from] += into
            current[line.to] += out
            losses += series.squared * line.resistance
            let (near, end) = (voltage[line.from] * into.conjugate, far * out.conjugate)
            point.powerFrom[line.index] = Power(near.real * base)
            point.powerTo[line.index] = Power(end.real * base)
            point.reactiveFrom[line.index] = ReactivePower(near.imaginary * base)
            point.reactiveTo[line.index] = ReactivePower(end.imaginary * base)
            let ampsFrom = into.squared * line.baseFrom * line.baseFrom
            let ampsTo = out.squared * line.baseTo * line.baseTo
            point.current[line.index] = Current(max(ampsFrom, ampsTo).squareRoot())
        }
        point.losses = Power(losses * base)
    }
}
