public import Market
public import Messaging
public import Planning
public import Scheduling
public import Timeline

/// Whoever agrees on the setpoints of each step in place of the simulated agents and controller, such as
/// agents in processes of their own.
public protocol StepCoordinator: AnyObject {
    /// Agrees on one step. `offers` are to be planned over `horizon`, empty when no plan is due;
    /// `measurements` are those of the step, empty where it is not cleared.
    func agree(
        on interval: Interval, offers: [Offer], horizon: Horizon, measurements: [Measurement]
    ) -> StepAgreement

    /// Takes a reading of the grid connection's meter.
    func read(_ imported: WattHours, over interval: Interval)
}

/// What was agreed on for one step.
public struct StepAgreement: Sendable {
    /// Setpoints that the devices follow; nil where a device follows its own fallback.
    public var setpoints: [Setpoint?]
    /// Plan made in this step.
    public var plan: Plan?
    /// What was decided; nil where the plan's powers are followed.
    public var decision: StepDecision?
    /// How long it took, and on how old information.
    public var timing = Record.Timing()
    /// Messages of the step.
    public var traffic = Traffic()

    /// Creates an agreement on nothing but setpoints.
    public init(setpoints: [Setpoint?]) { self.setpoints = setpoints }
}

extension Coordination.Agreement {
    /// What a coordinator agreed on for `interval`. `connection` gets no setpoint.
    init(_ agreed: StepAgreement, on interval: Interval, connection: Int?) {
        self.init(sent: agreed.setpoints, inForce: agreed.setpoints, plan: agreed.plan, summary: .init())
        decision = agreed.decision
        timing = agreed.timing
        summary.traffic = agreed.traffic
        for (device, setpoint) in inForce.enumerated() where device != connection {
            if setpoint == nil { summary.fallback += 1 }
            if let setpoint, setpoint.interval != interval {
                summary.held += 1
                sent[device] = nil
            }
        }
    }
}
