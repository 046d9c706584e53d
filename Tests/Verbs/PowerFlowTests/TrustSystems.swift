import Grid
import PowerFlow

/// The same system told differently.
extension System {
    var buses: Int { network.buses.count }

    /// Every impedance times `factor`, every admittance and power by it: the voltages stay.
    func weakened(by factor: Double) -> System {
        var network = network
        for index in network.buses.indices {
            network.buses[index].shuntConductance /= factor
            network.buses[index].shuntSusceptance /= factor
        }
        network.branches = network.branches.map {
            $0.with(impedanceTimes: factor, admittanceTimes: 1 / factor)
        }
        return System(network: network, injections: injections.times(1 / factor))
    }

    /// Every nominal voltage times `factor`, every impedance times its square: per unit nothing changes.
    func atVoltages(times factor: Double) -> System {
        var network = network
        for index in network.buses.indices {
            network.buses[index].nominalVoltage = network.buses[index].nominalVoltage * factor
            network.buses[index].shuntConductance /= factor * factor
            network.buses[index].shuntSusceptance /= factor * factor
        }
        network.branches = network.branches.map {
            $0.with(impedanceTimes: factor * factor, admittanceTimes: 1 / (factor * factor))
        }
        return System(network: network, injections: injections)
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
        var network = self
        network.buses = buses ?? network.buses
        network.branches = branches ?? network.branches
        network.sources = sources ?? network.sources
        network.regulators = regulators ?? network.regulators
        network.basePower = basePower ?? network.basePower
        return network
    }
}

extension Branch {
    func with(impedanceTimes: Double, admittanceTimes: Double) -> Branch {
        var branch = self
        branch.resistance = resistance * impedanceTimes
        branch.reactance = reactance * impedanceTimes
        branch.charging *= admittanceTimes
        branch.shuntConductance *= admittanceTimes
        return branch
    }
}

extension Injections {
    func times(_ factor: Double) -> Injections {
        Injections(active: active.map { $0 * factor }, reactive: reactive.map { $0 * factor })
    }
}
