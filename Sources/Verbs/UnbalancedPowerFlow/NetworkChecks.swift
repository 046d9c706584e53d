import Grid

// What an author may have got wrong: first each element by itself, then where it stands.
extension UnbalancedNetwork {
    typealias Mistake = FeederMistakes.Mistake

    private func mistakesOfElements() -> [Mistake] {
        var found: [Mistake] = []
        let indices = buses.indices
        if !indices.contains(source.bus) { found.append(Mistake(name: "source", kind: .unknownBus)) }
        if !(source.magnitude + source.angle).allSatisfy(\.isFinite) || source.magnitude.contains(0) {
            found.append(Mistake(name: "source", kind: .notFinite))
        }
        for bus in buses where !(bus.nominalVoltage.value.isFinite && bus.nominalVoltage > .zero) {
            found.append(Mistake(name: bus.name, kind: .notFinite))
        }
        for branch in branches {
            found += mistakes(of: branch).map { Mistake(name: branch.name, kind: $0) }
        }
        for load in loads {
            let shares = [
                load.constantCurrent, load.constantImpedance, load.constantCurrent + load.constantImpedance,
            ]
            if !indices.contains(load.bus) { found.append(Mistake(name: load.name, kind: .unknownBus)) }
            if !(load.active.map(\.value) + load.reactive.map(\.value)).allSatisfy(\.isFinite)
                || !shares.allSatisfy((0.0...1).contains)
            {
                found.append(Mistake(name: load.name, kind: .notFinite))
            }
        }
        for capacitor in capacitors {
            if !indices.contains(capacitor.bus) {
                found.append(Mistake(name: capacitor.name, kind: .unknownBus))
            }
            if !capacitor.reactive.allSatisfy(\.value.isFinite) {
                found.append(Mistake(name: capacitor.name, kind: .notFinite))
            }
        }
        return found
    }

    private func mistakes(of branch: Branch) -> [FeederMistakes.Kind] {
        let indices = buses.indices
        guard indices.contains(branch.from), indices.contains(branch.to), branch.phases.count > 0 else {
            return [.unknownBus]
        }
        let voltage = buses[branch.from].nominalVoltage.value
        let isSame = (buses[branch.to].nominalVoltage.value / voltage - 1).magnitude < 1e-9
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
            if !regulator.controls.allSatisfy(Self.isFinite) { return [.notFinite] }
            return isSame ? [] : [.joinsVoltages]
        }
    }

    private static func isFinite(_ control: StepRegulator.Control) -> Bool {
        let positive = [control.potentialRatio, control.currentRating]
        let others = [control.level, control.resistance, control.reactance, control.delay, control.bandwidth]
        return positive.allSatisfy { $0 > 0 && $0.isFinite } && others.allSatisfy(\.isFinite)
            && control.delay >= 0 && control.bandwidth >= 0
    }

    /// The feeder and where each branch stands in it. Throws all mistakes.
    func checkedFeeder() throws(FeederMistakes) -> (feeder: Feeder, places: [FeederPlace]) {
        let own = mistakesOfElements()
        guard own.isEmpty else { throw FeederMistakes(all: own) }
        let expanded = expanded
        let place = mistakesOfPlace(expanded.feeder.liveNodes())
        guard place.isEmpty else { throw FeederMistakes(all: place) }
        return expanded
    }

    /// What is connected to a phase that its live bus does not have.
    private func mistakesOfPlace(_ live: Set<Feeder.Node>) -> [Mistake] {
        let liveBuses = Set(live.map(\.bus))
        func isMissing(_ bus: Int, _ phases: [Int]) -> Bool {
            liveBuses.contains(bus)
                && phases.contains { !live.contains(Feeder.Node(bus: bus, conductor: $0 + 1)) }
        }
        func used(_ connection: Load.Connection, _ isUsed: (Int) -> Bool) -> [Int] {
            let used = (0..<3).filter(isUsed)
            return connection == .wye ? used : used.flatMap { [$0, ($0 + 1) % 3] }
        }
        let branches = branches.filter { branch in
            branch.isClosed
                && (isMissing(branch.from, branch.phases.indices)
                    || isMissing(branch.to, branch.phases.indices))
        }
        let loads = loads.filter { load in
            isMissing(
                load.bus, used(load.connection) { load.active[$0] != .zero || load.reactive[$0] != .zero })
        }
        let capacitors = capacitors.filter { capacitor in
            isMissing(capacitor.bus, used(capacitor.connection) { capacitor.reactive[$0] != .zero })
        }
        return (branches.map(\.name) + loads.map(\.name) + capacitors.map(\.name)).map {
            Mistake(name: $0, kind: .missingPhase)
        }
    }
}
