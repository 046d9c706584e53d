import Devices
import Grid
import Market
import Messaging
import Monitoring
import Planning
public import Simulator
import Timeline

/// The CSV files of a run as tables: names, columns, titles and units.
public enum RunTables {
    /// All tables of a run of `scenario`.
    public static func all(for scenario: Scenario) -> [Table] {
        [
            devicePower(scenario), balance, stateOfCharge(scenario), busVoltage(scenario),
            branchFlow(scenario), branchCurrent(scenario),
        ] + FeederTables.all(for: scenario) + deviceReactive(scenario) + [
            setpoint(scenario), planPower(scenario), price(scenario),
        ]
            + tieFlow(scenario) + [messages, plan(scenario), alarms] + events(scenario)
    }

    /// Empty where no device gives reactive power that a setpoint or the voltage decides.
    static func deviceReactive(_ scenario: Scenario) -> [Table] {
        let followVoltage = scenario.feeder.map { !$0.feeder.inverters.isEmpty } ?? false
        guard followVoltage || scenario.devices.contains(where: { $0.capability != nil }) else { return [] }
        return [
            Table(
                name: "device_reactive", title: "Reactive power each device gave to the network",
                fields: scenario.devices.map {
                    .init("\($0.name)_kvar", .number, "\($0.deviceKind.rawValue) \($0.name)", unit: "kvar")
                })
        ]
    }

    /// Devices that follow setpoints, by index: all but the grid connection; and whether setpoints ask them
    /// for reactive power.
    static func followers(_ scenario: Scenario) -> [(index: Int, givesReactive: Bool)] {
        scenario.devices.indices.filter { $0 != scenario.connection }.map {
            ($0, scenario.devices[$0].capability != nil)
        }
    }

    static func setpoint(_ scenario: Scenario) -> Table {
        Table(
            name: "setpoint",
            title:
                "Setpoints sent to each device in the step, and in force in it; empty where there was none",
            fields: followers(scenario).flatMap { index, givesReactive in
                let device = scenario.devices[index]
                let name = "\(device.deviceKind.rawValue) \(device.name)"
                return (givesReactive ? [("kw", "kW"), ("kvar", "kvar")] : [("kw", "kW")]).flatMap {
                    [
                        Table.Field(
                            "\(device.name)_sent_\($0)", .number, "Setpoint sent to \(name)", unit: $1),
                        .init(
                            "\(device.name)_in_force_\($0)", .number, "Setpoint in force at \(name)", unit: $1
                        ),
                    ]
                }
            })
    }

    static func devicePower(_ scenario: Scenario) -> Table {
        powers(scenario, name: "device_power", title: "Power each device gave to the network")
    }

    static func planPower(_ scenario: Scenario) -> Table {
        powers(
            scenario, name: "plan_power",
            title: "Power of each device for the step by the plan in force; empty where it says nothing")
    }

    private static func powers(_ scenario: Scenario, name: String, title: String) -> Table {
        Table(
            name: name, title: title,
            fields: scenario.devices.map {
                .init("\($0.name)_kw", .number, "\($0.deviceKind.rawValue) \($0.name)", unit: "kW")
            })
    }

    static let balance = Table(
        name: "balance", title: "The whole microgrid",
        fields: [
            .init("demand_kw", .number, "Demand of all loads", unit: "kW"),
            .init("unserved_kw", .number, "Demand not served", unit: "kW"),
            .init("curtailed_kw", .number, "Curtailment of sun, wind and water", unit: "kW"),
            .init("exchange_kw", .number, "Power at the grid connection: import less export", unit: "kW"),
            .init("losses_kw", .number, "Network losses (I²R)", unit: "kW"),
        ])

    static func stateOfCharge(_ scenario: Scenario) -> Table {
        Table(
            name: "state_of_charge", title: "State of charge at the end of the interval",
            fields: scenario.devices.filter { $0.storeCapacity != nil }.map {
                .init("\($0.name)_percent", .number, "State of charge of \($0.name) at the end", unit: "%")
            })
    }

    static func busVoltage(_ scenario: Scenario) -> Table {
        Table(
            name: "bus_voltage", title: "Voltage magnitude of every bus",
            fields: scenario.network.buses.map {
                .init(
                    "bus-\($0.name)_pu", .number, "|V| at bus \($0.name), fraction of nominal", unit: "1",
                    decimals: 6)
            })
    }

    static func branchFlow(_ scenario: Scenario) -> Table {
        Table(
            name: "branch_flow", title: "Active power that enters every branch at its first bus",
            fields: branches(scenario, "kw") { .init($0, .number, "Flow \($1)", unit: "kW") })
    }

    static func branchCurrent(_ scenario: Scenario) -> Table {
        Table(
            name: "branch_current", title: "Current of every branch, the larger of its ends",
            fields: branches(scenario, "a") { .init($0, .number, "Current \($1)", unit: "A") })
    }

    static func price(_ scenario: Scenario) -> Table {
        let areas = scenario.planning.rules.areas?.names ?? []
        let marginal = "Marginal price"
        let fields = [
            ("import", "Import"), ("feed_in", "Export"),
            (
                "marginal",
                "\(marginal)\(areas.isEmpty ? "" : " at the grid connection"), in the plan in force"
            ),
            ("cleared", "Price of the clearing of the step\(areas.isEmpty ? "" : " at the grid connection")"),
        ]
        let others = scenario.connections.dropFirst().flatMap { index in
            let name = scenario.devices[index].name
            return [("import_\(name)", "Import at \(name)"), ("feed_in_\(name)", "Export at \(name)")]
        }
        return Table(
            name: "price", title: "Prices of energy",
            fields: (fields + others
                + areas.map { ("marginal_\($0)", "\(marginal) in \($0), in the plan in force") })
                .map { .init("\($0)_yuan_per_kwh", .number, $1, unit: "yuan/kWh", decimals: 6) })
    }

    /// None where the plans know no areas.
    static func tieFlow(_ scenario: Scenario) -> [Table] {
        guard let areas = scenario.planning.rules.areas else { return [] }
        return [
            Table(
                name: "tie_flow",
                title: "Planned flow over every branch between two areas, in the plan in force",
                fields: areas.crossings.map { crossing in
                    let branch = scenario.network.branches[crossing.branch]
                    let (from, to) = (areas.ofBuses[branch.from], areas.ofBuses[branch.to])
                    return .init(
                        "\(branch.name)_kw", .number,
                        "Planned flow \(branch.name), from \(areas.names[from]) to \(areas.names[to])",
                        unit: "kW")
                })
        ]
    }

    static let messages = Table(
        name: "messages", title: "Messages between devices and controller",
        fields: [
            .init("sent", .integer, "Sent", unit: "1"),
            .init("delivered", .integer, "Arrived in this step", unit: "1"),
            .init("lost", .integer, "Lost", unit: "1"),
            .init("dropped", .integer, "Dropped because a queue was full", unit: "1"),
            .init("duplicated", .integer, "Additional copies made by links", unit: "1"),
            .init("sent_bytes", .integer, "Length of the messages sent", unit: "B"),
            .init("delivered_bytes", .integer, "Length of the messages that arrived", unit: "B"),
            .init("relayed_bytes", .integer, "Length of the messages passed on by relays", unit: "B"),
            .init("held", .integer, "Devices that kept to a setpoint of an earlier step", unit: "1"),
            .init("fallback", .integer, "Devices that followed their own fallback", unit: "1"),
        ])

    static func plan(_ scenario: Scenario) -> Table {
        Table(
            name: "plan", title: "Plans with their cost and distance from the optimum, one row a plan",
            fields: planFields + (scenario.peers == nil ? [] : agreementFields))
    }

    /// What only agents without a controller leave open.
    private static let agreementFields: [Table.Field] = [
        .init(
            "imbalance_kw", .number, "Largest remainder that the agents leave to the connection", unit: "kW"),
        .init(
            "price_spread_yuan_per_kwh", .number, "Largest difference between prices of two agents",
            unit: "yuan/kWh", decimals: 6),
        .init("agents_missing", .integer, "Agents that had no part in the plan", unit: "1"),
        .init(
            "views", .integer, "Different sets of offers planned on; empty where one plan is agreed on",
            unit: "1"),
    ]

    private static let planFields: [Table.Field] = [
        .init("status", .string, "How planning ended"),
        .init("optimum", .string, "Model of which the plan is the optimum; empty for a plan by rules"),
        .init("iterations", .integer, "Iterations of the solver", unit: "1"),
        .init("objective", .number, "Cost of the plan over its horizon", unit: "yuan"),
        .init("bound", .number, "Lower bound of the cost of any plan", unit: "yuan"),
        .init("primal_residual", .number, "Largest imbalance, relative", unit: "1", decimals: 9),
        .init("dual_residual", .number, "Largest error of a price, relative", unit: "1", decimals: 9),
        .init("gap", .number, "Between cost and bound of the program, relative", unit: "1", decimals: 9),
        .init("unserved_kwh", .number, "Demand that the plan does not serve", unit: "kWh"),
    ]

    static let alarms = Table(
        name: "alarms", title: "Violated limits, one row each",
        fields: [
            .init("kind", .string, "Kind of limit"),
            .init("place", .string, "Bus or branch"),
            .init("value", .number, "Value", decimals: 6),
            .init("limit", .number, "Limit", decimals: 6),
            .init("unit", .string, "Unit of value and limit"),
        ])

    /// Columns FROM-TO_unit; parallel branches are told apart by their number.
    private static func branches(
        _ scenario: Scenario, _ unit: String, field: (String, String) -> Table.Field
    ) -> [Table.Field] {
        var seen: [String: Int] = [:]
        return scenario.network.branches.map { branch in
            let ends = "\(scenario.network.buses[branch.from].name)-\(scenario.network.buses[branch.to].name)"
            seen[ends, default: 0] += 1
            let name = seen[ends] == 1 ? ends : "\(ends)#\(seen[ends]!)"
            return field("\(name)_\(unit)", name)
        }
    }
}
