import Grid
public import LinearAlgebra

// What flows.
extension FeederStates {
    /// Into a conductor of a line at one end, A.
    public func current(line index: Int, place: Int, atFrom: Bool, _ step: Int) -> Complex {
        let terms = atFrom ? currentTerms.from : currentTerms.to
        return terms[index][place].map { current($0, step) } ?? .zero
    }

    private func current(_ term: FeederSystem.CurrentTerm, _ step: Int) -> Complex {
        let volts = term.volts
        let series = term.currents.reduce(Complex.zero) { $0 + value($1.unknown, step) * $1.factor }
        let sum = term.charging.reduce(series) { $0 + value($1.node, step) * $1.susceptance }
        return sum * (FeederSystem.basePower / volts)
    }

    /// Into a winding of a transformer at `plus`, A.
    public func current(transformer index: Int, winding: Int, phase: Int, _ step: Int) -> Complex {
        let transformer = plan.system.feeder.transformers[index]
        guard let first = plan.system.transformerRows[index] else { return .zero }
        let others = transformer.windings.count - 1
        let turns = 1 / (transformer.windings[winding].voltage.value * tap(index, winding, step))
        let rows = (0..<others).filter { winding == 0 || $0 == winding - 1 }
        let sum = rows.reduce(Complex.zero) { $0 + value(first + phase * others + $1, step) }
        var current = sum * ((winding == 0 ? turns : -turns) * FeederSystem.basePower)
        if winding == 1, transformer.core != .zero {
            let power = transformer.rating.value / Double(transformer.windings[0].pairs.count)
            current +=
                transformer.core * coreVoltage(index, phase, step) * (power * turns)
        }
        return current
    }

    /// Across the second winding, as a fraction of its rated voltage times its tap.
    private func coreVoltage(_ index: Int, _ phase: Int, _ step: Int) -> Complex {
        let winding = plan.system.feeder.transformers[index].windings[1]
        guard let place = plan.system.place(winding.bus, winding.pairs[phase]) else { return .zero }
        let v = difference(place, step)
        return v * (1 / (winding.voltage.value * tap(index, 1, step)))
    }

    /// V.
    private func difference(_ place: FeederSystem.Place, _ step: Int) -> Complex {
        let plus = place.plus.map { value($0, step) * plan.system.scale[$0] } ?? .zero
        let minus = place.minus.map { value($0, step) * plan.system.scale[$0] } ?? .zero
        return plus - minus
    }

    private func tap(_ transformer: Int, _ winding: Int, _ step: Int) -> Double {
        tapControls[transformer][winding].map { tap($0, step) }
            ?? plan.system.feeder.transformers[transformer].windings[winding].tap
    }

    /// What a source gives, VA.
    public func power(source index: Int, _ step: Int) -> Complex {
        powers(source: index, step).reduce(.zero, +)
    }

    /// What each pair of a source gives, VA.
    func powers(source index: Int, _ step: Int) -> [Complex] {
        let source = plan.system.feeder.sources[index]
        guard let first = plan.system.sourceRows[index] else { return source.pairs.map { _ in .zero } }
        let amperes = FeederSystem.basePower / plan.system.feeder.buses[source.bus].nominalPhaseVoltage
        return source.pairs.enumerated().map { k, pair in
            guard let place = plan.system.place(source.bus, pair) else { return .zero }
            return -(difference(place, step) * (value(first + k, step) * amperes).conjugate)
        }
    }

    /// What a load takes at the voltages of the step, VA.
    public func power(load index: Int, _ step: Int) -> Complex {
        let load = plan.system.feeder.loads[index]
        guard isSolved(step) else { return .zero }
        let p = demand.factors[demand.active[index] * demand.steps + step]
        let q = demand.factors[demand.reactive[index] * demand.steps + step]
        return load.pairs.indices.reduce(Complex.zero) { sum, part in
            guard let place = plan.system.place(load.bus, load.pairs[part]) else { return sum }
            let size = difference(place, step).magnitude / load.voltage.value
            guard size > 0 else { return sum }
            let factor = load.dependence.admittance(at: size, load.range)
            return sum
                + Complex(
                    p * load.active[part].value * factor.active,
                    q * load.reactive[part].value * factor.reactive
                ) * (size * size)
        }
    }

    /// What an inverter gives, VA: what its curves say at the voltages of the step, shared by its pairs.
    public func power(inverter index: Int, _ step: Int) -> Complex {
        let unit = kit.inverters[index]
        let places = unit.inverter.pairs.compactMap { plan.system.place(unit.inverter.bus, $0) }
        guard isSolved(step), !places.isEmpty else { return .zero }
        let loads = kit.loadCount
        let isGiven = demand.active.count > loads
        let p = isGiven ? demand.factors[demand.active[loads + index] * demand.steps + step] : 1
        let q = isGiven ? demand.factors[demand.reactive[loads + index] * demand.steps + step] : 1
        let voltages = places.map { difference($0, step).magnitude / unit.inverter.voltage.value }
        return voltages.enumerated().reduce(Complex.zero) { sum, part in
            let powers = unit.powers(
                available: unit.active * p, reactive: unit.reactive * q,
                at: unit.voltage(voltages, part.offset))
            let square = part.element * part.element
            let factor = Feeder.VoltageDependence.constantPower.admittance(
                at: part.element, unit.inverter.range)
            let share = unit.inverter.rating.value / Double(unit.inverter.pairs.count) * square
            return sum
                + Complex(powers.active * factor.active, powers.reactive * factor.reactive) * share
        }
    }

    /// Lost in a line, W.
    public func loss(line index: Int, _ step: Int) -> Double {
        let line = plan.system.feeder.lines[index]
        let base = plan.system.feeder.buses[line.from.bus].nominalPhaseVoltage
        let rows = plan.system.lineRows[index]
        let currents = rows.map { $0.map { value($0, step) * (FeederSystem.basePower / base) } ?? .zero }
        return line.impedance.dissipation(of: currents) + chargingLoss(line: index, step)
    }

    /// Of which in its shunt admittance, W.
    private func chargingLoss(line index: Int, _ step: Int) -> Double {
        let line = plan.system.feeder.lines[index]
        guard !line.admittance.isZero else { return 0 }
        var sum = 0.0
        for end in [line.from, line.to] {
            let voltages = end.conductors.map { conductor in
                plan.system.index(end.bus, conductor).map { value($0, step) * plan.system.scale[$0] } ?? .zero
            }
            sum += 0.5 * line.admittance.dissipation(of: voltages)
        }
        return sum
    }

    /// Lost in a transformer, W.
    public func loss(transformer index: Int, _ step: Int) -> Double {
        let transformer = plan.system.feeder.transformers[index]
        guard let first = plan.system.transformerRows[index] else { return 0 }
        let (others, phases) = (transformer.windings.count - 1, transformer.windings[0].pairs.indices)
        let power = transformer.rating.value / Double(phases.count)
        return phases.reduce(0) { sum, phase in
            let currents = (0..<others).map {
                value(first + phase * others + $0, step) * (FeederSystem.basePower / power)
            }
            let z = ConductorMatrix(order: others) { transformer.impedance($0, $1) }
            return sum + power * z.dissipation(of: currents)
        } + ironLoss(transformer: index, step)
    }

    /// Of which in its iron, W.
    func ironLoss(transformer index: Int, _ step: Int) -> Double {
        let transformer = plan.system.feeder.transformers[index]
        guard transformer.ironLoss != 0, plan.system.transformerRows[index] != nil else { return 0 }
        let phases = transformer.windings[0].pairs.indices
        let power = transformer.rating.value / Double(phases.count)
        return phases.reduce(0) {
            $0 + power * transformer.ironLoss * coreVoltage(index, $1, step).squared
        }
    }

    /// Taken by the resistance of a shunt, W.
    public func loss(shunt index: Int, _ step: Int) -> Double {
        let shunt = plan.system.feeder.shunts[index]
        guard shunt.admittance.contains(where: { $0.real != 0 }) else { return 0 }
        let control = plan.system.feeder.shuntControls.firstIndex { $0.shunt == index }
        let closed = Double(control.map { self.closed($0, step) } ?? shunt.closed) / Double(shunt.steps)
        return zip(shunt.pairs, shunt.admittance).reduce(0) { sum, part in
            guard let place = plan.system.place(shunt.bus, part.0) else { return sum }
            return sum + part.1.real * closed * difference(place, step).squared
        }
    }

    /// Lost in lines, transformers and shunts, W.
    public func losses(_ step: Int) -> Double {
        guard isSolved(step) else { return 0 }
        let feeder = plan.system.feeder
        return seriesLosses[step - steps.lowerBound]
            + series.leakyLines.reduce(0) { $0 + chargingLoss(line: $1, step) }
            + feeder.transformers.indices.reduce(0) { $0 + ironLoss(transformer: $1, step) }
            + feeder.shunts.indices.reduce(0) { $0 + loss(shunt: $1, step) }
    }
}

extension ConductorMatrix {
    /// Re(xᴴ·M·x).
    fileprivate func dissipation(of x: [Complex]) -> Double {
        var sum = 0.0
        for i in 0..<order {
            for j in 0..<order { sum += (x[i].conjugate * (self[i, j] * x[j])).real }
        }
        return sum
    }
}
