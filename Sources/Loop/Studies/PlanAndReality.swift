import Devices
public import Grid
public import Monitoring
import Planning
public import Scheduling
public import Simulator

/// What the plan in force says of a step, beside what happened in it.
///
/// The deviation of the grid connection that holds the voltage is that of the others and of the losses:
///
///     Δp_connection = −Σ Δp_i + Δlosses − shortage,
///
/// where `shortage` is what the plan found no power for, less what it could not place.
public struct PlanAndReality: Sendable {
    /// Why a device did something else than planned.
    public enum Cause: String, Hashable, Sendable {
        /// It could give, or wanted to take, something else than forecast.
        case forecast
        /// The controller decided anew on what was measured.
        case clearing
        /// No setpoint for this step arrived; it kept to an earlier one.
        case heldSetpoint = "held setpoint"
        /// It had no setpoint and followed its own fallback.
        case noSetpoint = "no setpoint"
        /// The grid connection that holds the voltage takes what is left over or lacking.
        case remainder
        /// Limits of the device or of the plant.
        case limits
    }

    /// One device. Powers are positive when given to the network.
    public struct Part: Hashable, Sendable {
        /// Index of the device in the scenario.
        public let device: Int
        /// Power by the plan.
        public let planned: Power
        /// Power in reality.
        public let real: Power
        /// What sun, wind or water let it give, or a load wanted, more than forecast; nil for others.
        public let forecastError: Power?
        /// Why the powers differ; nil where they do not.
        public let cause: Cause?

        /// Real less planned power.
        public var deviation: Power { real - planned }
    }

    /// The step.
    public let record: Record
    /// The devices of the plan, in the scenario's order.
    public let parts: [Part]
    /// The grid connection that holds the voltage at the source bus; nil where none does.
    public let connection: Part?
    /// Losses of the network in reality less those of the plan.
    public let lossDeviation: Power
    /// What the plan found no power for, less what it could not place.
    public let shortage: Power
    /// Marginal price of each area in the plan.
    public let plannedPrice: [EnergyCost]
    /// Price of each area at which the step was cleared; empty where it was not.
    public let clearingPrice: [EnergyCost]
    /// Limits that were violated.
    public var alarms: [Alarm] { record.alarms }

    /// Compares a step of `plan`, which was in force in it, with its record.
    public init(_ record: Record, _ plan: Plan, at step: Int, of scenario: Scenario) {
        precondition(plan.horizon.indices.contains(step))
        self.record = record
        var (parts, covered) = ([Part](), Power.zero)
        for (i, offer) in plan.problem.offers.enumerated() {
            let planned = plan.power(of: i, at: step)
            covered += planned
            parts.append(Part(offer, planned, record, step, scenario))
        }
        self.parts = parts.sorted { $0.device < $1.device }
        connection = parts.first { $0.device == record.references.first }
        shortage = plan.problem.sum(plan.shortage, at: step) - plan.problem.sum(plan.surplus, at: step)
        lossDeviation = parts.reduce(.zero) { $0 + $1.real } - (covered + shortage)
        plannedPrice = (0..<plan.problem.areas.count).map { plan.price(in: $0, at: step) }
        clearingPrice = record.decision?.price ?? []
    }
}

extension PlanAndReality.Part {
    /// Powers nearer to each other than this are the same, W.
    private static let tolerance = 50.0

    init(_ offer: Offer, _ planned: Power, _ record: Record, _ step: Int, _ scenario: Scenario) {
        device = offer.device.index
        self.planned = planned
        real = record.power[device]
        forecastError =
            switch scenario.devices[device].deviceKind {
            case .load: -record.potential[device] - offer.lower[step]
            case .solar, .wind, .hydro: record.potential[device] - offer.upper[step]
            default: nil
            }
        guard abs((real - planned).value) > Self.tolerance else {
            cause = nil
            return
        }
        if record.references.contains(device) {
            cause = .remainder
        } else if let error = forecastError, abs((real - planned - error).value) <= Self.tolerance {
            cause = .forecast
        } else if record.inForce[device] == nil {
            cause = .noSetpoint
        } else if record.inForce[device]!.interval != record.interval {
            cause = .heldSetpoint
        } else if let sent = record.sent[device], abs((sent.power - real).value) <= Self.tolerance {
            cause = .clearing
        } else {
            cause = forecastError.map { abs($0.value) > Self.tolerance ? .forecast : .limits } ?? .limits
        }
    }
}
