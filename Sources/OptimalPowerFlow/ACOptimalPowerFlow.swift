public import Grid

/// Cheapest powers of the generators of a case that its network can carry, with the full equations of power
/// flow.
public struct ACOptimalPowerFlow {
    public let networkCase: NetworkCase
    private let model: ACModel
    public static let iterationLimit = 200

    public init(_ networkCase: NetworkCase) throws(ACMistake) {
        self.networkCase = networkCase
        model = try ACModel(networkCase)
    }

    public func trial() -> (String, Double, Int, ACResiduals) {
        let solver = ACInteriorPoint(model)
        solver.point.startFlat()
        let ending = solver.run(iterationLimit: Self.iterationLimit)
        return ("\(ending)", solver.point.cost / solver.point.scale + model.constantCost, solver.iterations, solver.residuals)
    }
}
