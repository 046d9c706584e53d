import Devices
import Grid
import Monitoring
import Planning
import Results
import Simulator
import Studies

/// Plan and reality of a step in sentences: the exchange, what made it differ, alarms, and the price.
struct RealityText {
    let scenario: Scenario
    let reality: PlanAndReality
    /// Area whose price is explained.
    let area: Int

    /// Deviations that are told one by one.
    private static let most = 6

    var lines: [String] { exchange + alarms + prices }

    private func kilowatts(_ power: Power) -> String { "\(Markup.number(power.kilowatts, 1)) kW" }

    private func signed(_ tenths: Int) -> String {
        "\(tenths < 0 ? "−" : "+")\(Markup.number(Double(abs(tenths)) / 10, 1)) kW"
    }

    private func name(_ part: PlanAndReality.Part) -> String { scenario.devices[part.device].name }

    private func isLoad(_ part: PlanAndReality.Part) -> Bool {
        scenario.devices[part.device].deviceKind == .load
    }

    /// The connection, and what adds up to its deviation: rounded so that it does as shown, too.
    private var exchange: [String] {
        guard let connection = reality.connection else { return [] }
        let change = connection.deviation
        let headline =
            "Plan and reality: \(name(connection)) was to give \(kilowatts(connection.planned)) and gave "
            + "\(kilowatts(connection.real))"
        let shown = contributions
        let tenths = ExplanationText.rounded(
            shown.map { $0.power.kilowatts * 10 }, of: change.kilowatts * 10)
        guard tenths.contains(where: { $0 != 0 }) else { return [headline + ", as planned."] }
        return ["\(headline), \(signed(tenths.reduce(0, +))). It differs by:"]
            + zip(shown, tenths).filter { $0.1 != 0 }.map { "  \(signed($0.1)): \($0.0.text)" }
    }

    /// What moves the connection, the largest first; loads as one.
    private var contributions: [(power: Power, text: String)] {
        let others = reality.parts.filter { $0.device != reality.connection?.device }
        let loads = others.filter { isLoad($0) }
        var found = others.filter { !isLoad($0) }.map { (power: -$0.deviation, text: told($0)) }
        let more = loads.reduce(Power.zero) { $0 - $1.deviation }
        found.append((more, told(loads, more)))
        found.append((reality.lossDeviation, "losses of the network beyond those planned"))
        found.append((-reality.shortage, "power that the plan had not found"))
        found.sort { abs($0.power.value) > abs($1.power.value) }
        let rest = found.dropFirst(Self.most)
        guard !rest.isEmpty else { return found }
        let sum = rest.reduce(Power.zero) { $0 + $1.power }
        return found.prefix(Self.most) + [(sum, "all others")]
    }

    private func told(_ part: PlanAndReality.Part) -> String {
        let verb = part.real < .zero || part.real == .zero && part.planned < .zero ? "takes" : "gives"
        func amount(_ power: Power) -> String { kilowatts(verb == "takes" ? -power : power) }
        let what = "\(name(part)) \(verb) \(amount(part.real)), planned \(amount(part.planned))"
        return part.cause.map { "\(what) (\(told($0, part.forecastError)))" } ?? what
    }

    private func told(_ loads: [PlanAndReality.Part], _ more: Power) -> String {
        let real = loads.reduce(Power.zero) { $0 - $1.real }
        let planned = loads.reduce(Power.zero) { $0 - $1.planned }
        let what = "loads take \(kilowatts(real)), planned \(kilowatts(planned))"
        let worst = loads.filter { ($0.deviation > .zero) == (more < .zero) }
            .max { abs($0.deviation.value) < abs($1.deviation.value) }
        guard let worst, let cause = worst.cause else { return what }
        let own = kilowatts(Power(abs(worst.deviation.value)))
        return "\(what) (\(told(cause, worst.forecastError)); most at \(name(worst)), \(own))"
    }

    private func told(_ cause: PlanAndReality.Cause, _ error: Power?) -> String {
        switch cause {
        case .forecast: "forecast error"
        case .clearing: "decided in the step on what was measured"
        case .heldSetpoint: "its setpoint was lost, and it kept to an earlier one"
        case .noSetpoint: "it had no setpoint and followed its fallback"
        case .remainder: "it takes what is left over or lacking"
        case .limits: "limits of the device or of the plant"
        }
    }

    /// Each alarm: what the plan had there, and why it did not help.
    private var alarms: [String] {
        reality.alarms.map { alarm in
            let unit = alarm.kind.unit == "1" ? "" : " " + alarm.kind.unit
            let decimals = alarm.kind.unit == "1" ? 4 : 1
            func value(_ number: Double) -> String {
                Markup.number(number / alarm.kind.scale, decimals) + unit
            }
            let place = scenario.network.placeName(of: alarm)
            return "ALARM \(alarm.kind.rawValue) at \(place): \(value(alarm.value)), allowed "
                + "\(value(alarm.limit)). \(reason(alarm))"
        }
    }

    private func reason(_ alarm: Alarm) -> String {
        switch alarm.kind {
        case .importLimit, .exportLimit:
            guard let connection = reality.connection else { return "The plan had no grid connection." }
            let planned = Power(
                alarm.kind == .importLimit ? connection.planned.value : -connection.planned.value)
            let room = Power(alarm.limit) - planned
            return room.value >= -1
                ? "The plan kept it, with \(kilowatts(max(room, .zero))) to spare; the deviations above took more."
                : "The plan itself broke it by \(kilowatts(-room))."
        case .diverged: return "The power flow has no solution for these powers."
        case .deenergised: return "No closed branch leads there from a source."
        default:
            return scenario.planning.rules.keepsNetworkLimits
                ? "The plan kept it with the powers that it expected; the deviations above moved it."
                : "Plans do not look at voltages and currents (dispatch.network_limits: ignored)."
        }
    }

    /// The planned price beside that of the step's clearing.
    private var prices: [String] {
        guard reality.clearingPrice.indices.contains(area) else { return [] }
        let (planned, cleared) = (reality.plannedPrice[area], reality.clearingPrice[area])
        func yuan(_ cost: EnergyCost) -> String { Markup.number(cost.yuanPerKilowattHour, 3) }
        return [
            "Price: \(yuan(planned)) yuan/kWh in the plan, on forecasts; \(yuan(cleared)) in the clearing of the "
                + "step, on what was measured."
        ]
    }
}
