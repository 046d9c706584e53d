import Devices
import Grid
import Results
import Simulator
import Timeline

extension Sections {
    var energy: String {
        Self.section(
            "energy", "Energy", "Energy by source and by use, month by month, in MWh.",
            Self.chart("months", "Energy by month, stacked by kind") + monthTable + deviceTable)
    }

    private var monthTable: String {
        let kinds = DeviceKind.allCases.filter { $0 != .load && summary.tally(of: $0).given > .zero }
        let columns =
            ["Month"] + kinds.map { "\(Self.source[$0]!)|MWh" }
            + ["Load|MWh", "Charged|MWh", "Exported|MWh", "Losses|MWh", "Curtailed|MWh", "Not served|MWh"]
        func row(_ title: String, _ month: Int?, _ losses: Energy) -> [Markup.Cell] {
            func energy(_ energy: Energy) -> Markup.Cell { .figure(energy.value / 1e6, 2) }
            let load = summary.tally(of: .load, month: month)
            return [.text(title)] + kinds.map { energy(summary.tally(of: $0, month: month).given) }
                + [
                    energy(load.taken), energy(summary.tally(of: .battery, month: month).taken),
                    energy(summary.tally(of: .grid, month: month).taken), energy(losses),
                    energy(summary.curtailed(month: month)),
                    energy(load.unserved),
                ]
        }
        let rows = summary.months.indices.map { row(summary.months[$0].description, $0, summary.losses[$0]) }
        return Self.fold(
            "The months as a table",
            Markup.table(columns, rows, total: row("Total", nil, summary.totalLosses)))
    }

    private var deviceTable: String {
        let plants = scenario.devices.indices.filter { scenario.devices[$0].deviceKind != .load }
        let rows = plants.map { index in
            let device = scenario.devices[index]
            let tally = summary.tally(of: index)
            return [
                Markup.Cell.text(device.name), .text(device.deviceKind.rawValue),
                .text(scenario.network.buses[device.bus].name),
                .figure(tally.given.value / 1e6, 2),
                [.battery, .grid, .flexible].contains(device.deviceKind)
                    ? .figure(tally.taken.value / 1e6, 2) : .none,
                device.deviceKind.isRenewable ? .figure(tally.curtailed.value / 1e6, 2) : .none,
                summary.capacityFactor(of: index).map { .figure($0 * 100, 1) } ?? .none,
                summary.cycles(of: index).map { .figure($0, 1) } ?? .none,
                device.deviceKind == .genset ? .figure(summary.fuel[index]) : .none,
            ]
        }
        return "<h3>Plants, batteries and connection</h3>"
            + Markup.table(
                [
                    "Name", "Kind", "Bus", "Given|MWh", "Taken|MWh", "Curtailed|MWh", "Capacity factor|%",
                    "Full cycles", "Diesel|L",
                ], rows)
            + Self.fold("The \(scenario.devices.count - plants.count) loads", loadTable)
    }

    private var loadTable: String {
        let loads = scenario.devices.indices.filter { scenario.devices[$0].deviceKind == .load }
        return Markup.table(
            ["Name", "Bus", "Owner", "Taken|MWh", "Not served|MWh"],
            loads.map { index in
                let device = scenario.devices[index]
                let tally = summary.tally(of: index)
                return [
                    .text(device.name), .text(scenario.network.buses[device.bus].name),
                    .text(owner(of: index)),
                    .figure(tally.taken.value / 1e6, 2), .figure(tally.unserved.value / 1e6, 2),
                ]
            })
    }

    var dispatch: String {
        Self.section(
            "dispatch", "Dispatch",
            "Power by kind of device, one week at a time. Below the line: charging and export.",
            """
            <div class="controls" id="week-controls">
            <button type="button" id="week-back" aria-label="The week before">‹</button>
            <select id="week" aria-label="Week"></select>
            <button type="button" id="week-on" aria-label="The week after">›</button>
            <span id="week-label"></span>
            </div>
            """ + Self.chart("stack", "Dispatch of the chosen week", isTall: true)
                + "<h3>Duration of the load</h3>"
                + "<p class=\"lead\">Share of the time in which demand, and demand less sun, wind and water, "
                + "is at least this high.</p>" + Self.chart("duration", "Load duration curves"))
    }

    var storage: String {
        let hasBattery = scenario.devices.contains { $0.storeCapacity != nil }
        guard hasBattery else { return "" }
        return Self.section(
            "storage", "State of charge",
            "State of charge of each battery and flexible demand at the end of every step, in % of its capacity.",
            Self.series("charge", "State of charge of each battery") + ageing)
    }

    /// What each battery has lost of its capacity; nothing where no ageing is estimated.
    private var ageing: String {
        let rows = scenario.devices.indices.compactMap { index -> [Markup.Cell]? in
            guard let aged = summary.ageing[index], let battery = scenario.devices[index].battery else {
                return nil
            }
            return [
                .text(scenario.devices[index].name), .figure(aged.fullCycles, 1),
                .figure(100 * aged.timeLoss, 3), .figure(100 * aged.useLoss, 3), .figure(100 * aged.loss, 3),
                battery.cost(of: aged).map { .figure($0, 2) } ?? .none,
            ]
        }
        guard !rows.isEmpty else { return "" }
        return "<h3>Ageing of the batteries</h3>"
            + "<p class=\"lead\">Loss of capacity in this run, by time and by use, of a new battery. At "
            + "\(Markup.number(100 * BatteryAgeing.endOfLife)) % it is replaced.</p>"
            + Markup.table(
                ["Battery", "Full cycles", "Lost by time|%", "Lost by use|%", "Lost|%", "Life used up|yuan"],
                rows)
    }

    static func fold(_ title: String, _ body: String) -> String {
        "<details><summary>\(Markup.escaped(title))</summary>\(body)</details>"
    }

    private static let source: [DeviceKind: String] = [
        .solar: "Sun", .wind: "Wind", .hydro: "Water", .genset: "Genset", .battery: "Discharged",
        .grid: "Imported", .flexible: "Fed by vehicles",
    ]
}
