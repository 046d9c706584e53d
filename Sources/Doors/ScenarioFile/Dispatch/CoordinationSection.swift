import Grid
import Planning
import Simulator
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
        case relaxedADMM = "r-admm"
    }

    init(_ section: Mapping, _ rules: PlanRules?) {
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
            guard plan == .relaxedADMM, let ticks, let timeout, let slack else { return }
            if case .some(.none) = penalty { return }
            for what in rules.map(Self.obstacles) ?? [] {
                keys.field.mistake(
                    "plan 'r-admm' agrees on one price a step, which cannot express \(what); write plan: centre"
                )
            }
            given = given ?? Self.deviation
            // From kW²·h/yuan.
            settings = PeerSettings(
                ticks: ticks, penalty: penalty?.map { $0 * 1e6 }, timeout: timeout, slackTimeout: slack)
        }
        (peers, deviation) = (settings, given)
    }

    /// Prices that agents agree on are not exact.
    private static let deviation = 0.1 / 1000

    private static func obstacles(_ rules: PlanRules) -> [String] {
        [
            rules.areas == nil ? nil : "areas", rules.keepsNetworkLimits ? "network_limits: kept" : nil,
            rules.spinning == nil && rules.island == nil ? nil : "a reserve",
            rules.emissionCap == nil ? nil : "an emission cap",
        ].compactMap(\.self)
    }
}
