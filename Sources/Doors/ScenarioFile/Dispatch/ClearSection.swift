import Clearing
import Grid
import YAMLFile

/// The key `clear` of the section `dispatch`: a method alone, or a mapping with its settings.
enum ClearSection {
    static func read(_ section: Mapping) -> ClearingSettings? {
        guard let field = section.optional("clear") else { return ClearingSettings() }
        if field.isText {
            return method(field).map { ClearingSettings(method: $0) }
        }
        return field.mapping { clear in
            let method = clear.optional("method").map(method) ?? .tree
            let sees =
                clear.optional("sees").map {
                    $0.choice("what is known of a step", of: ClearingSettings.Sight.self)
                } ?? .step
            let deviation = clear.quantity(
                "deviation", .energyPrice, in: Bounds(0...10),
                default: ClearingSettings().deviation.value)
            guard let method, let sees, let deviation else { return nil }
            return ClearingSettings(method: method, sees: sees, deviation: EnergyCost(deviation))
        }
    }

    private static func method(_ field: Field) -> ClearingSettings.Method? {
        field.choice("a way to clear a step", of: ClearingSettings.Method.self)
    }
}
