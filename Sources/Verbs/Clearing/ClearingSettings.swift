public import Grid

/// How the powers of each step are agreed between two plans.
public struct ClearingSettings: Hashable, Sendable {
    /// Who decides the powers of a step.
    public enum Method: String, Hashable, Sendable, CaseIterable {
        /// Bid curves on what is measured, summed over a tree; a star is a tree of depth one: see
        /// `StepClearing`.
        case tree
        /// The plan's powers, and stores that hold the planned exchange of the connection, each in proportion
        /// to its room. It needs no messages between plans, and knows no better use of the stores' energy.
        case exchange
        /// The plan's powers are followed until the next plan.
        case none
    }

    /// What is known of a step when it is cleared.
    public enum Sight: String, Hashable, Sendable, CaseIterable {
        /// The means of the step itself: right for stores beside a loop of seconds, and the upper bound of
        /// what clearing can do.
        case step
        /// The means of the step before: the lower bound.
        case last
    }

    /// Who decides the powers of a step.
    public var method: Method
    /// What is known of the step.
    public var sees: Sight
    /// By how much a price must differ from a store's own before the store leaves its planned power.
    public var deviation: EnergyCost

    /// Creates settings.
    public init(
        method: Method = .tree, sees: Sight = .step,
        deviation: EnergyCost = EnergyCost(yuanPerKilowattHour: 0.001)
    ) {
        precondition(deviation >= .zero)
        self.method = method
        self.sees = sees
        self.deviation = deviation
    }

    /// What was done, for reports.
    public var described: String {
        switch (method, sees) {
        case (.tree, .step): "each step cleared on its own means"
        case (.tree, .last): "each step cleared on the means of the step before"
        case (.exchange, _): "stores hold the planned exchange"
        case (.none, _): "powers as planned"
        }
    }

    /// Powers as planned.
    public static let none = ClearingSettings(method: .none)
}
