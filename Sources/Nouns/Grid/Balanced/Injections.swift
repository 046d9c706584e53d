/// What devices give to the network in one step: one value a bus in the network's order, positive into the
/// network.
///
/// Power injected at a source needs no solution: it is added to what the source gives. Power injected at a
/// de-energised bus is ignored.
public struct Injections: Hashable, Sendable {
    /// The powers of constant currents, or of constant admittances, at nominal voltage. At |v| per unit a bus
    /// gives its constant power + |v|·constant current + |v|²·constant impedance (the ZIP model).
    public struct VoltageDependent: Hashable, Sendable {
        /// Active power at nominal voltage, one value a bus.
        public var active: [Power]
        /// Reactive power at nominal voltage, one value a bus.
        public var reactive: [ReactivePower]

        /// The powers at nominal voltage, as many active as reactive ones.
        public init(active: [Power], reactive: [ReactivePower]) {
            precondition(active.count == reactive.count)
            self.active = active
            self.reactive = reactive
        }
    }

    /// Constant active power, one value a bus.
    public var active: [Power]
    /// Constant reactive power, one value a bus.
    public var reactive: [ReactivePower]
    /// What goes with |V|; nil where nothing does.
    public var constantCurrent: VoltageDependent?
    /// What goes with |V|²; nil where nothing does.
    public var constantImpedance: VoltageDependent?
    /// Active power that devices take at nominal voltage, one value a bus: the sum over those that take,
    /// without what others give at the same bus. `add` counts it; zero where the powers were set whole.
    public var taken: [Power]

    /// No power anywhere.
    public init(buses: Int) {
        active = Array(repeating: .zero, count: buses)
        reactive = Array(repeating: .zero, count: buses)
        taken = Array(repeating: .zero, count: buses)
    }

    /// Constant powers, as many active as reactive ones.
    public init(active: [Power], reactive: [ReactivePower]) {
        precondition(active.count == reactive.count)
        self.active = active
        self.reactive = reactive
        taken = Array(repeating: .zero, count: active.count)
    }

    /// Adds what a device gives at its bus; what it takes is negative.
    public mutating func add(_ active: Power, _ reactive: ReactivePower, at bus: Int) {
        self.active[bus] += active
        self.reactive[bus] += reactive
        if active < .zero { taken[bus] -= active }
    }

    /// What stays unserved when the bus has no voltage: what devices take there, and no less than what the
    /// bus takes net.
    public func demand(at bus: Int) -> Power {
        var given = active[bus]
        if let constantCurrent { given += constantCurrent.active[bus] }
        if let constantImpedance { given += constantImpedance.active[bus] }
        return max(taken[bus], -given)
    }
}
