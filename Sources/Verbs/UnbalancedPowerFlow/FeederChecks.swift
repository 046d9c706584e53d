import Grid
import LinearAlgebra

// What an author may have got wrong, element by element.
extension Feeder {
    private typealias Check = (name: String, isWrong: [(Bool, FeederMistakes.Kind)])

    /// All mistakes, in the order of the elements: the first of each.
    func mistakes() -> [FeederMistakes.Mistake] {
        let checks = branchChecks + terminalChecks + inverters.map(check) + controlChecks
        return checks.compactMap { check in
            check.isWrong.first { $0.0 }.map { FeederMistakes.Mistake(name: check.name, kind: $0.1) }
        }
    }

    private var branchChecks: [Check] {
        buses.map { ($0.name, [(!isPositive($0.nominalVoltage.value), .notFinite)]) }
            + (sources.isEmpty ? [("feeder", [(true, .noSource)])] : [])
            + sources.map { source in
                let numbers = source.magnitude.map(\.value) + source.angle
                return (
                    source.name,
                    [
                        (!isBus(source.bus), .unknownBus), (!arePairs(source.pairs), .shape),
                        (!isFinite(numbers, source.impedance), .notFinite),
                    ]
                )
            }
            + lines.map { line in
                (
                    line.name,
                    [
                        (!isBus(line.from.bus) || !isBus(line.to.bus), .unknownBus),
                        (!areConductors(line), .shape), (!isFinite([], line.impedance), .notFinite),
                        (!isFinite([], line.admittance), .notFinite),
                    ]
                )
            }
            + transformers.map { transformer in
                (
                    transformer.name,
                    [
                        (!transformer.windings.allSatisfy { isBus($0.bus) }, .unknownBus),
                        (!hasShape(transformer), .shape), (!hasNumbers(transformer), .notFinite),
                    ]
                )
            }
    }

    private var terminalChecks: [Check] {
        loads.map { load in
            let numbers = load.active.map(\.value) + load.reactive.map(\.value)
            return (
                load.name,
                [
                    (!isBus(load.bus), .unknownBus), (!areParts(load.pairs), .shape),
                    (!numbers.allSatisfy(\.isFinite) || !isPositive(load.voltage.value), .notFinite),
                    (!isRange(load.range) || !isFinite(load.dependence), .notFinite),
                ]
            )
        }
            + shunts.map { shunt in
                (
                    shunt.name,
                    [
                        (!isBus(shunt.bus), .unknownBus), (!areParts(shunt.pairs), .shape),
                        (
                            !shunt.admittance.allSatisfy { $0.real.isFinite && $0.imaginary.isFinite },
                            .notFinite
                        ),
                        (!(0...shunt.steps).contains(shunt.closed), .shape),
                    ]
                )
            }
    }

    private func check(_ inverter: Inverter) -> Check {
        let numbers = [inverter.active.value, inverter.reactive.value, inverter.ratedActive.value]
        let positive = [inverter.voltage.value, inverter.rating.value]
        return (
            inverter.name,
            [
                (!isBus(inverter.bus), .unknownBus), (!arePairs(inverter.pairs), .shape),
                (!numbers.allSatisfy(\.isFinite) || !positive.allSatisfy(isPositive), .notFinite),
                (!((inverter.reactiveLimit?.value ?? 0) >= 0), .notFinite),
                (!isRange(inverter.range), .notFinite),
            ]
        )
    }

    private var controlChecks: [Check] {
        tapControls.map { ($0.name, [(!isComplete($0), .controls)]) }
            + shuntControls.map { ($0.name, [(!isComplete($0), .controls)]) }
    }

    private func isBus(_ index: Int) -> Bool { buses.indices.contains(index) }

    private func isPositive(_ value: Double) -> Bool { value > 0 && value.isFinite }

    private func arePairs(_ pairs: [Pair]) -> Bool {
        !pairs.isEmpty && pairs.allSatisfy { $0.plus != $0.minus && $0.plus >= 0 && $0.minus >= 0 }
    }

    /// Of a load or shunt, which may have none.
    private func areParts(_ pairs: [Pair]) -> Bool { pairs.isEmpty || arePairs(pairs) }

    private func areConductors(_ line: Line) -> Bool {
        let (from, to) = (line.from, line.to)
        let pairs = zip(from.conductors, to.conductors)
        return !from.conductors.isEmpty && (from.conductors + to.conductors).allSatisfy { $0 >= 0 }
            && pairs.allSatisfy { $0 + $1 > 0 && (from.bus != to.bus || $0 != $1) }
    }

    private func isFinite(_ numbers: [Double], _ matrix: ConductorMatrix) -> Bool {
        numbers.allSatisfy(\.isFinite)
            && matrix.elements.allSatisfy { $0.real.isFinite && $0.imaginary.isFinite }
    }

    private func isFinite(_ dependence: VoltageDependence) -> Bool {
        switch dependence {
        case .exponential(let a, let b): return a.isFinite && b.isFinite
        case .polynomial(let active, let reactive, let cutoff):
            return [active, reactive].allSatisfy {
                $0.impedance.isFinite && $0.current.isFinite && $0.power.isFinite
            } && cutoff.isFinite
        }
    }

    private func isRange(_ range: ModelRange) -> Bool {
        range.lower >= 0 && range.upper > range.lower && range.lowest >= 0 && range.lowest <= range.lower
    }

    private func hasShape(_ transformer: Transformer) -> Bool {
        let count = transformer.windings.first?.pairs.count ?? 0
        return transformer.windings.count > 1
            && transformer.windings.allSatisfy { arePairs($0.pairs) && $0.pairs.count == count }
    }

    private func hasNumbers(_ transformer: Transformer) -> Bool {
        let numbers =
            transformer.reactances + [transformer.ironLoss, transformer.magnetizing, transformer.tie]
        return isPositive(transformer.rating.value) && numbers.allSatisfy(\.isFinite)
            && transformer.windings.allSatisfy { winding in
                isPositive(winding.voltage.value) && winding.resistance.isFinite && isPositive(winding.tap)
                    && winding.tapRange.lowerBound > 0 && winding.tapRange.upperBound.isFinite
                    && winding.tapSteps > 0
            }
    }

    private func isComplete(_ control: TapControl) -> Bool {
        guard transformers.indices.contains(control.transformer) else { return false }
        let windings = transformers[control.transformer].windings
        let others = tapControls.count {
            $0.transformer == control.transformer && $0.winding == control.winding
        }
        let positive = [control.potentialRatio, control.currentRating, control.setting.level]
        let numbers = [control.delay, control.tapDelay, control.setting.bandwidth]
        return others == 1 && windings.indices.contains(control.winding)
            && windings.indices.contains(control.measured) && isBus(control.voltage.bus)
            && windings[control.measured].pairs.indices.contains(control.currentPhase)
            && windings[control.winding].tapRange.contains(windings[control.winding].tap)
            && windings[control.winding].tapStep > 0 && arePairs(control.voltage.pairs)
            && control.voltage.pairs.count <= windings[control.measured].pairs.count
            && positive.allSatisfy(isPositive) && numbers.allSatisfy { $0 >= 0 && $0.isFinite }
            && control.setting.resistance.isFinite && control.setting.reactance.isFinite
            && control.mostSteps > 0
    }

    private func isComplete(_ control: ShuntControl) -> Bool {
        let others = shuntControls.count { $0.shunt == control.shunt }
        let delays = [control.delay, control.delayOff, control.deadTime]
        guard shunts.indices.contains(control.shunt), others == 1,
            delays.allSatisfy({ $0 >= 0 && $0.isFinite })
        else { return false }
        if let override = control.override {
            guard isPoint(override.voltage), isPositive(override.ratio) else { return false }
        }
        switch control.kind {
        case .voltage(let point, let ratio, let on, let off):
            return isPoint(point) && isPositive(ratio) && on.isFinite && off.isFinite
        case .current(let point, let ratio, let on, let off):
            return isPoint(point) && isPositive(ratio) && on.isFinite && off.isFinite
        case .reactive(let point, let on, let off):
            return isPoint(point) && on.value.isFinite && off.value.isFinite
        case .powerFactor(let point, let on, let off):
            return isPoint(point) && on.isFinite && off.isFinite
        case .time(let on, let off): return on.isFinite && off.isFinite
        }
    }

    private func isPoint(_ point: VoltagePoint) -> Bool { isBus(point.bus) && arePairs(point.pairs) }

    private func isPoint(_ point: CurrentPoint) -> Bool {
        switch point {
        case .line(let index, _, let places):
            return lines.indices.contains(index) && !places.isEmpty
                && places.allSatisfy(lines[index].from.conductors.indices.contains)
        case .winding(let index, let winding, let phases):
            guard transformers.indices.contains(index),
                transformers[index].windings.indices.contains(winding)
            else { return false }
            return !phases.isEmpty
                && phases.allSatisfy(transformers[index].windings[winding].pairs.indices.contains)
        }
    }
}
