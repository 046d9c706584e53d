import Glibc
public import Grid

/// A store of energy behind a device. Over step t
///
///     stored′ = stored·(1 − selfDischarge)^hours − drain(t)
///               + chargeEfficiency·absorbed − delivered / dischargeEfficiency.
///
/// A battery has no drain. Demand that can be moved in time is a store with a drain, and with a content that
/// it requires at the end of a step: the charge of vehicles at their departure, work by its deadline, the
/// heat of a house.
public struct Reservoir: Hashable, Sendable {
    /// Content before the first step.
    public var stored: Energy
    /// Least content that a plan may leave.
    public var minimum: Energy
    /// Greatest content.
    public var maximum: Energy
    /// Fraction of the energy taken that reaches the store.
    public var chargeEfficiency: Double
    /// Fraction of the energy drawn from the store that reaches the network.
    public var dischargeEfficiency: Double
    /// Fraction of the content lost per hour.
    public var selfDischarge: Double
    /// Energy that a use takes from the store in each step; empty: none.
    public var drain: [Energy] = []
    /// Content that the store must have at the end of each step, as far as its power allows; empty: no more
    /// than `minimum`. See `require(_:charge:hours:)`.
    public var required: [Energy] = []

    /// Creates a store without drain.
    public init(
        stored: Energy, minimum: Energy, maximum: Energy, chargeEfficiency: Double,
        dischargeEfficiency: Double, selfDischarge: Double
    ) {
        self.stored = stored
        self.minimum = minimum
        self.maximum = maximum
        self.chargeEfficiency = chargeEfficiency
        self.dischargeEfficiency = dischargeEfficiency
        self.selfDischarge = selfDischarge
    }

    /// Returns the fraction of the content kept over `hours` of idling.
    public func kept(hours: Double) -> Double { pow(1 - selfDischarge, hours) }

    /// Returns what idling in a step leaves of a content, Wh; `kept` is that of the step. It is negative
    /// where the drain asks for more than there is.
    @inlinable public func idle(_ content: Double, at step: Int, kept: Double) -> Double {
        drain.isEmpty ? content * kept : content * kept - drain[step].value
    }

    /// Least content at the end of a step, Wh.
    @inlinable public func least(at step: Int) -> Double {
        required.isEmpty ? minimum.value : required[step].value
    }

    /// Returns the powers, W, that keep the store within its bounds over `hours`; `content`, Wh, is what
    /// idling would leave. A store that is already outside its bounds may stay there but not go further. One
    /// that requires more than idling leaves must take it, though not more than `most`, W.
    @inlinable public func powers(
        from content: Double, at step: Int, hours: Double, taking most: Double
    ) -> ClosedRange<Double> {
        let charge = max(maximum.value - content, 0) / (chargeEfficiency * hours)
        let room = content - least(at: step)
        if room < 0, !required.isEmpty {
            let needed = min(-room / (chargeEfficiency * hours), max(most, 0))
            return -max(charge, needed)...(-needed)
        }
        return -charge...max(room, 0) * dischargeEfficiency / hours
    }

    /// Returns the content, Wh, after `power`, W, over `hours`; `content`, Wh, is what idling would leave.
    @inlinable public func after(_ power: Double, from content: Double, hours: Double) -> Double {
        content - hours * (power > 0 ? power / dischargeEfficiency : power * chargeEfficiency)
    }
}

extension Reservoir {
    /// Requires a content at the end of each step, one value a step, and before it what charging at full
    /// power cannot make up for later: so that a rule which looks at one step only keeps the deadlines too.
    /// With `charge` the most that may be taken in each step, W, over `hours` h,
    ///
    ///     required(t) = max(wanted(t), (required(t+1) + drain(t+1) − gained(t+1)) / kept),
    ///     gained(t)   = chargeEfficiency·charge(t)·hours,
    ///
    /// within the bounds of the content.
    public mutating func require(_ wanted: [Energy], charge: [Power], hours: Double) {
        precondition(wanted.count == charge.count && (drain.isEmpty || drain.count == wanted.count))
        let kept = kept(hours: hours)
        var required = wanted
        for step in wanted.indices.reversed() {
            var least = max(wanted[step], minimum)
            if step + 1 < wanted.count, kept > 0 {
                let drained = drain.isEmpty ? .zero : drain[step + 1]
                let gained = charge[step + 1].energy(hours: hours) * chargeEfficiency
                least = max(least, (required[step + 1] + drained - gained) / kept)
            }
            required[step] = min(least, maximum)
        }
        self.required = required
    }
}

extension Reservoir {
    /// Returns the store with the drain and the required content of the steps `source`, in their order.
    public func picking(_ source: some Collection<Int>) -> Reservoir {
        var store = self
        if !drain.isEmpty { store.drain = source.map { drain[$0] } }
        if !required.isEmpty { store.required = source.map { required[$0] } }
        return store
    }
}
