import Grid

extension VoltageControls {
    /// Throws where the network cannot be swept with these controls.
    func check(_ network: Network, _ live: LiveNetwork) throws(ControlledTimeSeries.Refusal) {
        if let regulator = network.regulators.first { throw .regulator(bus: regulator.bus) }
        for (index, changer) in tapChangers.enumerated() where !Self.isSound(changer, live) {
            throw .tapChanger(index)
        }
        let tapped = tapChangers.map(\.branch)
        for index in tapped.indices where tapped[..<index].contains(tapped[index]) {
            throw .tapChanger(index)
        }
        for (index, capacitor) in capacitors.enumerated() where !Self.isSound(capacitor, live) {
            throw .capacitor(index)
        }
        for (index, inverter) in inverters.enumerated() where !Self.isSound(inverter, live) {
            throw .inverter(index)
        }
        for (index, mix) in loadMixes.enumerated() {
            let shares = [mix.constantCurrent, mix.constantImpedance]
            let isSound = shares.allSatisfy { $0 >= 0 && $0 <= 1 } && shares[0] + shares[1] <= 1
            let isFirst = !loadMixes[..<index].contains { $0.bus == mix.bus }
            guard isSound, isFirst, live.positions.indices.contains(mix.bus) else { throw .loadMix(index) }
        }
    }

    private static func isSound(_ changer: TapChanger, _ live: LiveNetwork) -> Bool {
        guard var position = live.position(of: changer.bus), changer.branch >= 0 else { return false }
        let ratios = [changer.positions.lowerBound, changer.positions.upperBound].map {
            1 + changer.step * Double($0)
        }
        let limit = Int(Int16.max)
        guard changer.positions.contains(0), ratios.allSatisfy({ $0.isFinite && $0 > 0 }), changer.step != 0,
            changer.positions.upperBound <= limit, changer.positions.lowerBound >= -limit
        else { return false }
        let numbers = [changer.voltage, changer.deadband, changer.delay, changer.pause]
        let drops = [changer.dropResistance.value, changer.dropReactance.value]
        guard numbers.allSatisfy({ $0.isFinite && $0 >= 0 }), drops.allSatisfy(\.isFinite) else {
            return false
        }
        while position >= 0, live.parentBranches[position] != changer.branch {
            position = live.parents[position]
        }
        return position >= 0
    }

    private static func isSound(_ capacitor: SwitchedCapacitor, _ live: LiveNetwork) -> Bool {
        let isMeasured =
            switch capacitor.measure {
            case .voltage(let bus, let on, let off):
                live.position(of: bus) != nil && on.isFinite && off.isFinite && on <= off
            case .reactive(let branch, let on, let off):
                branch >= 0 && live.parentBranches.contains(branch) && on.value.isFinite
                    && off.value.isFinite && off <= on
            }
        return isMeasured && live.position(of: capacitor.bus) != nil
            && (0...Int(Int16.max)).contains(capacitor.stages)
            && [capacitor.stage.value, capacitor.delayOn, capacitor.delayOff].allSatisfy {
                $0.isFinite && $0 >= 0
            }
    }

    private static func isSound(_ inverter: InverterControl, _ live: LiveNetwork) -> Bool {
        live.position(of: inverter.bus) != nil
            && [inverter.rating.value, inverter.activeRating.value].allSatisfy { $0.isFinite && $0 >= 0 }
    }
}

extension LiveNetwork {
    /// Nil also where there is no such bus.
    fileprivate func position(of bus: Int) -> Int? {
        positions.indices.contains(bus) ? positions[bus] : nil
    }
}
