public import Grid

/// What must hold in every run, as it was found to hold.
public struct Checks: Hashable, Sendable {
    /// Largest |what devices gave − losses − what devices took| of one step, and their sum over the run.
    public private(set) var largestResidual = Energy.zero
    public private(set) var totalResidual = Energy.zero
    /// Steps without a solution of the network equations, and steps with buses cut off.
    public private(set) var diverged = 0
    public private(set) var islanded = 0
    /// Entries the ledger did not take: zero.
    public internal(set) var refusedPostings = 0

    public init() {}

    mutating func add(_ status: OperatingPoint.Status, residual: Energy) {
        let magnitude = Energy(abs(residual.value))
        largestResidual = max(largestResidual, magnitude)
        totalResidual = totalResidual + magnitude
        switch status {
        case .converged: break
        case .diverged, .iterationLimit, .voltageCollapse: diverged += 1
        case .islanded: islanded += 1
        }
    }
}
