public import Grid

/// The decisions of a plan: powers by offer, flows by tie, contents by reservoir. What belongs to offer or
/// tie i in step t is at t + i·steps.
public struct Schedule: Hashable, Sendable {
    /// Power of each offer, positive when given to the network.
    public var powers: [Power]
    /// Reactive power of each offer, positive when given to the network; empty where none is planned.
    public var reactives: [ReactivePower]
    /// Flow over each tie, positive from → to.
    public var flows: [Power]
    /// Content of each offer's reservoir at the end of the step; zero without a reservoir.
    public var contents: [Energy]

    /// Creates a schedule; `powers` and `contents` have one value for each offer and step.
    public init(powers: [Power], reactives: [ReactivePower] = [], flows: [Power] = [], contents: [Energy]) {
        precondition(powers.count == contents.count)
        precondition(reactives.isEmpty || reactives.count == powers.count)
        self.powers = powers
        self.reactives = reactives
        self.flows = flows
        self.contents = contents
    }
}
