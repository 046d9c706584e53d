// What the voltages mean. Each branch's currents follow from the voltages at its two ends alone; their sums
// at the buses, with the shunts', give what every bus delivers to the network beyond what is specified there:
// the sources' power, the regulators', and the power mismatch of all others. Nothing here knows how the
// voltages were found, so the mismatch judges every method alike.

import Glibc
import Grid
import Lanes
import LinearAlgebra

/// Owns the live branches and the sums of currents at the buses; one a worker.
final class BranchFlows {
    private struct Line {
        let index: Int
        /// Positions.
        let from: Int
        let to: Int
        let port: TwoPort
        let resistance: Double
        /// Amperes in 1 p.u. at each end.
        let baseFrom: Double
        let baseTo: Double
    }

    private let lines: [Line]
    private let buses: [Int]
    private let nominalVoltage: [Double]
    private let basePower: Double
    private let shunts: [Complex]
    /// By position: flowing from each bus into branches and shunt, and at last what it delivers beyond what
    /// is specified, p.u.
    private let currents: UnsafeMutableBufferPointer<Complex>
    var surplus: UnsafeMutableBufferPointer<Complex> { currents }

    init(_ live: LiveNetwork, of network: PerUnitNetwork) {
        buses = live.buses
        nominalVoltage = live.buses.map { network.nominalVoltage[$0] }
        basePower = network.basePower
        shunts = live.buses.map { Complex(network.shuntConductance[$0], network.shuntSusceptance[$0]) }
        currents = .filled(live.buses.count, with: .zero)
        let baseCurrent = buses.map { network.baseCurrent(at: $0) }
        lines = live.branches.map { index in
            let branch = network.branches[index]
            let (from, to) = (live.positions[branch.from]!, live.positions[branch.to]!)
            return Line(
                index: index, from: from, to: to, port: TwoPort(branch), resistance: branch.resistance,
                baseFrom: baseCurrent[from], baseTo: baseCurrent[to])
        }
    }

    deinit { currents.deallocate() }

    /// Writes the voltages, currents, flows and losses that `voltage`, by position and in p.u., describes,
    /// where there is a path to a source, and sets `surplus`.
    func write(
        _ voltage: UnsafeMutableBufferPointer<Complex>, _ specified: SpecifiedPower,
        into point: inout OperatingPoint
    ) {
        for k in buses.indices { currents[k] = shunts[k] * voltage[k] }
        writeBranches(voltage, into: &point)
        for k in buses.indices {
            let v = voltage[k]
            point.voltage[buses[k]] = Voltage(v.magnitude * nominalVoltage[k])
            point.angle[buses[k]] = atan2(v.imaginary, v.real)
            surplus[k] = v * currents[k].conjugate - specified.power(at: k, v)
        }
    }

    private func writeBranches(
        _ voltage: UnsafeMutableBufferPointer<Complex>, into point: inout OperatingPoint
    ) {
        let base = basePower
        var losses = 0.0
        for line in lines {
            let far = voltage[line.to]
            let flow = line.port.currents(voltage[line.from], far)
            let (into, out) = (flow.from, flow.to)
            currents[line.from] += into
            currents[line.to] += out
            losses += flow.series.squared * line.resistance
            losses += (flow.behind.squared + far.squared) * line.port.halfShunt.real
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
