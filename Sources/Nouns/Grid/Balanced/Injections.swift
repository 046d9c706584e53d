/// What devices give to the network in one step: one value a bus in the network's order, positive into the
/// network. What stands at a source or at a de-energised bus needs no solution: the first is added to the
/// source's account, the second is ignored.
public struct Injections: Hashable, Sendable {
    /// What gives a current of constant size, and what is a constant admittance: the powers they give at
    /// nominal voltage. At |v| per unit a bus gives its constant power + |v|·constant current + |v|²·constant
    /// impedance (the ZIP model).
    public struct VoltageDependent: Hashable, Sendable {
        public var active: [Power]
        public var reactive: [ReactivePower]

        public init(active: [Power], reactive: [ReactivePower]) {
            precondition(active.count == reactive.count)
            self.active = active
            self.reactive = reactive
        }
    }

    public var active: [Power]
    public var reactive: [ReactivePower]
    /// Nil where nothing depends on voltage.
    public var constantCurrent: VoltageDependent?
    public var constantImpedance: VoltageDependent?

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
