/// Units of length.
enum DSSUnits {
    /// Metres by unit; nil is no unit, which fits every other.
    static let all: KeyValuePairs<String, Double?> = [
        "none": nil, "mi": 1609.344, "miles": 1609.344, "kft": 304.8, "km": 1000, "m": 1, "meters": 1,
        "ft": 0.3048, "feet": 0.3048, "in": 0.0254, "inches": 0.0254, "cm": 0.01, "mm": 0.001,
    ]

    /// How many of `target` make one of `unit`; 1 where either is none.
    static func factor(_ unit: Double?, to target: Double?) -> Double {
        guard let unit, let target else { return 1 }
        return unit / target
    }
}
