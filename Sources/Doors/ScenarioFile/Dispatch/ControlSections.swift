import Devices
import EconomicDispatch
import Messaging
import Planning
import Scheduling
import Simulator
import Timeline
import YAMLFile

/// The section `communication`. If it is left out, every message arrives at once.
enum CommunicationSection {
    static func read(_ root: Mapping) -> Communication? {
        guard let field = root.optional("communication") else {
            return Communication(link: .perfect, deadline: 10, hold: 3600)
        }
        return field.mapping { section in
            let topology =
                section.optional("topology").map { $0.choice("a topology", [("star", true)]) } ?? true
            let link = section.optional("link").map { $0.mapping { Self.link($0) } } ?? Link.perfect
            let deadline = section.quantity("deadline", .duration, in: Bounds(0...86_400), default: 10)
            let hold = section.optional("hold").map { $0.wholeSeconds(in: Bounds(0...1e9)) } ?? 3600
            guard topology != nil, let link, let deadline, let hold else { return nil }
            return Communication(link: link, deadline: deadline, hold: hold)
        }
    }

    private static func link(_ section: Mapping) -> Link? {
        let latency = section.quantity("latency", .duration, in: Bounds(0...86_400), default: 0)
        let jitter = section.quantity("jitter", .duration, in: Bounds(0...86_400), default: 0)
        let loss = section.quantity("loss", .fraction, in: Bounds(0...1), default: 0)
        guard let latency, let jitter, let loss else { return nil }
        return Link(latency: VirtualTime(seconds: latency), jitter: VirtualTime(seconds: jitter), loss: loss)
    }
}

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
            let rules = PlanRuleSection.read(section, devices, network)
            let clearing = ClearSection.read(section)
            let alone = rules?.areas == nil ? [] : settings.rulesWithoutExchange(chosen)
            if !alone.isEmpty {
                section.optional("areas")?.warning(
                    "\(alone.joined(separator: ", ")) \(alone.count == 1 ? "plans" : "plan") "
                        + "each area by itself, without power flow between areas")
            }
            guard let dispatchers, let ahead, let replan, let forecast, let rules, let clearing,
                let horizon
            else {
                return nil
            }
            let steps = (
                Self.steps(ahead, horizon.step, section.optional("horizon") ?? field),
                Self.steps(replan, horizon.step, section.optional("replan") ?? field)
            )
            guard let aheadSteps = steps.0, let replanSteps = steps.1 else { return nil }
            guard aheadSteps >= replanSteps else {
                (section.optional("horizon") ?? field).mistake(
                    "the horizon of a plan must not be shorter than replan, the time until the next plan")
                return nil
            }
            let planning = PlanSettings(
                dispatcher: dispatchers[0], forecast: forecast, horizonSteps: aheadSteps,
                replanSteps: replanSteps, rules: rules, clearing: clearing)
            return PlanningSection(planning: planning, dispatchers: dispatchers)
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
