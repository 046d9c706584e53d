import Devices
import Islanding
import YAMLFile

/// The section `islands`, and the keys of devices that form them.
enum IslandSection {
    /// The settings of all islands; nil if one is wrong.
    static func read(_ root: Mapping) -> IslandSettings? {
        guard let field = root.optional("islands") else { return IslandSettings() }
        return field.mapping { section in
            var settings = IslandSettings()
            let day = Bounds(0...86_400)
            let frequency = section.quantity("frequency", .frequency, in: Bounds(16...400), default: 50)
            let endurance = section.quantity("endurance", .duration, in: Bounds(0...604_800), default: 0)
            let stepLoad = section.quantity(
                "step_load", .fraction, in: .share, default: settings.stepLoad)
            let delay = section.quantity(
                "reconnect_delay", .duration, in: day, default: settings.reconnectDelay)
            let interval = section.quantity(
                "block_interval", .duration, in: Bounds(1...86_400), default: settings.blockInterval)
            let usual = (settings.coldLoadFactor, settings.coldLoadTime)
            let cold =
                section.optional("cold_load").map {
                    $0.mapping { part -> (Double, Double)? in
                        let factor = part.optional("factor").map { $0.number(in: 1...10) } ?? usual.0
                        let time = part.quantity("time", .duration, in: day, default: usual.1)
                        guard let factor, let time else { return nil }
                        return (factor, time)
                    }
                } ?? usual
            guard let frequency, let endurance, let stepLoad, let delay, let interval, let cold else {
                return nil
            }
            settings.frequency = frequency
            settings.endurance = endurance
            settings.stepLoad = stepLoad
            settings.reconnectDelay = delay
            settings.blockInterval = interval
            (settings.coldLoadFactor, settings.coldLoadTime) = cold
            return settings
        }
    }
}

extension GridForming {
    /// What was read; `value` is nil if the device follows the voltage of others.
    struct Reading {
        let value: GridForming?
    }

    /// `grid_forming: true`, `droop: 4 %`, `black_start: true` or its start time; nil if it is wrong.
    static func read(_ section: Mapping, _ kind: DeviceKind) -> Reading? {
        guard kind == .battery || kind == .genset else { return Reading(value: nil) }
        let truth = [("true", true), ("false", false)]
        let (forming, droop, start) = (
            section.optional("grid_forming"), section.optional("droop"), section.optional("black_start")
        )
        let isForming = forming.map { $0.choice("true or false", truth) } ?? false
        let part = droop.map { $0.quantity(.fraction, in: Bounds(0.001...0.2)) } ?? usualDroop
        if isForming == false {
            for extra in [droop, start].compactMap(\.self) {
                extra.mistake("only allowed with grid_forming: true")
            }
            return droop == nil && start == nil ? Reading(value: nil) : nil
        }
        var time: Double?
        if let start, !["true", "false"].contains(start.text) {
            guard let seconds = start.quantity(.duration, in: Bounds(0...86_400)) else { return nil }
            time = seconds
        } else if start?.text == "true" {
            time = usualStartTime
        }
        guard isForming != nil, let part else { return nil }
        return Reading(value: GridForming(droop: part, startTime: time))
    }
}
