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
        case .diverged: diverged += 1
        case .islanded: islanded += 1
        }
    }
}

/// What energy emits.
public struct EmissionFactors: Hashable, Sendable {
    /// kg CO₂ per kWh imported. The default is Guizhou's average of 2023 (Ministry of Ecology and
    /// Environment, published 2025-12-31).
    public let imported: Double
    /// kg CO₂ per litre of diesel.
    public let diesel: Double

    public init(imported: Double = 0.5683, diesel: Double = 2.65) {
        self.imported = imported
        self.diesel = diesel
    }
}
