// How full a branch is. Its ampacity limits the larger current, its rating the larger apparent power at the
// two ends, or that at its rated end; its loading is the larger of the two quotients. A limit that is not
// above 0 counts as unknown.

public import LinearAlgebra

extension Branch {
    /// What a branch carries as fractions of what it may carry.
    public struct Loading: Hashable, Sendable {
        /// The larger current at the two ends, as a fraction of the ampacity; nil without ampacity.
        public let current: Double?
        /// The apparent power as a fraction of the rating; nil without rating.
        public let power: Double?

        /// The larger of the two fractions.
        public var value: Double { max(current ?? 0, power ?? 0) }
        /// Whether the rating gives the larger fraction, and not the ampacity.
        public var isByPower: Bool { power.map { $0 > current ?? -.infinity } ?? false }
    }

    /// The loading by the larger current at the two ends and by the apparent power that the rating limits;
    /// nil where the branch has neither limit.
    public func loading(current: Current, power: @autoclosure () -> ApparentPower) -> Loading? {
        let byCurrent = ampacity.flatMap { $0 > .zero ? current / $0 : nil }
        let byPower = rating.flatMap { $0 > .zero ? power() / $0 : nil }
        guard byCurrent != nil || byPower != nil else { return nil }
        return Loading(current: byCurrent, power: byPower)
    }
}

extension OperatingPoint {
    /// The apparent power at one end of a branch; without `end` the larger of those at the two.
    public func apparentPower(of branch: Int, at end: Branch.End? = nil) -> ApparentPower {
        func square(_ active: Power, _ reactive: ReactivePower) -> Double {
            active.value * active.value + reactive.value * reactive.value
        }
        let from = end == .to ? 0 : square(powerFrom[branch], reactiveFrom[branch])
        let to = end == .from ? 0 : square(powerTo[branch], reactiveTo[branch])
        return ApparentPower(max(from, to).squareRoot())
    }
}

extension Network {
    /// What a branch carries at `point` as a fraction of what it may; nil without limits.
    public func loading(of branch: Int, at point: OperatingPoint) -> Branch.Loading? {
        branches[branch].loading(
            current: point.current[branch],
            power: point.apparentPower(of: branch, at: branches[branch].ratedEnd))
    }

    /// The power a branch may carry at nominal voltage: the smaller of its rating and √3·ampacity times the
    /// lower nominal voltage of its ends; nil without limits.
    public func thermalLimit(of branch: Branch) -> ApparentPower? {
        let voltage = min(buses[branch.from].nominalVoltage, buses[branch.to].nominalVoltage).value
        let limits = [branch.rating?.value, branch.ampacity.map { 3.0.squareRoot() * $0.value * voltage }]
        return limits.compactMap { $0 }.filter { $0 > 0 }.min().map { ApparentPower($0) }
    }
}

/// The limits of a branch for solvers, p.u.: 1/limit², zero where there is no limit.
@frozen public struct BranchLimits: Hashable, Sendable {
    /// Of the square of the current at `from`.
    public let perCurrentFrom: Double
    /// Of the square of the current at `to`.
    public let perCurrentTo: Double
    /// Of the square of the apparent power at `from`.
    public let perPowerFrom: Double
    /// Of the square of the apparent power at `to`.
    public let perPowerTo: Double

    /// The limits of `branch` in the units of `network`.
    public init(_ branch: Branch, of network: PerUnitNetwork) {
        func inverseSquare(_ limit: Double?, _ base: Double) -> Double {
            guard let limit, limit > 0 else { return 0 }
            return base * base / (limit * limit)
        }
        perCurrentFrom = inverseSquare(branch.ampacity?.value, network.baseCurrent(at: branch.from))
        perCurrentTo = inverseSquare(branch.ampacity?.value, network.baseCurrent(at: branch.to))
        let perPower = inverseSquare(branch.rating?.value, network.basePower)
        perPowerFrom = branch.ratedEnd == .to ? 0 : perPower
        perPowerTo = branch.ratedEnd == .from ? 0 : perPower
    }

    /// Whether neither limit is known.
    public var isEmpty: Bool { perCurrentTo == 0 && perPowerFrom == 0 && perPowerTo == 0 }

    /// The square of the loading, from the voltage and the current into the branch at each end.
    @inlinable public func squaredLoading(
        from: (voltage: Complex, current: Complex), to: (voltage: Complex, current: Complex)
    ) -> Double {
        let current = max(from.current.squared * perCurrentFrom, to.current.squared * perCurrentTo)
        let power = max(
            from.voltage.squared * from.current.squared * perPowerFrom,
            to.voltage.squared * to.current.squared * perPowerTo)
        return max(current, power)
    }
}
