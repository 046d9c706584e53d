import Devices
import Grid
import Islanding
import Planning
import Scheduling
import Timeline

// Which devices the plan and the clearing of a part of the network may count on.
extension Islands {
    /// Index of the part that the centre plans for: it sits at the source bus.
    var central: Int { partOfBus[scenario.network.source] }

    /// Whether the part that the centre plans for has voltage.
    var isCentreAlive: Bool { parts.map { $0[central].kind != .dead } ?? true }

    /// Offers as the plan of a part may count on them: nothing of devices that have failed, are absent, or
    /// are in another part; in an island nothing of a genset that is off before it can have started.
    func available(_ offers: [Offer], in part: Int, _ states: [DeviceState]) -> [Offer] {
        offers.map { offer in
            let index = offer.device.index
            guard isAvailable(index, in: part) else { return offer.withdrawn }
            return offer.withdrawn(forSteps: stepsToStart(index, in: part, states))
        }
    }

    /// Steps before a device can give power: those that an off genset needs to start in an island.
    private func stepsToStart(_ index: Int, in part: Int, _ states: [DeviceState]) -> Int {
        guard parts![part].kind == .island, states[index].power <= .zero, let steps = startSteps[index],
            !parts![part].forming.contains(index)
        else { return 0 }
        return steps
    }

    /// Measurements as the clearing of a step may count on them, likewise.
    func available(_ measurements: [Measurement], in part: Int, _ states: [DeviceState]) -> [Measurement] {
        measurements.map {
            let index = $0.device.index
            let isReady = isAvailable(index, in: part) && stepsToStart(index, in: part, states) == 0
            return isReady ? $0 : $0.withdrawn
        }
    }

    /// Whether device `index` is there, works, and is in a part that has voltage.
    func isAvailable(_ index: Int, in part: Int) -> Bool {
        partOfBus[devices[index].bus] == part && parts![part].kind != .dead && isSound(index)
            && (devices[index].externalGrid == nil || isJoined(index))
    }

    /// Steps of `ahead` that a plan of a part looks at: what lacks a grid connection expects it back.
    func outlook(_ ahead: Horizon, of part: Int) -> Horizon {
        guard let parts, lacksConnection(parts[part]) else { return ahead }
        let steps = (settings.endurance / Double(stepSeconds)).rounded(.up)
        let most = max(Int(steps), scenario.planning.replanSteps)
        return ahead.part(0..<min(ahead.count, most))
    }

    /// Whether a part is an island beside an external grid, or one of its grid connections is out.
    private func lacksConnection(_ part: Part) -> Bool {
        guard scenario.connection != nil, part.kind != .dead else { return false }
        return part.kind == .island
            || part.devices.contains { devices[$0].externalGrid != nil && !isJoined($0) }
    }
}

extension Offer {
    /// The same offer without any power.
    fileprivate var withdrawn: Offer {
        var offer = self
        offer.lower = lower.map { _ in .zero }
        offer.upper = offer.lower
        offer.minimumWhenOn = nil
        offer.cycling = nil
        offer.power = .zero
        return offer
    }
}

extension Offer {
    /// The same offer without any power in its first steps.
    fileprivate func withdrawn(forSteps steps: Int) -> Offer {
        guard steps > 0 else { return self }
        var offer = self
        for step in lower.indices.prefix(steps) { (offer.lower[step], offer.upper[step]) = (.zero, .zero) }
        return offer
    }
}

extension Measurement {
    /// The same measurement without any power.
    fileprivate var withdrawn: Measurement {
        Measurement(
            device: device, interval: interval, lower: .zero, upper: .zero, power: .zero, stored: stored)
    }
}
