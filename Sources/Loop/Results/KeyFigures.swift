import Devices
import Events
import Grid
import Market
import Messaging
import Simulator

/// One figure by which runs are compared.
public struct KeyFigure: Hashable, Sendable {
    /// Stable name for programs, such as `energy_imported`.
    public let name: String
    /// Name for readers.
    public let title: String
    /// The value, in `unit`.
    public let value: Double
    /// Unit; `1` for counts.
    public let unit: String
    /// Decimals worth printing.
    public let decimals: Int

    init(_ name: String, _ title: String, _ value: Double, _ unit: String, _ decimals: Int) {
        (self.name, self.title, self.value, self.unit, self.decimals) = (name, title, value, unit, decimals)
    }
}

extension Summary {
    /// All key figures: energies, powers and voltages, money, messages and checks.
    public var keyFigures: [KeyFigure] {
        energyFigures + powerFigures + ageingFigures + moneyFigures + resilienceFigures + agreementFigures
            + conductFigures
    }

    private var energyFigures: [KeyFigure] {
        func figure(_ name: String, _ title: String, _ energy: Energy) -> KeyFigure {
            KeyFigure("energy_\(name)", title, energy.kilowattHours, "kWh", 3)
        }
        let load = tally(of: .load)
        let battery = tally(of: .battery)
        let generation = DeviceKind.allCases.filter { $0.isRenewable || $0 == .genset }
        return [figure("consumed", "Energy consumed", load.taken)]
            + generation.map { figure($0.rawValue, "Energy from \($0.rawValue)", tally(of: $0).given) }
            + [
                figure("imported", "Energy imported", tally(of: .grid).given),
                figure("exported", "Energy exported", tally(of: .grid).taken),
                figure("charged", "Energy into batteries", battery.taken),
                figure("discharged", "Energy out of batteries", battery.given),
                figure("losses", "Losses of the wires", totalLosses),
                figure("curtailed", "Sun, wind and water curtailed", curtailed),
                figure("unserved", "Demand not served", unserved),
            ] + flexibleFigures
    }

    /// None without flexible demand.
    private var flexibleFigures: [KeyFigure] {
        guard scenario.devices.contains(where: { $0.flexible != nil }) else { return [] }
        let missed = missed.reduce(.zero, +)
        return [
            ("flexible", "Energy taken by flexible demand", tally(of: .flexible).taken),
            ("flexible_given", "Energy given by vehicles", tally(of: .flexible).given),
            ("flexible_missed", "Flexible demand not met by its deadline", missed),
        ].map { KeyFigure("energy_\($0)", $1, $2.kilowattHours, "kWh", 3) }
    }

    private var powerFigures: [KeyFigure] {
        let shares = renewableShare.map {
            [KeyFigure("renewable_share", "Renewable share", $0 * 100, "%", 3)]
        }
        let extremes = [
            peakDemand.map { KeyFigure("peak_demand", "Peak demand", $0.value / 1000, "kW", 3) },
            peakImport.map { KeyFigure("peak_import", "Peak import", $0.value / 1000, "kW", 3) },
            lowestVoltage.map { KeyFigure("lowest_voltage", "Lowest voltage", $0.value, "pu", 5) },
            highestVoltage.map { KeyFigure("highest_voltage", "Highest voltage", $0.value, "pu", 5) },
        ]
        return (shares ?? []) + extremes.compactMap { $0 } + feederFigures
    }

    /// None in a balanced network.
    private var feederFigures: [KeyFigure] {
        guard let feeder else { return [] }
        let phases = zip(["a", "b", "c"], feeder.phases).flatMap { name, phase in
            [
                phase.lowest.map {
                    KeyFigure(
                        "lowest_voltage_\(name)", "Lowest voltage of phase \(name)", $0.value, "pu", 5)
                },
                phase.highest.map {
                    KeyFigure(
                        "highest_voltage_\(name)", "Highest voltage of phase \(name)", $0.value, "pu", 5)
                },
            ]
        }
        let others = [
            feeder.largestUnbalance.map {
                KeyFigure("largest_unbalance", "Largest voltage unbalance", 100 * $0.value, "%", 4)
            },
            feeder.largestNeutralCurrent.map {
                KeyFigure("largest_neutral_current", "Largest neutral current", $0.value, "A", 3)
            },
            feeder.controls.isEmpty
                ? nil
                : KeyFigure("control_moves", "Moves of taps and shunts", Double(feeder.moves), "1", 0),
        ]
        return (phases + others).compactMap { $0 }
    }

    /// None where no battery's ageing is estimated.
    private var ageingFigures: [KeyFigure] {
        let aged = scenario.devices.indices.compactMap { index in
            ageing[index].map { (battery: scenario.devices[index].battery!, ageing: $0) }
        }
        guard !aged.isEmpty else { return [] }
        let capacity = aged.reduce(0) { $0 + $1.battery.capacity.value }
        func mean(_ value: (BatteryAgeing) -> Double) -> Double {
            aged.reduce(0) { $0 + value($1.ageing) * $1.battery.capacity.value } / capacity
        }
        let costs = aged.compactMap { $0.battery.cost(of: $0.ageing) }
        return [
            KeyFigure("battery_cycles", "Full cycles of the batteries", mean(\.fullCycles), "1", 2),
            KeyFigure("battery_loss", "Battery capacity lost", 100 * mean(\.loss), "%", 4),
            KeyFigure("battery_loss_use", "Battery capacity lost by use", 100 * mean(\.useLoss), "%", 4),
        ]
            + (costs.isEmpty
                ? []
                : [
                    KeyFigure(
                        "battery_loss_cost", "Battery life used up", costs.reduce(0, +), "yuan", 2)
                ])
    }

    /// Cost of all starts of gensets, yuan.
    public var startCosts: Double { starts.reduce(0) { $0 + $1.cost } }

    private var moneyFigures: [KeyFigure] {
        [
            KeyFigure("bill", "Paid to the grid company, net", bill.yuan, "yuan", 2),
            KeyFigure("green_income", "Green power sold", greenIncome.yuan, "yuan", 2),
            KeyFigure("certificates", "Green certificates issued", Double(certificatesIssued), "1", 0),
            KeyFigure("fuel", "Diesel burnt", fuel.reduce(0, +), "L", 1),
            KeyFigure("starts", "Starts of gensets", Double(starts.reduce(0) { $0 + $1.count }), "1", 0),
            KeyFigure("start_costs", "Paid for starts", startCosts, "yuan", 2),
            KeyFigure("emissions_import", "CO₂ of imports", importEmissions, "kg", 1),
            KeyFigure("emissions_genset", "CO₂ of gensets", gensetEmissions, "kg", 1),
        ]
    }

    /// None in a run without events.
    private var resilienceFigures: [KeyFigure] {
        guard !scenario.events.isEmpty else { return [] }
        let causes = resilience.unserved.map {
            KeyFigure(
                "unserved_\($0.cause.rawValue.replacing("-", with: "_"))",
                "Demand not served: \($0.cause.rawValue)", $0.energy.kilowattHours, "kWh", 3)
        }
        func hours(_ name: String, _ title: String, _ value: Double) -> KeyFigure {
            KeyFigure("hours_\(name)", title, value, "h", 2)
        }
        let frequencies = [
            resilience.lowestFrequency.map {
                KeyFigure("lowest_frequency", "Lowest frequency of an island", $0.value, "Hz", 3)
            },
            resilience.highestFrequency.map {
                KeyFigure("highest_frequency", "Highest frequency of an island", $0.value, "Hz", 3)
            },
        ]
        let attacks = resilience.attacks
        let unnoticed = attacks.count { $0.noticed == nil }
        let attackFigures = [
            KeyFigure("attacks", "Attacks", Double(attacks.count), "1", 0),
            KeyFigure("attacks_unnoticed", "Attacks that no check noticed", Double(unnoticed), "1", 0),
        ]
        return causes + (attacks.isEmpty ? [] : attackFigures) + [
            hours("unserved", "Hours with demand not served", resilience.unservedHours),
            hours("islanded", "Hours with an island", resilience.islandedHours),
            hours("disconnected", "Hours without the external grid", resilience.disconnectedHours),
            KeyFigure("black_starts", "Black starts", Double(resilience.blackStarts), "1", 0),
        ] + frequencies.compactMap { $0 }
    }

    /// None where a controller plans.
    private var agreementFigures: [KeyFigure] {
        guard scenario.peers != nil, let share = gaps.share else { return [] }
        return [
            KeyFigure("dispatch_gap", "Plans of the agents above their lower bound", 100 * share, "%", 4),
            KeyFigure(
                "plan_imbalance", "Largest remainder of a plan of the agents",
                abs(gaps.imbalance.kilowatts), "kW", 3),
            KeyFigure(
                "plans_incomplete", "Plans in which an agent had no part", Double(gaps.incomplete), "1", 0),
        ]
    }

    private var conductFigures: [KeyFigure] {
        func count(_ name: String, _ title: String, _ value: Int) -> KeyFigure {
            KeyFigure(name, title, Double(value), "1", 0)
        }
        return [
            count("steps", "Steps", steps),
            count("alarms", "Alarms", alarms.reduce(0) { $0 + $1.count }),
            count("messages_sent", "Messages sent", messages.traffic.sent.messages),
            count("messages_lost", "Messages lost", messages.traffic.lost.messages),
            count("messages_dropped", "Messages dropped from full queues", messages.traffic.dropped.messages),
            KeyFigure(
                "messages_volume", "Volume of messages sent",
                Double(messages.traffic.sent.bytes) / 1e6, "MB", 3),
            count("setpoints_held", "Setpoints held over", messages.held),
            count("fallbacks", "Fallbacks of devices", messages.fallback),
            count("steps_diverged", "Steps diverged", checks.diverged),
            KeyFigure(
                "largest_residual", "Largest residual of a step", checks.largestResidual.kilowattHours, "kWh",
                9),
            KeyFigure(
                "total_residual", "Residuals of all steps", checks.totalResidual.kilowattHours, "kWh", 9),
            KeyFigure("ledger_imbalance", "Imbalance of the ledger", Double(ledgerImbalance), "1", 0),
        ]
    }
}
