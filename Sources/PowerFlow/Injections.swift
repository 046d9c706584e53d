public import Grid

/// What devices give to the network in one step: constant power, one value a bus in the network's order,
/// positive into the network. What stands at the source bus or at a de-energised bus needs no solution: the
/// first is added to the source's account, the second is ignored.
public struct Injections: Hashable, Sendable {
    public var active: [Power]
    public var reactive: [ReactivePower]

    /// No power anywhere.
    public init(buses: Int) {
        active = Array(repeating: .zero, count: buses)
        reactive = Array(repeating: .zero, count: buses)
    }

    public init(active: [Power], reactive: [ReactivePower]) {
        precondition(active.count == reactive.count)
        self.active = active
        self.reactive = reactive
    }
}
