extension UnbalancedNetwork {
    /// The same feeder with a load spread evenly along one of its lines. The line gains a bus at a quarter of
    /// its length, where two thirds of the load stand; one third stands at its far end. That gives both the
    /// voltage drop and the loss of the even spread, as long as the current hardly changes along the line
    /// (W. H. Kersting, *Distribution System Modeling and Analysis*, section 3.4.3).
    ///
    /// `load` may name any bus. The new bus is the last one, the far part of the line the last branch, and
    /// the two parts of the load the last loads.
    /// - Precondition: `branch` is a line.
    public func spreading(_ load: Load, along branch: Int) -> UnbalancedNetwork {
        let whole = branches[branch]
        guard case .line(let impedance, let susceptance) = whole.element else {
            preconditionFailure("a load spreads along a line")
        }
        func part(_ from: Int, _ to: Int, _ fraction: Double) -> Branch {
            var part = whole
            (part.from, part.to) = (from, to)
            part.element = .line(impedance: impedance * fraction, susceptance: susceptance * fraction)
            return part
        }
        func part(at bus: Int, _ fraction: Double) -> Load {
            var part = load
            part.bus = bus
            part.active = load.active.map { $0 * fraction }
            part.reactive = load.reactive.map { $0 * fraction }
            return part
        }
        let middle = buses.count
        var network = self
        network.buses.append(Bus(name: whole.name, nominalVoltage: buses[whole.to].nominalVoltage))
        network.branches[branch] = part(whole.from, middle, 0.25)
        network.branches.append(part(middle, whole.to, 0.75))
        network.loads += [part(at: middle, 2.0 / 3), part(at: whole.to, 1.0 / 3)]
        return network
    }
}
