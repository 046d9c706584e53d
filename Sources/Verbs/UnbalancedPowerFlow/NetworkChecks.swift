import Grid

// What an author may have got wrong: first each element by itself, then, once the tree has grown, where it
// stands.
extension PhaseTree {
    typealias Mistake = FeederMistakes.Mistake

    static func mistakesOfElements(_ network: UnbalancedNetwork) -> [Mistake] {
        var found: [Mistake] = []
        let buses = network.buses.indices
        let source = network.source
        if !buses.contains(source.bus) { found.append(Mistake(name: "source", kind: .unknownBus)) }
        if !(source.magnitude + source.angle).allSatisfy(\.isFinite) || source.magnitude.contains(0) {
            found.append(Mistake(name: "source", kind: .notFinite))
        }
        for bus in network.buses where !(bus.nominalVoltage.value.isFinite && bus.nominalVoltage > .zero) {
            found.append(Mistake(name: bus.name, kind: .notFinite))
        }
        for branch in network.branches {
            found += mistakes(of: branch, network).map { Mistake(name: branch.name, kind: $0) }
        }
        for load in network.loads {
            let shares = [
                load.constantCurrent, load.constantImpedance, load.constantCurrent + load.constantImpedance,
            ]
            if !buses.contains(load.bus) { found.append(Mistake(name: load.name, kind: .unknownBus)) }
            if !(load.active.map(\.value) + load.reactive.map(\.value)).allSatisfy(\.isFinite)
                || !shares.allSatisfy((0.0...1).contains)
            {
                found.append(Mistake(name: load.name, kind: .notFinite))
            }
        }
        for capacitor in network.capacitors {
            if !buses.contains(capacitor.bus) {
                found.append(Mistake(name: capacitor.name, kind: .unknownBus))
            }
            if !capacitor.reactive.allSatisfy(\.value.isFinite) {
                found.append(Mistake(name: capacitor.name, kind: .notFinite))
            }
        }
        return found
    }

    private static func mistakes(of branch: UnbalancedNetwork.Branch, _ network: UnbalancedNetwork)
        -> [FeederMistakes.Kind]
    {
        let buses = network.buses.indices
        guard buses.contains(branch.from), buses.contains(branch.to), branch.phases.count > 0 else {
            return [.unknownBus]
        }
        let voltage = network.buses[branch.from].nominalVoltage.value
        let isSame = (network.buses[branch.to].nominalVoltage.value / voltage - 1).magnitude < 1e-9
        switch branch.element {
        case .line(let impedance, let susceptance):
            let numbers = impedance.real + impedance.imaginary + susceptance.real
            if !numbers.allSatisfy(\.isFinite) { return [.notFinite] }
            return isSame ? [] : [.joinsVoltages]
        case .transformer(let transformer):
            let numbers = [transformer.resistance, transformer.reactance, transformer.rating.value]
            if !numbers.allSatisfy(\.isFinite) { return [.notFinite] }
            return branch.phases == .abc ? [] : [.notThreePhase]
        case .regulator(let regulator):
            let moved = regulator.controls.flatMap(\.phases.indices)
            let isComplete =
                moved.sorted() == branch.phases.indices
                && regulator.controls.allSatisfy {
                    branch.phases.indices.contains($0.monitored) && regulator.range.contains($0.tap)
                }
            if !isComplete { return [.controls] }
            if !regulator.controls.allSatisfy(isFinite) { return [.notFinite] }
            return isSame ? [] : [.joinsVoltages]
        }
    }

    private static func isFinite(_ control: StepRegulator.Control) -> Bool {
        let positive = [control.potentialRatio, control.currentRating]
        let others = [control.level, control.resistance, control.reactance, control.delay, control.bandwidth]
        return positive.allSatisfy { $0 > 0 && $0.isFinite } && others.allSatisfy(\.isFinite)
            && control.delay >= 0 && control.bandwidth >= 0
    }

    func mistakesOfPlace(_ network: UnbalancedNetwork) -> [Mistake] {
        var found: [Mistake] = []
        for node in nodes where node.parent >= 0 {
            let branch = network.branches[node.branch]
            if !has(nodes[node.parent].bus, node.phases) {
                found.append(Mistake(name: branch.name, kind: .missingPhase))
            }
            if case .line(_, let susceptance) = branch.element {
                if !node.isGrounded, susceptance.real.contains(where: { $0 != 0 }) {
                    found.append(Mistake(name: branch.name, kind: .earthBehindDelta))
                }
            } else if branch.to != node.bus {
                found.append(Mistake(name: branch.name, kind: .fedBackwards))
            }
        }
        for index in chords {
            let branch = network.branches[index]
            if !has(branch.from, branch.phases.indices) || !has(branch.to, branch.phases.indices) {
                found.append(Mistake(name: branch.name, kind: .missingPhase))
            } else if case .line = branch.element {
            } else {
                found.append(Mistake(name: branch.name, kind: .inLoop))
            }
        }
        return found + mistakesOfLoads(network)
    }

    private func has(_ bus: Int, _ phases: [Int]) -> Bool { phases.allSatisfy { cells[3 * bus + $0] != nil } }

    private func mistakesOfLoads(_ network: UnbalancedNetwork) -> [Mistake] {
        let grounded = Dictionary(uniqueKeysWithValues: nodes.map { ($0.bus, $0.isGrounded) })
        let loads = network.loads.map { load in
            (
                load.name, load.bus, load.connection,
                (0..<3).filter { load.active[$0] != .zero || load.reactive[$0] != .zero }
            )
        }
        let capacitors = network.capacitors.map { capacitor in
            (
                capacitor.name, capacitor.bus, capacitor.connection,
                (0..<3).filter { capacitor.reactive[$0] != .zero }
            )
        }
        var found: [Mistake] = []
        for (name, bus, connection, used) in loads + capacitors {
            guard let isGrounded = grounded[bus] else { continue }
            let phases = connection == .wye ? used : used.flatMap { [$0, ($0 + 1) % 3] }
            if !has(bus, phases) { found.append(Mistake(name: name, kind: .missingPhase)) }
            if !isGrounded, connection == .wye, !used.isEmpty {
                found.append(Mistake(name: name, kind: .earthBehindDelta))
            }
        }
        return found
    }
}
