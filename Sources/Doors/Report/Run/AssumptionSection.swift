import Agents
import Clearing
import Devices
import EconomicDispatch
import Export
import Forecasting
import Grid
import Messaging
import Planning
import Results
import Scheduling
import Settlement
import Simulator
import Timeline
import Weather

extension Sections {
    var assumptions: String {
        let rules = scenario.terms.rules
        func list(_ title: String, _ items: [String]) -> String {
            guard !items.isEmpty else { return "" }
            let lines = items.map { "<li>\(Markup.escaped($0))</li>" }
            return "<h3>\(title)</h3><ul>\(lines.joined())</ul>"
        }
        return Self.section(
            "assumptions", "Assumptions", "Settings and sources of these results.",
            Markup.table(["Fact", "Value"], facts.map { [.text($0.0), .text($0.1)] })
                + list("Sources of the rules", rules.sources)
                + list("Not settled in the rules", rules.unsettled))
    }

    private var facts: [(String, String)] {
        let place = scenario.weather.place
        let network = scenario.network
        let planning = scenario.planning
        let rules = scenario.terms.rules
        let step = scenario.horizon.step
        let validity = "\(rules.validity.lowerBound) to \(rules.validity.upperBound)"
        return [
            (
                "Place",
                "\(Markup.number(place.latitude, 2))° N, \(Markup.number(place.longitude, 2))° E, "
                    + "\(Markup.number(place.elevation)) m, \(scenario.zone.name)"
            ),
            (
                "Network",
                "\(network.buses.count) buses, \(network.branches.count) branches, source at "
                    + "\(Markup.number(network.sourceVoltage, 3)) pu\(seenByPlans)"
            ),
            ("Devices", "\(scenario.devices.count)"),
            (
                "Dispatch",
                "\(planning.dispatcher.name), \(Self.duration(planning.horizonSteps * step)) ahead, anew every "
                    + Self.duration(planning.replanSteps * step)
                    + (planning.stepsInPlanStep == 1
                        ? "" : ", in steps of \(Self.duration(planning.stepsInPlanStep * step))")
            ),
            ("Steps", planning.clearing.described),
            ("Forecast", planning.forecast.name),
            (
                "Communication",
                "\(scenario.communication.topology.rawValue), \(link), deadline "
                    + "\(Markup.number(scenario.communication.deadline)) s, hold "
                    + Self.duration(scenario.communication.hold)
            ),
            ("Rules", "\(rules.name), \(validity)\(rules.isSample ? ", a sample for study" : "")"),
            (
                "Emissions",
                "\(Markup.number(summary.carbon.imported, 4)) kg CO₂ per kWh imported, "
                    + "\(Markup.number(summary.carbon.diesel, 2)) kg per litre of diesel"
            ),
        ]
    }

    /// What plans see of a feeder of three phases.
    private var seenByPlans: String {
        scenario.feeder == nil
            ? "" : "; the loop solves three phases, plans see the positive sequence of the feeder"
    }

    /// Properties of the links that have none of their own.
    private var link: String {
        let link = scenario.communication.link
        var parts = ["latency \(milliseconds(link.latency)) ms"]
        switch link.jitter {
        case .uniform(let width): parts.append("jitter \(milliseconds(width)) ms")
        case .logNormal(let median, let sigma):
            parts.append(
                "log-normal jitter, median \(milliseconds(median)) ms, sigma \(Markup.number(sigma, 2))")
        }
        parts.append("loss \(Markup.number(link.loss.mean * 100, 1)) %")
        if case .bursts = link.loss { parts[parts.count - 1] += " in bursts" }
        if link.duplication > 0 { parts.append("duplication \(Markup.number(link.duplication * 100, 1)) %") }
        if link.keepsOrder { parts.append("order kept") }
        if let rate = link.rate {
            parts.append("\(Markup.number(rate / 1000, 1)) kbit/s, queue \(milliseconds(link.queue)) ms")
        }
        return parts.joined(separator: ", ")
    }

    private func milliseconds(_ time: VirtualTime) -> String {
        Markup.number(Double(time.nanoseconds) / 1e6)
    }
}
