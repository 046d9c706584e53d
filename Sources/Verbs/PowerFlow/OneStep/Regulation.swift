// A regulator holds |V| while the reactive power that takes is within its limits. Beyond, it gives the limit
// and lets |V| go; if with that |V| passes the wanted value on the other side (at the upper limit above it,
// at the lower below), it holds again. Both are asked when the equations are solved. One that has come back
// often is left at its limit, or two might chase each other for ever.

import Grid
import LinearAlgebra

/// Which regulators hold their voltage and which are at a limit; one a worker.
final class Regulation {
    enum State: Hashable {
        case holding
        case atLower
        case atUpper
    }

    private struct Unit {
        let place: Int
        let voltage: Double
        let lower: Double
        let upper: Double
        var state = State.holding
        var returns = 0
    }

    private static let mostReturns = 4

    private let equations: PowerEquations
    private var units: [Unit]
    let allHolding: [State]
    private let tolerance: Double

    /// `keepsLimits`: false holds every voltage whatever it takes.
    init(
        _ equations: PowerEquations, _ live: LiveNetwork, of network: PerUnitNetwork, keepsLimits: Bool,
        tolerance: Double
    ) {
        self.equations = equations
        self.tolerance = tolerance
        units = network.regulators.compactMap { regulator in
            guard let position = live.positions[regulator.bus] else { return nil }
            let limits = keepsLimits ? regulator.reactive : nil
            return Unit(
                place: Int(equations.places[position]), voltage: regulator.voltage,
                lower: (limits?.lowerBound.value ?? -.infinity) / network.basePower,
                upper: (limits?.upperBound.value ?? .infinity) / network.basePower)
        }
        allHolding = units.map { _ in .holding }
        for unit in units { equations.nodes[unit.place].balancesReactive = 0 }
    }

    /// Whether each at a limit has its voltage on the side that the limit explains, none being left there.
    var isExplained: Bool {
        units.allSatisfy {
            let above = equations.nodes[$0.place].voltage.magnitude - $0.voltage
            return $0.state == .holding || ($0.state == .atUpper ? above : -above) <= tolerance
        }
    }

    /// Which unit is in which state. To set them forgets who came back how often.
    var states: [State] {
        get { units.map(\.state) }
        set {
            for (index, state) in newValue.enumerated() {
                units[index].state = state
                units[index].returns = 0
                set(units[index])
            }
        }
    }

    /// Lets go those beyond a limit, and lets those hold that can again. False where all is as it should be.
    func review() -> Bool {
        var hasChanged = false
        for index in units.indices {
            let next = nextState(units[index])
            guard next != units[index].state else { continue }
            if next == .holding { units[index].returns += 1 }
            units[index].state = next
            set(units[index])
            hasChanged = true
        }
        return hasChanged
    }

    private func nextState(_ unit: Unit) -> State {
        let voltage = equations.nodes[unit.place].voltage.magnitude
        switch unit.state {
        case .holding:
            let given = -equations.surplus(unit.place).imaginary
            return given > unit.upper + tolerance
                ? .atUpper : given < unit.lower - tolerance ? .atLower : .holding
        case .atUpper:
            return voltage > unit.voltage + tolerance && unit.returns < Self.mostReturns ? .holding : .atUpper
        case .atLower:
            return voltage < unit.voltage - tolerance && unit.returns < Self.mostReturns ? .holding : .atLower
        }
    }

    /// Writes a unit's state into the equations.
    private func set(_ unit: Unit) {
        let node = equations.nodes.baseAddress! + unit.place
        switch unit.state {
        case .holding:
            node.pointee.balancesReactive = 0
            node.pointee.support.imaginary = 0
            let voltage = node.pointee.voltage.magnitude
            if voltage > 0 { node.pointee.voltage = node.pointee.voltage * (unit.voltage / voltage) }
        case .atLower:
            node.pointee.balancesReactive = 1
            node.pointee.support.imaginary = unit.lower
        case .atUpper:
            node.pointee.balancesReactive = 1
            node.pointee.support.imaginary = unit.upper
        }
    }
}
