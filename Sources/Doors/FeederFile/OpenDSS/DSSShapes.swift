import TextFile

/// Which load shapes elements follow over a day and a year.
struct DSSShapes {
    /// What follows a shape, by its index in the feeder.
    enum Element: Hashable {
        case load(Int)
        case generator(Int)
        case inverter(Int)
    }

    /// The shapes of an element by `daily` and `yearly`.
    private(set) var used: [(element: Element, daily: DSSFields.Field?, yearly: DSSFields.Field?)] = []

    /// Notes the shapes of an element.
    mutating func note(
        _ shapes: [String: DSSFields.Field], _ element: Element, _ fields: inout DSSFields
    ) {
        guard !shapes.isEmpty else { return }
        used.append((element, shapes["daily"], shapes["yearly"]))
    }
}
