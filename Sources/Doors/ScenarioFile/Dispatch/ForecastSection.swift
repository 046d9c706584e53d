import Devices
import Forecasting
import YAMLFile

/// The section `forecast`, and the errors that devices state for themselves.
enum ForecastSection {
    private enum Name: String, CaseIterable {
        case smart, perfect, persistence, noisy
    }

    /// Keys of the method `noisy` that state an error.
    private static var errors: [(key: String, error: WritableKeyPath<StatedErrors, Double>)] {
        [("solar", \.solar), ("wind", \.wind), ("water", \.water), ("load", \.load)]
    }

    static func read(_ root: Mapping, _ devices: DeviceSection) -> ForecastMethod? {
        guard let field = root.optional("forecast") else {
            warnOfUnused(devices, "smart")
            return .smart
        }
        return field.mapping { section in
            guard let method = section.required("method")?.choice("a forecast method", of: Name.self) else {
                section.allowAllKeys()
                return nil
            }
            if method == .noisy { return noisy(section, devices) }
            for key in errors.map(\.key) + ["within", "between"] {
                section.optional(key)?.mistake(
                    "states an error of the method 'noisy', but the method is '\(method.rawValue)'; "
                        + "leave it out, or write 'method: noisy'")
            }
            warnOfUnused(devices, method.rawValue)
            switch method {
            case .smart, .noisy: return .smart
            case .perfect: return .perfect
            case .persistence: return .persistence
            }
        }
    }

    private static func noisy(_ section: Mapping, _ devices: DeviceSection) -> ForecastMethod? {
        var stated = StatedErrors()
        let usual = stated
        var isGood = true
        for (key, error) in errors {
            let value = section.quantity(
                key, .fraction, in: Bounds(0...1), default: usual[keyPath: error])
            isGood = isGood && value != nil
            stated[keyPath: error] = value ?? 0
        }
        let within = section.quantity("within", .duration, in: Bounds(0...2_592_000), default: usual.within)
        let between = section.quantity("between", .fraction, in: Bounds(0...1), default: usual.between)
        for entry in devices.entries {
            if let own = entry.forecastError { stated.own[entry.device.name] = own.value }
        }
        guard isGood, let within, let between else { return nil }
        (stated.within, stated.between) = (within, between)
        return .noisy(stated)
    }

    private static func warnOfUnused(_ devices: DeviceSection, _ method: String) {
        for entry in devices.entries {
            entry.forecastError?.field.warning(
                "not used: only the method 'noisy' of the section 'forecast' has stated errors, "
                    + "and the method is '\(method)'")
        }
    }
}

/// The error that a device states for itself.
struct OwnForecastError {
    let value: Double
    let field: Field

    /// `forecast: {error: 30 %}`. The outer nil means a mistake, the inner one that nothing is stated.
    static func read(_ section: Mapping, _ kind: DeviceKind) -> OwnForecastError?? {
        guard kind.isRenewable || kind == .load, let field = section.optional("forecast") else {
            return .some(nil)
        }
        return field.mapping { $0.quantity("error", .fraction, in: Bounds(0...1)) }
            .map { .some(OwnForecastError(value: $0, field: field)) }
    }
}
