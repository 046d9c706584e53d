import Devices
import Export
import Grid
import Messaging
import Planning
import Results
import Scheduling
import Simulator
import Timeline

extension Sections {
    var wires: String {
        let buses = scenario.network.buses
        guard !scenario.network.branches.isEmpty else { return wiresUnknown }
        func place(_ extreme: Extreme?) -> String {
            guard let extreme, let bus = extreme.bus else { return "none" }
            return "\(Markup.number(extreme.value, 4)) pu at bus \(Markup.escaped(buses[bus].name)), "
                + local(extreme.at)
        }
        return Self.section(
            "voltage", "Voltage",
            "Lowest \(place(summary.lowestVoltage)); highest \(place(summary.highestVoltage)). The band spans all "
                + "energised \(summary.feeder == nil ? "" : "phases of all ")buses (and the whole day, in a run of more than two months), the line is their mean, "
                + "dashes are the limits.",
            Self.series("voltage-band", "Lowest, mean and highest voltage of all buses") + phases + alarmTable
        )
    }

    /// In place of the voltages, where there is no data of a network.
    private var wiresUnknown: String {
        Self.section(
            "voltage", "Network",
            "There is no data of a network: all devices are at one bus, and there are no voltages and currents. "
                + "Losses are \(Markup.number(scenario.lossShare * 100, 1)) % of what the loads take, as the scenario "
                + "states.", alarmTable)
    }

    private var alarmTable: String {
        guard !summary.alarms.isEmpty else { return "<h3>Alarms</h3><p>No limit was broken.</p>" }
        let rows = summary.alarms.sorted { $0.count > $1.count }.map { alarm in
            let decimals = alarm.unit == "1" ? 4 : 1
            return [
                Markup.Cell.text(alarm.kind), .text(alarm.place), .figure(Double(alarm.count)),
                .text(local(alarm.first)), .text(local(alarm.last)), .figure(alarm.worst, decimals),
                .figure(alarm.limit, decimals), .text(alarm.unit == "1" ? "pu" : alarm.unit),
            ]
        }
        return "<h3>Alarms</h3>"
            + Markup.table(
                ["Limit", "Bus or branch", "Steps", "First", "Last", "Worst", "Allowed", ""], rows)
    }

    var prices: String {
        Self.section(
            "prices", "Prices",
            "Import price, and marginal price in the plan in force, in yuan/kWh.",
            Self.series("price", "Import and marginal price") + tieTable)
    }

    /// What the plans in force sent over the branches between areas.
    private var tieTable: String {
        guard let areas = scenario.planning.rules.areas else { return "" }
        let rows = zip(areas.crossings, summary.ties).map { crossing, tie in
            let branch = scenario.network.branches[crossing.branch]
            let ends = [branch.from, branch.to].map { areas.names[areas.ofBuses[$0]] }
            return [
                Markup.Cell.text(branch.name), .text(ends[0]), .text(ends[1]),
                crossing.limit.map { .figure($0.kilowatts, 1) } ?? .none,
                .figure(tie.there.kilowattHours, 1), .figure(tie.back.kilowattHours, 1),
                crossing.limit.map { _ in .figure(tie.hoursFull, 1) } ?? .none,
            ]
        }
        return "<h3>Planned flows between areas</h3>"
            + Markup.table(
                ["Branch", "From", "To", "Limit|kW", "Forward|kWh", "Backward|kWh", "At its limit|h"], rows)
    }

    var conduct: String {
        let exchange = summary.messages
        let sent = Double(max(1, exchange.traffic.sent.messages))
        func row(_ name: String, _ count: Traffic.Count) -> [Markup.Cell] {
            [
                .text(name), .figure(Double(count.messages)),
                .figure(Double(count.messages) / sent * 100, 2), .figure(Double(count.bytes) / 1e6, 3),
            ]
        }
        let messages = Markup.table(
            ["Messages", "Count", "Share|%", "Volume|MB"],
            [
                row("sent", exchange.traffic.sent), row("delivered", exchange.traffic.delivered),
                row("lost", exchange.traffic.lost), row("dropped from full queues", exchange.traffic.dropped),
                row("duplicated by links", exchange.traffic.duplicated),
                row("passed on by relays", exchange.traffic.relayed),
                [
                    .text("device steps on a setpoint of an earlier step"), .figure(Double(exchange.held)),
                    .none, .none,
                ],
                [
                    .text("device steps on the device's own fallback"), .figure(Double(exchange.fallback)),
                    .none, .none,
                ],
            ])
        let total = Double(max(1, summary.plans.reduce(0) { $0 + $1.count }))
        let plans = Markup.table(
            ["Plans", "Count", "Share|%"],
            summary.plans.map {
                [
                    .text($0.status.rawValue), .figure(Double($0.count)),
                    .figure(Double($0.count) / total * 100, 2),
                ]
            })
        let slack =
            "<p>Shortage in the steps planned for: \(Markup.number(summary.plannedShortage.kilowattHours, 1)) kWh; "
            + "surplus: \(Markup.number(summary.plannedSurplus.kilowattHours, 1)) kWh.</p>"
        let gaps = summary.gaps
        let agreement =
            gaps.share.map {
                "<p>The agents agreed on \(Markup.number(Double(gaps.plans))) plans without a controller. "
                    + "Together these cost at most \(Markup.number(100 * $0, 2)) % more than the least cost of "
                    + "the same offers (Lagrange's bound at the agreed prices). The largest remainder that a "
                    + "plan left to the grid connection is \(Markup.number(abs(gaps.imbalance.kilowatts), 1)) "
                    + "kW. In \(Markup.number(Double(gaps.incomplete))) plans an agent had no part.</p>"
            } ?? ""
        return Self.section(
            "talk", "Messages and plans", "Messages between devices and controller, and how planning ended.",
            "<div class=\"pair\">\(messages)<div>\(plans)\(slack)\(agreement)</div></div>")
    }
}
