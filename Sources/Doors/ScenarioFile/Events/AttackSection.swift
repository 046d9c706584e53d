import Devices
import Events
import YAMLFile

extension EventNames {
    /// `{kind: false-power, of: workshop, size: 20 kW}`; a time that is replayed is rounded to whole steps of
    /// `stepSeconds`.
    func attack(_ field: Field, stepSeconds: Int?) -> Event.Action? {
        field.mapping { section in
            let kind = section.required("kind").flatMap { $0.choice("an attack", Self.kinds) }
            let device = section.required("of").flatMap { attacked($0) }
            guard let kind else {
                _ = section.optional("size")
                return nil
            }
            guard let attack = kind.read(section, stepSeconds), let device else { return nil }
            if kind == .falsePower, !statesPotential(device) {
                section.optional("of")?.mistake(
                    "a false power is that of a load or of a sun, wind or water plant; "
                        + "write replay, hijack, false-price or shifted-meter for others")
                return nil
            }
            return .attack(device: device, attack)
        }
    }

    fileprivate enum Kind {
        case falsePower, falsePrice, replay, hijack, shiftedMeter

        /// The attack with its size; nil, with the reason reported, if that is missing or wrong.
        func read(_ section: Mapping, _ stepSeconds: Int?) -> Attack? {
            switch self {
            case .falsePower:
                return section.quantity("size", .power, in: Bounds(-1e9...1e9)).map { .falsePower($0) }
            case .falsePrice:
                return section.quantity("size", .fraction, in: Bounds(-1...100)).map { .falsePrice($0) }
            case .shiftedMeter:
                return section.quantity("size", .fraction, in: Bounds(-1...10)).map { .shiftedMeter($0) }
            case .replay:
                let seconds = section.quantity("size", .duration, in: Bounds(1...7 * 86_400))
                guard let seconds, let stepSeconds else { return nil }
                return .replay(steps: max(1, Int((seconds / Double(stepSeconds)).rounded())))
            case .hijack:
                guard let size = section.optional("size") else { return .hijack }
                size.mistake("a hijacked device does the opposite of its setpoint; leave 'size' out")
                return nil
            }
        }
    }

    private static let kinds: [(String, Kind)] = [
        ("false-power", .falsePower), ("false-price", .falsePrice), ("replay", .replay),
        ("hijack", .hijack), ("shifted-meter", .shiftedMeter),
    ]
}
