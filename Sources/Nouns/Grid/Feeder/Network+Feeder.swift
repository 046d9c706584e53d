import LinearAlgebra

extension Network {
    /// The network as a feeder whose three phases are alike, without loads: zero-sequence impedances are
    /// `zeroSequence` times those of the positive sequence. A branch with a ratio, a phase shift, buses of
    /// two nominal voltages, or an index in `tapped` becomes a transformer, wye to wye with both neutrals
    /// earthed, whose second winding is at `to`; any other a line. Phase shifts are left out. Only the first
    /// source counts, and no regulator. The network itself is the `equivalent` of the result.
    public func feeder(
        zeroSequence: Double, tapped: Set<Int> = []
    ) -> (feeder: Feeder, equivalent: FeederEquivalent) {
        var feeder = Feeder(
            buses: buses.map { Feeder.Bus(name: $0.name, nominalVoltage: $0.nominalVoltage) })
        let phase = feeder.buses[source].nominalPhaseVoltage
        feeder.sources = [
            Feeder.Source(name: "source", bus: source, voltage: Voltage(sourceVoltage * phase))
        ]
        var elements: [FeederEquivalent.Element] = []
        for (index, branch) in branches.enumerated() {
            let (from, to) = (buses[branch.from].nominalVoltage, buses[branch.to].nominalVoltage)
            let isLine = branch.ratio == 1 && branch.phaseShift == 0 && from == to && !tapped.contains(index)
            if isLine {
                elements.append(.line(feeder.lines.count))
                feeder.lines.append(line(branch, zeroSequence))
            } else {
                elements.append(.transformer(feeder.transformers.count, winding: 1))
                feeder.transformers.append(transformer(branch, from, to))
            }
        }
        for (index, bus) in buses.enumerated() where bus.shuntConductance != 0 || bus.shuntSusceptance != 0 {
            let admittance = Complex(bus.shuntConductance, bus.shuntSusceptance)
            feeder.shunts.append(
                Feeder.Shunt(
                    name: "shunt at \(bus.name)", bus: index, pairs: Feeder.Pair.wye,
                    admittance: [admittance, admittance, admittance]))
        }
        return (feeder, FeederEquivalent(network: self, elements: elements))
    }

    private func line(_ branch: Branch, _ zeroSequence: Double) -> Feeder.Line {
        let z = Complex(branch.resistance.value, branch.reactance.value)
        let y = Complex(branch.shuntConductance, branch.charging)
        return Feeder.Line(
            name: branch.name, from: Feeder.End(bus: branch.from), to: Feeder.End(bus: branch.to),
            impedance: ConductorMatrix(order: 3, positive: z, zero: z * zeroSequence),
            admittance: ConductorMatrix(order: 3, positive: y, zero: y), rating: branch.ampacity,
            isClosed: branch.isClosed)
    }

    /// Fractions of 1 MVA, or of the rating where there is one.
    private func transformer(_ branch: Branch, _ from: Voltage, _ to: Voltage) -> Feeder.Transformer {
        let rating = branch.rating ?? ApparentPower(1e6)
        let base = to.value * to.value / rating.value
        let root = 3.0.squareRoot()
        return Feeder.Transformer(
            name: branch.name,
            windings: [
                Feeder.Transformer.Winding(
                    bus: branch.from, voltage: Voltage(from.value / root * branch.ratio)),
                Feeder.Transformer.Winding(
                    bus: branch.to, voltage: Voltage(to.value / root),
                    resistance: branch.resistance.value / base),
            ], rating: rating, reactances: [branch.reactance.value / base],
            ironLoss: branch.shuntConductance * base, magnetizing: -branch.charging * base, tie: 0,
            limit: branch.rating ?? ApparentPower(.greatestFiniteMagnitude), isClosed: branch.isClosed)
    }
}
