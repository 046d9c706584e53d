import LinearAlgebra

/// Where the branches of an `UnbalancedNetwork` stand in its `Feeder`.
public enum FeederPlace: Hashable, Sendable {
    /// Index of the line.
    case line(Int)
    /// Indices of the transformers: one, or one for each control of a regulator.
    case transformers(Range<Int>)
}

extension UnbalancedNetwork {
    /// The same network as wires and windings. Buses, loads, capacitors and controls keep their order, and
    /// conductors 1, 2 and 3 are the phases; the open star point of a Yd transformer is a conductor of its
    /// own.
    public var feeder: Feeder { expanded.feeder }

    /// The feeder, and where each branch stands in it.
    public var expanded: (feeder: Feeder, places: [FeederPlace]) {
        var feeder = Feeder(
            buses: buses.map { Feeder.Bus(name: $0.name, nominalVoltage: $0.nominalVoltage) },
            loads: loads.map(expand), shunts: capacitors.map(expand))
        let nominal = buses[source.bus].nominalPhaseVoltage
        feeder.sources = [
            Feeder.Source(
                name: "source", bus: source.bus, magnitude: source.magnitude.map { Voltage($0 * nominal) },
                angle: source.angle)
        ]
        var places: [FeederPlace] = []
        for (index, branch) in branches.enumerated() {
            switch branch.element {
            case .line(let impedance, let susceptance):
                places.append(.line(feeder.lines.count))
                feeder.lines.append(expand(branch, impedance, susceptance))
            case .transformer(let transformer):
                let first = feeder.transformers.count
                places.append(.transformers(first..<first + 1))
                feeder.transformers.append(expand(branch, transformer, starPoint: 4 + index))
            case .regulator(let regulator):
                let first = feeder.transformers.count
                for control in regulator.controls { expand(branch, regulator, control, into: &feeder) }
                places.append(.transformers(first..<feeder.transformers.count))
            }
        }
        return (feeder, places)
    }

    private func expand(_ branch: Branch, _ impedance: PhaseMatrix, _ susceptance: PhaseMatrix)
        -> Feeder.Line
    {
        let phases = branch.phases.indices
        let conductors = phases.map { $0 + 1 }
        return Feeder.Line(
            name: branch.name, from: Feeder.End(bus: branch.from, conductors: conductors),
            to: Feeder.End(bus: branch.to, conductors: conductors),
            impedance: ConductorMatrix(order: phases.count) {
                let at = 3 * phases[$0] + phases[$1]
                return Complex(impedance.real[at], impedance.imaginary[at])
            },
            admittance: ConductorMatrix(order: phases.count) {
                Complex(0, susceptance.real[3 * phases[$0] + phases[$1]])
            }, isClosed: branch.isClosed)
    }

    private func expand(_ branch: Branch, _ transformer: Transformer, starPoint: Int) -> Feeder.Transformer {
        let open = [1, 2, 3].map { Feeder.Pair($0, starPoint) }
        let (first, second) =
            switch transformer.connection {
            case .YNyn0: (Feeder.Pair.wye, Feeder.Pair.wye)
            case .Dyn1: (Feeder.Pair.deltaBackwards, Feeder.Pair.wye)
            case .Dyn11: (Feeder.Pair.delta, Feeder.Pair.wye)
            case .Dd0: (Feeder.Pair.delta, Feeder.Pair.delta)
            case .Yd1: (open, Feeder.Pair.delta)
            case .Yd11: (open, Feeder.Pair.deltaBackwards)
            }
        func winding(_ bus: Int, _ pairs: [Feeder.Pair]) -> Feeder.Transformer.Winding {
            let isDelta = pairs == Feeder.Pair.delta || pairs == Feeder.Pair.deltaBackwards
            let volts = isDelta ? buses[bus].nominalVoltage.value : buses[bus].nominalPhaseVoltage
            return Feeder.Transformer.Winding(
                bus: bus, pairs: pairs, voltage: Voltage(volts), resistance: transformer.resistance / 2)
        }
        return Feeder.Transformer(
            name: branch.name, windings: [winding(branch.from, first), winding(branch.to, second)],
            rating: transformer.rating, reactances: [transformer.reactance],
            tie: transformer.connection.isGrounded ? 0 : 1e-6, isClosed: branch.isClosed)
    }

    /// One transformer without impedance for each control.
    private func expand(
        _ branch: Branch, _ regulator: StepRegulator, _ control: StepRegulator.Control,
        into feeder: inout Feeder
    ) {
        let phases = control.phases.indices
        let pairs = phases.map { Feeder.Pair($0 + 1) }
        let width = Double(regulator.steps) * regulator.step
        let windings = [(branch.from, 1.0), (branch.to, 1 + Double(control.tap) * regulator.step)]
            .map { bus, tap in
                Feeder.Transformer.Winding(
                    bus: bus, pairs: pairs, voltage: Voltage(buses[bus].nominalPhaseVoltage), tap: tap,
                    tapRange: 1 - width...1 + width, tapSteps: 2 * regulator.steps)
            }
        feeder.tapControls.append(
            Feeder.TapControl(
                name: branch.name, transformer: feeder.transformers.count, winding: 1,
                voltage: Feeder.VoltagePoint(bus: branch.to, pairs: [Feeder.Pair(control.monitored + 1)]),
                currentPhase: phases.firstIndex(of: control.monitored) ?? 0,
                potentialRatio: control.potentialRatio, currentRating: control.currentRating,
                setting: Feeder.TapControl.Setting(
                    level: control.level, bandwidth: control.bandwidth, resistance: control.resistance,
                    reactance: control.reactance),
                delay: control.delay, tapDelay: 0, mostSteps: 1))
        feeder.transformers.append(
            Feeder.Transformer(
                name: branch.name, windings: windings, rating: ApparentPower(basePower.value),
                reactances: [0], tie: 0, isClosed: branch.isClosed))
    }

    private func expand(_ load: Load) -> Feeder.Load {
        let parts = parts(load.connection, load.bus) {
            load.active[$0] != .zero || load.reactive[$0] != .zero
        }
        let shares = Feeder.VoltageDependence.Shares(
            impedance: load.constantImpedance, current: load.constantCurrent,
            power: 1 - load.constantCurrent - load.constantImpedance)
        return Feeder.Load(
            name: load.name, bus: load.bus, pairs: parts.pairs, voltage: parts.voltage,
            active: parts.used.map { load.active[$0] }, reactive: parts.used.map { load.reactive[$0] },
            dependence: .polynomial(active: shares, reactive: shares))
    }

    private func expand(_ capacitor: Capacitor) -> Feeder.Shunt {
        let parts = parts(capacitor.connection, capacitor.bus) { capacitor.reactive[$0] != .zero }
        return Feeder.Shunt(
            name: capacitor.name, bus: capacitor.bus, pairs: parts.pairs, voltage: parts.voltage,
            reactive: parts.used.map { capacitor.reactive[$0] })
    }

    private func parts(_ connection: Load.Connection, _ bus: Int, _ isUsed: (Int) -> Bool)
        -> (used: [Int], pairs: [Feeder.Pair], voltage: Voltage)
    {
        let used = (0..<3).filter(isUsed)
        guard buses.indices.contains(bus) else { return ([], [], Voltage(1)) }
        switch connection {
        case .wye:
            return (used, used.map { Feeder.Pair.wye[$0] }, Voltage(buses[bus].nominalPhaseVoltage))
        case .delta: return (used, used.map { Feeder.Pair.delta[$0] }, buses[bus].nominalVoltage)
        }
    }
}
