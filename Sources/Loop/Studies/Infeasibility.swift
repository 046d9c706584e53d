public import EconomicDispatch
public import Grid
public import Optimization
public import Scheduling

/// Why no plan serves every load in full over a horizon, and the least change of limits with which one would.
/// The program is `ServedProgram`.
public struct Infeasibility: Hashable, Sendable {
    /// One limit in one step, and by how much it must be relaxed.
    public struct Part: Hashable, Sendable {
        private let part: ServedProgram.Part
        /// Change of the limit (of a content: the power that makes up for it in one step); zero in a
        /// conflict.
        public let amount: Power

        init(_ part: ServedProgram.Part, _ amount: Power) {
            self.part = part
            self.amount = amount
        }

        /// Kind of the limit.
        public var limit: ServedProgram.Limit { part.limit }
        /// Place among the problem's offers; of a flow among its ties, of a balance among its areas; nil for
        /// a row without a name.
        public var place: Int? { part.place }
        /// Place among the problem's offers; nil where the limit is not one of an offer.
        public var offer: Int? { limit == .balance || limit == .greatestFlow ? nil : place }
        /// The step.
        public var step: Int { part.step }
    }

    /// Limits that cannot be met together; without any one of them the others can.
    public let conflict: [Part]
    /// Relaxation of powers, contents and flows with the smallest sum of powers; loads are preferred where
    /// the sum is the same.
    public let relaxation: [Part]

    /// Finds the conflict of a problem; nil where every load can be served.
    /// - Throws: `HiGHSLibrary.Missing` where HiGHS is not installed.
    public init?(_ problem: DispatchProblem) throws(HiGHSLibrary.Missing) {
        let analysis = try ConflictAnalysis()
        let served = ServedProgram(problem)
        let limits = analysis.conflict(served.program)
        guard !limits.isEmpty else { return nil }
        let weights = problem.offers.map { $0.isLoad ? 1 : 1.001 }
        let reliefs =
            analysis.relaxation(served.program) { limit in
                served.part(limit).flatMap { Self.weight(of: $0, weights) }
            } ?? []
        var conflict: [Part] = []
        for part in limits.compactMap(served.part).map({ Part($0, .zero) }) where !conflict.contains(part) {
            conflict.append(part)
        }
        self.conflict = conflict
        relaxation = reliefs.compactMap { relief in
            served.part(relief.limit).map { Part($0, served.powerUnit * relief.amount) }
        }
    }

    /// Weight of relaxing a limit; nil where it cannot be relaxed.
    private static func weight(of part: ServedProgram.Part, _ offers: [Double]) -> Double? {
        guard let place = part.place else { return nil }
        switch part.limit {
        case .leastPower, .greatestPower, .leastContent, .greatestContent: return offers[place]
        case .greatestFlow: return 1.001
        case .balance, .contentChange, .ramp, .other: return nil
        }
    }
}
