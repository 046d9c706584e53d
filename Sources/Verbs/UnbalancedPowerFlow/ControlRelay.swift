import Grid
import LinearAlgebra

/// All that a control remembers from step to step.
struct ControlState: Hashable, Sendable {
    /// Steps of the tap away from where it began, or closed steps of a shunt.
    var position: Int32
    /// For how many steps it has wanted to move, and to turn its direction.
    var waited: Int32 = 0
    var waitedToTurn: Int32 = 0
    /// For how many steps a shunt has been open, until its dead time is over.
    var open: Int32 = 0
    var isReversed = false
}

/// What a control wants to do.
enum ControlWish: Hashable {
    case rest
    /// Moves by so many steps.
    case move(Int32)
    /// Goes from forward to reverse or back.
    case turn
}

/// A control as a runner sees it.
protocol ControlRelay: AnyObject, Sendable {
    /// Where it begins.
    var first: ControlState { get }
    /// What it wants in a lane at rest.
    func wish(_ flow: PortFlow, _ lane: Int, _ state: ControlState, at time: Double) -> ControlWish
    /// After what delay, s.
    func delay(of wish: ControlWish, _ state: ControlState, interval: Double) -> Double
    /// Puts it where the state says.
    func set(_ state: ControlState, _ flow: PortFlow, _ lane: Int)
}

/// A voltage as a relay sees it.
struct VoltageProbe: Sendable {
    /// By pair: slots of the two conductors.
    let slots: [(plus: Int, minus: Int)]
    /// V of one per unit.
    let scale: Double
    let choice: Feeder.VoltagePoint.Choice

    init(_ point: Feeder.VoltagePoint, _ plan: PortPlan) {
        slots = point.pairs.compactMap { pair in
            plan.system.place(point.bus, pair).map { (plan.slot($0.plus), plan.slot($0.minus)) }
        }
        scale = plan.system.feeder.buses[point.bus].nominalPhaseVoltage
        choice = point.choice
    }

    /// Whether there is a voltage.
    var isLive: Bool { !slots.isEmpty }

    /// V, and of which pair.
    func measure(_ flow: PortFlow, _ lane: Int) -> (voltage: Complex, pair: Int) {
        let all = slots.map { (flow.value($0.plus, lane) - flow.value($0.minus, lane)) * scale }
        guard all.count > 1 else { return (all.first ?? .zero, 0) }
        let sizes = all.map(\.magnitude)
        switch choice {
        case .mean: return (Complex(sizes.reduce(0, +) / Double(sizes.count), 0), 0)
        case .lowest:
            let pair = sizes.indices.min { sizes[$0] < sizes[$1] }!
            return (all[pair], pair)
        case .highest:
            let pair = sizes.indices.max { sizes[$0] < sizes[$1] }!
            return (all[pair], pair)
        }
    }
}

/// How much is left of a delay at the start of a step, s, where what it waits for has been so for so many
/// steps before; nil where the delay does not end within the step.
func delayLeft(_ delay: Double, waited: Int32, interval: Double) -> Double? {
    let before = min((delay / interval).rounded(.down), 1e9)
    guard Double(waited) >= before else { return nil }
    return waited == 0 ? delay : max(0, delay - Double(waited) * interval)
}
