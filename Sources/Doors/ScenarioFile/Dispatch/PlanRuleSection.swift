import Devices
import Grid
import Planning
import Scheduling
import Simulator
import YAMLFile

/// Limits and requirements of plans in the section `dispatch`.
enum PlanRuleSection {
    static func read(
        _ section: Mapping, _ devices: DeviceSection, _ network: NetworkSection
    ) -> PlanRules? {
        var rules = PlanRules()
        var isComplete = true
        /// Stores what was read; nil means that it was wrong.
        func take<Value>(_ value: Value?, _ keep: (Value) -> Void) {
            if let value { keep(value) } else { isComplete = false }
        }
        if let field = section.optional("network_limits") {
            take(field.choice("a setting of network_limits", [("ignored", false), ("kept", true)])) {
                rules.keepsNetworkLimits = $0
            }
        }
        if let field = section.optional("power_factor") {
            take(field.number(in: 0.5...1)) {
                rules.powerFactor = $0
                if !rules.keepsNetworkLimits {
                    field.mistake("has an effect only with network_limits: kept")
                    isComplete = false
                }
            }
        }
        if let field = section.optional("demand_charge") {
            take(field.choice("a setting of demand_charge", of: PlanRules.DemandRule.self)) {
                rules.demand = $0
            }
        }
        if let field = section.optional("end") { take(end(field)) { rules.end = $0 } }
        if let field = section.optional("emission_price") {
            take(field.quantity(.emissionPrice, in: .notNegative)) { rules.emissionPrice = $0 }
        }
        if let field = section.optional("emission_cap") {
            take(field.quantity(.mass, in: .notNegative)) { rules.emissionCap = $0 }
        }
        if let field = section.optional("reserve") {
            let read: Bool? = field.mapping { reserve in
                if let field = reserve.optional("spinning") { take(spinning(field)) { rules.spinning = $0 } }
                if let field = reserve.optional("island") {
                    take(island(field, devices)) { rules.island = $0 }
                }
                return true
            }
            if read == nil { isComplete = false }
        }
        let (areas, ties) = (section.optional("areas"), section.optional("ties"))
        if let areas {
            take(AreaSection.read(areas, ties, network)) { rules.areas = $0 }
        } else if let ties {
            ties.mistake("ties join areas, but no areas are given; add the key 'areas'")
            isComplete = false
        }
        return isComplete ? rules : nil
    }

    /// `valued`, `cyclic`, or a state of charge.
    private static func end(_ field: Field) -> PlanRules.End? {
        if let text = field.text, text.last == "%" {
            return field.quantity(.fraction, in: Bounds(0...1)).map { .stateOfCharge($0) }
        }
        return field.choice(
            "a setting of end, or a state of charge such as '50 %'",
            [("valued", PlanRules.End.valued), ("cyclic", .asNow)])
    }

    /// `{share: 10 %, for: 30 min}`: a share of the loads, and how long the reserve must last.
    private static func spinning(_ field: Field) -> PlanRules.Spinning? {
        field.mapping { section in
            let share = section.quantity("share", .fraction, in: Bounds(0...10))
            let seconds = section.quantity("for", .duration, in: .positive, default: 1800)
            guard let share, let seconds else { return nil }
            return PlanRules.Spinning(share: share, hours: seconds / 3600)
        }
    }

    /// `{for: 1 h, grid_forming: [battery, standby], loads: [school]}`; a key that is left out means all of
    /// them.
    private static func island(_ field: Field, _ devices: DeviceSection) -> PlanRules.Island? {
        field.mapping { section in
            let seconds = section.required("for")?.wholeSeconds(in: Bounds(1...604_800))
            let known = devices.entries.enumerated().map { ($1.device.name, (DeviceID($0), $1.device)) }
            let forming = names(
                section, "grid_forming", "battery or genset", known, isComplete: devices.isComplete
            ) { $0.canFormAGrid }
            let loads = names(section, "loads", "load", known, isComplete: devices.isComplete) { $0.isLoad }
            guard let seconds, let forming, let loads else { return nil }
            return PlanRules.Island(length: seconds, forming: forming, loads: loads)
        }
    }

    private static func names(
        _ section: Mapping, _ key: String, _ what: String, _ known: [(String, (DeviceID, Device))],
        isComplete: Bool, _ fits: (Device) -> Bool
    ) -> [DeviceID]? {
        let fitting = known.filter { fits($0.1.1) }
        guard let field = section.optional(key) else { return fitting.map(\.1.0) }
        guard let items = field.list(), isComplete else { return nil }
        let found = items.map { $0.reference(what, in: fitting)?.0 }
        return found.contains { $0 == nil } ? nil : found.compactMap { $0 }
    }
}

extension Device {
    fileprivate var canFormAGrid: Bool {
        switch kind {
        case .battery, .genset: true
        default: false
        }
    }

    fileprivate var isLoad: Bool {
        if case .load = kind { true } else { false }
    }
}
