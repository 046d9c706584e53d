import Clearing
import Devices
import EconomicDispatch
import Grid
import Planning
import Scheduling
import Simulator
import Timeline
import YAMLFile

extension Field {
    /// A duration of whole seconds.
    func wholeSeconds(in bounds: Bounds) -> Int? {
        guard let value = quantity(.duration, in: bounds) else { return nil }
        return Int(exactly: value) ?? refuse("a whole number of seconds")
    }
}

/// The section `dispatch`, with the method of the section `forecast`.
struct PlanningSection {
    let planning: PlanSettings
    /// How agents agree without a controller; nil where it decides.
    let peers: PeerSettings?
    /// One for each choice of the caller, else that of the file.
    let dispatchers: [DispatcherMaker]

    /// - Parameter chosen: the caller's choices, instead of the file's method.
    static func read(
        _ root: Mapping, _ horizon: Horizon?, _ folder: InputFolder, _ devices: DeviceSection,
        _ network: NetworkSection, _ chosen: [DispatchChoice]
    ) -> PlanningSection? {
        let forecast = ForecastSection.read(root, devices)
        let empty = Node(content: .mapping([]), mark: root.field.node.mark)
        let field =
            root.optional("dispatch") ?? Field(path: "dispatch", node: empty, collector: root.field.collector)
        return field.mapping { section in
            let settings = DispatchSettings(section, folder, devices.entries.map(\.device.name))
            let dispatchers = settings.makers(chosen)
            let ahead = section.quantity("horizon", .duration, in: .positive, default: 86_400)
            let replan = section.quantity("replan", .duration, in: .positive, default: 3600)
            let long = section.quantity(
                "interval", .duration, in: .positive, default: Double(horizon?.step ?? 1))
            let rules = PlanRuleSection.read(section, devices, network)
            let coordination = CoordinationSection(section, rules, devices)
            var clearing = ClearSection.read(section)
            if let deviation = coordination.deviation { clearing?.deviation = EnergyCost(deviation) }
            let alone = rules?.areas == nil ? [] : settings.rulesWithoutExchange(chosen)
            if !alone.isEmpty {
                section.optional("areas")?.warning(
                    "\(alone.joined(separator: ", ")) \(alone.count == 1 ? "plans" : "plan") "
                        + "each area by itself, without power flow between areas")
            }
            guard let dispatchers, let ahead, let replan, let long, let forecast, let rules, let clearing,
                let horizon
            else {
                return nil
            }
            guard let longSteps = Self.steps(long, horizon.step, section.optional("interval") ?? field)
            else { return nil }
            let step = horizon.step * longSteps
            let steps = (
                Self.steps(ahead, step, section.optional("horizon") ?? field),
                Self.steps(replan, step, section.optional("replan") ?? field)
            )
            guard let aheadSteps = steps.0.map({ $0 * longSteps }),
                let replanSteps = steps.1.map({ $0 * longSteps })
            else { return nil }
            guard aheadSteps >= replanSteps else {
                (section.optional("horizon") ?? field).mistake(
                    "the horizon of a plan must not be shorter than replan, the time until the next plan")
                return nil
            }
            let planning = PlanSettings(
                dispatcher: dispatchers[0], forecast: forecast, horizonSteps: aheadSteps,
                replanSteps: replanSteps, stepsInPlanStep: longSteps, rules: rules, clearing: clearing)
            return PlanningSection(planning: planning, peers: coordination.peers, dispatchers: dispatchers)
        }
    }

    private static func steps(_ seconds: Double, _ step: Int, _ field: Field) -> Int? {
        let count = (seconds / Double(step)).rounded()
        guard count >= 1, count * Double(step) == seconds, count <= 100_000 else {
            field.mistake(
                "\(shortDecimal(seconds)) s is not a whole number of steps of \(step) s, from 1 to 100000")
            return nil
        }
        return Int(count)
    }
}
