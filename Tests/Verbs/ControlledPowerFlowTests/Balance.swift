import ControlledPowerFlow
import Glibc
import Grid
import Lanes
import LinearAlgebra

/// The balance of every bus, written from the definitions of the nouns alone: no tree, no sweep, no lanes.
struct Balance {
    let network: PerUnitNetwork
    let controls: VoltageControls
    let demand: ControlledDemand
    let series: ControlledSeries

    init(
        _ network: Network, _ controls: VoltageControls, _ demand: ControlledDemand,
        _ series: ControlledSeries
    ) {
        self.network = PerUnitNetwork(network)
        self.controls = controls
        self.demand = demand
        self.series = series
    }

    func voltage(_ bus: Int, _ step: Int) -> Complex {
        let (real, imaginary) = series.voltage(bus: bus, step: step)
        return Complex(real, imaginary)
    }

    /// p.u. current entering a branch at `from` and at `to`.
    func currents(_ index: Int, _ step: Int) -> (from: Complex, to: Complex) {
        let branch = network.branches[index]
        guard branch.isClosed else { return (.zero, .zero) }
        var ratio = branch.ratio
        for (changer, tap) in controls.tapChangers.enumerated() where tap.branch == index {
            ratio *= 1 + tap.step * Double(series.tap(changer, step: step))
        }
        let turn = Complex(ratio * cos(branch.shift), ratio * sin(branch.shift))
        let behind = voltage(branch.from, step) / turn
        let far = voltage(branch.to, step)
        let through = (behind - far) * branch.seriesAdmittance
        let halfShunt = Complex(branch.shuntConductance / 2, branch.charging / 2)
        return ((through + behind * halfShunt) / turn.conjugate, far * halfShunt - through)
    }

    /// p.u. power given at a bus by all that stands there.
    func given(_ bus: Int, _ step: Int) -> Complex {
        let v = voltage(bus, step)
        let shares = controls.loadMixes.first { $0.bus == bus }
        let (i, z) = (shares?.constantCurrent ?? 0, shares?.constantImpedance ?? 0)
        let base = 1 / network.basePower
        let load = Complex(demand.active[bus, step] * base, demand.reactive[bus, step] * base)
        var sum = load * (1 - i - z + i * v.magnitude + z * v.squared)
        sum += Complex(-network.shuntConductance[bus], network.shuntSusceptance[bus]) * v.squared
        for (index, unit) in controls.inverters.enumerated() where unit.bus == bus {
            sum += Complex(
                series.inverterActive(index, step: step).value * base,
                series.inverterReactive(index, step: step).value * base)
        }
        for (index, unit) in controls.capacitors.enumerated() where unit.bus == bus {
            let stages = Double(series.stages(index, step: step))
            sum += Complex(0, unit.stage.value * stages * base) * v.squared
        }
        return sum
    }

    /// The largest |ΔS| of a bus without source, the sources' power against what flows from them included.
    func mismatch(_ step: Int) -> Double {
        var sums = network.nominalVoltage.indices.map { _ in Complex.zero }
        for index in network.branches.indices {
            let (from, to) = currents(index, step)
            sums[network.branches[index].from] += from
            sums[network.branches[index].to] += to
        }
        var worst = 0.0
        var source =
            Complex(
                series.sourcePower(step: step).value, series.sourceReactive(step: step).value)
            * (1 / network.basePower)
        for bus in sums.indices {
            let missing = voltage(bus, step) * sums[bus].conjugate - given(bus, step)
            if network.sources.contains(where: { $0.bus == bus }) {
                source -= missing
            } else if voltage(bus, step) != .zero {
                worst = max(worst, missing.magnitude)
            }
        }
        return max(worst, source.magnitude / 10)
    }

    /// Largest distance of an inverter from its curves and ratings, p.u.
    func distanceFromCurves(_ step: Int) -> Double {
        controls.inverters.indices.map { index in
            let unit = controls.inverters[index]
            let v = voltage(unit.bus, step).magnitude
            let rating = unit.rating.value
            var active = min(max(demand.available[index, step], -rating), rating)
            if let curve = unit.voltWatt {
                active = min(active, curve.output(at: v) * unit.activeRating.value)
            }
            var reactive = (unit.voltVar?.output(at: v) ?? 0) * rating
            if unit.priority == .active {
                let room = (rating * rating - active * active).squareRoot()
                reactive = min(max(reactive, -room), room)
            } else {
                active = min(active, (rating * rating - reactive * reactive).squareRoot())
            }
            let distance = Complex(
                series.inverterActive(index, step: step).value - active,
                series.inverterReactive(index, step: step).value - reactive)
            return distance.magnitude / network.basePower
        }.max() ?? 0
    }
}
