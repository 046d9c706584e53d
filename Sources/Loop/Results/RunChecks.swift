public import Grid

/// Checks that hold in every run, as they came out.
public struct RunChecks: Hashable, Sendable {
    /// Largest |energy that devices gave − losses − energy that devices took| of one step.
    public private(set) var largestResidual = Energy.zero
    /// Sum of these residuals over the run.
    public private(set) var totalResidual = Energy.zero
    /// Steps without a solution of the power flow.
    public private(set) var diverged = 0
    /// Demand of these steps; none of it is served.
    public private(set) var lost = Energy.zero
    /// Steps with buses that have no path to a source.
    public private(set) var islanded = 0

    /// Creates the checks of no step.
    public init() {}

    mutating func add(_ status: OperatingPoint.Status, residual: Energy, unserved: Energy) {
        let magnitude = Energy(abs(residual.value))
        largestResidual = max(largestResidual, magnitude)
        totalResidual = totalResidual + magnitude
        switch status {
        case .converged: break
        case .diverged, .iterationLimit, .voltageCollapse:
            diverged += 1
            lost = lost + unserved
        case .islanded: islanded += 1
        }
    }
}
