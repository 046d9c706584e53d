import Devices
import Grid
import Planning
import Simulator
import TextFile
import YAMLFile

/// The key `coordination` of the section `dispatch`: who finds the values of a plan, and how.
struct CoordinationSection {
    /// How agents agree without a controller; nil where it decides.
    let peers: PeerSettings?
    /// By how much a price must differ from a store's own before the store leaves its planned power, yuan/Wh;
    /// nil where the section does not say.
    let deviation: Double?

    private enum Planner: String, CaseIterable {
        case centre
        case sharedOffers = "shared-offers"
        case relaxedADMM = "r-admm"
    }

    init(_ section: Mapping, _ rules: PlanRules?, _ devices: DeviceSection) {
        var settings: PeerSettings?
        var given: Double?
        section.optional("coordination")?.mapping { keys in
            let plan = keys.required("plan")?.choice("who plans", of: Planner.self)
            let ticks = keys.optional("ticks").map { $0.integer(in: 1...100_000) } ?? 60
            let penalty = keys.optional("penalty").map { $0.number(in: 1e-6...1e9) }
            let timeout = keys.optional("timeout").map { $0.integer(in: 1...100_000) } ?? 40
            let slack = keys.optional("slack_timeout").map { $0.integer(in: 1...100_000) } ?? timeout
            given = keys.optional("deviation").flatMap { $0.quantity(.energyPrice, in: Bounds(0...10)) }
            // Nil where a number was wrong; none is needed for the penalty.
            guard let plan, let own = PeerSettings.Plan(rawValue: plan.rawValue), let ticks, let timeout,
                let slack
            else { return }
            if case .some(.none) = penalty { return }
            for what in rules.map({ Self.obstacles(to: own, $0) }) ?? [] {
                keys.field.mistake(
                    "plan '\(own.rawValue)' agrees on one price a step, which cannot express \(what); "
                        + "write plan: centre")
            }
            if own == .sharedOffers, let areas = rules?.areas, devices.isComplete {
                let used = Set(devices.entries.map { areas.ofBuses[$0.device.bus] })
                for area in areas.names.indices where !used.contains(area) {
                    keys.field.mistake(
                        "area \(quoted(areas.names[area])) has no device, and so no agent; write plan: centre"
                    )
                }
            }
            if own == .relaxedADMM { given = given ?? Self.deviation }
            if own == .sharedOffers, penalty != nil {
                keys.optional("penalty")?.mistake("has an effect only with plan: r-admm")
            }
            // From kW²·h/yuan.
            settings = PeerSettings(
                plan: own, ticks: ticks, penalty: penalty?.map { $0 * 1e6 }, timeout: timeout,
                slackTimeout: slack)
        }
        (peers, deviation) = (settings, given)
    }

    /// Prices that agents agree on are not exact.
    private static let deviation = 0.1 / 1000

    /// Shared offers are planned by the scenario's method, which can express areas, reserves and a cap.
    private static func obstacles(to plan: PeerSettings.Plan, _ rules: PlanRules) -> [String] {
        let agrees = plan == .relaxedADMM
        return [
            agrees && rules.areas != nil ? "areas" : nil,
            rules.keepsNetworkLimits ? "network_limits: kept" : nil,
            agrees && (rules.spinning != nil || rules.island != nil) ? "a reserve" : nil,
            agrees && rules.emissionCap != nil ? "an emission cap" : nil,
        ].compactMap(\.self)
    }
}
