import Devices
import Forecasting
import Messaging
import Planning
import Scheduling
import Simulator
import Timeline

/// The section `communication`. Left out, every message arrives at once.
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
            let hold = section.quantity("hold", .duration, in: Bounds(0...1e9), default: 3600)
            guard topology != nil, let link, let deadline, let hold else { return nil }
            return Communication(link: link, deadline: deadline, hold: Int(hold))
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

/// The sections `dispatch` and `forecast`.
enum PlanningSection {
    /// `chosen` is the caller's, over the file's.
    static func read(
        _ root: Mapping, _ horizon: Horizon?, _ folder: Folder, _ devices: DeviceSection,
        _ network: NetworkSection, chosen: DispatchChoice?
    ) -> PlanSettings? {
        var forecast: ForecastMethod? = .perfect
        if let field = root.optional("forecast") {
            forecast = field.mapping {
                $0.required("method")?.choice("a way to forecast", of: ForecastMethod.self)
            }
        }
        let empty = Node(content: .mapping([]), mark: root.field.node.mark)
        let field =
            root.optional("dispatch") ?? Field(path: "dispatch", node: empty, report: root.field.report)
        return field.mapping { section in
            let settings = DispatchSettings(section, folder, devices.entries.map(\.device.name))
            let written = settings.maker(chosen)
            let ahead = section.quantity("horizon", .duration, in: .positive, default: 86_400)
            let replan = section.quantity("replan", .duration, in: .positive, default: 3600)
            let rules = PlanRuleSection.read(section, devices, network)
            if rules?.areas != nil, let name = settings.ruleWithoutExchange(chosen) {
                section.optional("areas")?.warning(
                    "\(name) plans each area by itself, as if nothing could flow between them")
            }
            guard let written, let ahead, let replan, let forecast, let rules, let horizon else { return nil }
            let steps = (
                Self.steps(ahead, horizon.step, section.optional("horizon") ?? field),
                Self.steps(replan, horizon.step, section.optional("replan") ?? field)
            )
            guard let aheadSteps = steps.0, let replanSteps = steps.1 else { return nil }
            guard aheadSteps >= replanSteps else {
                (section.optional("horizon") ?? field).mistake(
                    "a plan must look ahead at least until the next one: the horizon is shorter than replan")
                return nil
            }
            return PlanSettings(
                dispatcher: written, forecast: forecast, horizonSteps: aheadSteps,
                replanSteps: replanSteps, rules: rules)
        }
    }

    private static func steps(_ seconds: Double, _ step: Int, _ field: Field) -> Int? {
        let count = (seconds / Double(step)).rounded()
        guard count >= 1, count * Double(step) == seconds, count <= 100_000 else {
            field.mistake(
                "\(Decimal(seconds)) s are not a whole number of steps of \(step) s, from 1 to 100000")
            return nil
        }
        return Int(count)
    }
}
