import Grid
import PowerFlow

/// The same system told differently.
extension System {
    var buses: Int { network.buses.count }

    /// Every impedance times `factor`, every admittance and power by it: the voltages stay.
    func weakened(by factor: Double) -> System {
        let buses = network.buses.map {
            Bus(
                name: $0.name, nominalVoltage: $0.nominalVoltage, limits: $0.limits,
                shuntConductance: $0.shuntConductance / factor, shuntSusceptance: $0.shuntSusceptance / factor
            )
        }
        let branches = network.branches.map {
            $0.with(impedanceTimes: factor, admittanceTimes: 1 / factor)
        }
        return System(
            network: network.with(buses: buses, branches: branches), injections: injections.times(1 / factor))
    }

    /// Every nominal voltage times `factor`, every impedance times its square: per unit nothing changes.
    func atVoltages(times factor: Double) -> System {
        let buses = network.buses.map {
            Bus(
                name: $0.name, nominalVoltage: $0.nominalVoltage * factor, limits: $0.limits,
                shuntConductance: $0.shuntConductance / (factor * factor),
                shuntSusceptance: $0.shuntSusceptance / (factor * factor))
        }
        let branches = network.branches.map {
            $0.with(impedanceTimes: factor * factor, admittanceTimes: 1 / (factor * factor))
        }
        return System(network: network.with(buses: buses, branches: branches), injections: injections)
    }

    /// Bus b becomes bus `numbers[b]`, and the branches stand in another order.
    func renumbered(_ numbers: [Int], branches order: [Int]) -> System {
        var inverse = numbers
        for (old, new) in numbers.enumerated() { inverse[new] = old }
        let sources = network.sources.map {
            Network.Source(bus: numbers[$0.bus], voltage: $0.voltage, angle: $0.angle)
        }
        let renumbered = Network(
            buses: inverse.map { network.buses[$0] },
            branches: order.map {
                let branch = network.branches[$0]
                return branch.between(numbers[branch.from], numbers[branch.to])
            }, sources: sources, basePower: network.basePower)
        return System(
            network: renumbered,
            injections: Injections(
                active: inverse.map { injections.active[$0] },
                reactive: inverse.map { injections.reactive[$0] }))
    }

    /// Every branch, which must not charge, is cut in two at a bus without load. The new buses stand behind
    /// the others; a transformer's turns stay at its first half.
    func halved() -> System {
        var branches: [Branch] = []
        var buses = network.buses
        for branch in network.branches {
            let middle = buses.count
            buses.append(
                Bus(
                    name: "\(middle)", nominalVoltage: network.buses[branch.to].nominalVoltage,
                    limits: 0.9...1.1))
            let half = branch.with(impedanceTimes: 0.5, admittanceTimes: 0)
            let line = Branch(
                name: branch.name, from: middle, to: branch.to, resistance: half.resistance,
                reactance: half.reactance)
            branches += [half.between(branch.from, middle), line]
        }
        let none = Injections(buses: network.branches.count)
        return System(
            network: network.with(buses: buses, branches: branches),
            injections: Injections(
                active: injections.active + none.active, reactive: injections.reactive + none.reactive))
    }
}

extension Network {
    func with(
        buses: [Bus]? = nil, branches: [Branch]? = nil, sources: [Source]? = nil,
        regulators: [Regulator]? = nil,
        basePower: Power? = nil
    ) -> Network {
        Network(
            buses: buses ?? self.buses, branches: branches ?? self.branches, sources: sources ?? self.sources,
            regulators: regulators ?? self.regulators, basePower: basePower ?? self.basePower)
    }
}

extension Branch {
    func with(impedanceTimes: Double, admittanceTimes: Double) -> Branch {
        Branch(
            name: name, from: from, to: to, resistance: resistance * impedanceTimes,
            reactance: reactance * impedanceTimes, charging: charging * admittanceTimes,
            shuntConductance: shuntConductance * admittanceTimes, ratio: ratio, phaseShift: phaseShift,
            ampacity: ampacity, rating: rating, isClosed: isClosed)
    }
}

extension Injections {
    func times(_ factor: Double) -> Injections {
        Injections(active: active.map { $0 * factor }, reactive: reactive.map { $0 * factor })
    }
}
