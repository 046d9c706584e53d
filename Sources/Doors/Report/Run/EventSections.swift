import Devices
import Events
import Grid
import Islanding
import Results
import Scheduling
import Simulator
import Timeline

extension Sections {
    /// Empty for a run without events.
    var events: String {
        guard !scenario.events.isEmpty else { return "" }
        let resilience = summary.resilience
        let frequency =
            resilience.lowestFrequency.map {
                " Frequencies are those after primary response, before the secondary response brings them back "
                    + "to \(Markup.number(scenario.islanding.frequency)) Hz; lowest "
                    + "\(Markup.number($0.value, 2)) Hz, \(local($0.at))."
            } ?? ""
        return "\n"
            + Self.section(
                "events", "Events and islands",
                "\(Markup.number(resilience.disconnectedHours, 2)) h without the external grid, "
                    + "\(Markup.number(resilience.islandedHours, 2)) h with an island, "
                    + "\(Markup.number(resilience.unservedHours, 2)) h with demand not served, "
                    + "\(Markup.number(resilience.blackStarts)) black starts.\(frequency)",
                "<div class=\"pair\">\(causeTable)\(formerTable)</div>" + attackTable + storyTable)
    }

    private var attackTable: String {
        let rows = summary.resilience.attacks.map { outcome in
            [
                Markup.Cell.text(scenario.devices[outcome.device.index].name),
                .text(outcome.attack.name), .text(outcome.attack.size(step: scenario.horizon.step)),
                .text(local(outcome.begin)), .text(outcome.noticed.map { local($0) } ?? "never"),
            ]
        }
        guard !rows.isEmpty else { return "" }
        return "<h3>Attacks</h3>" + Markup.table(["Device", "Attack", "Size", "Begin", "Noticed"], rows)
    }

    private var causeTable: String {
        let rows = summary.resilience.unserved.map {
            [Markup.Cell.text($0.cause.rawValue), .figure($0.energy.kilowattHours, 1)]
        }
        guard !rows.isEmpty else { return "<p>All demand was served.</p>" }
        return Markup.table(["Cause", "Not served|kWh"], rows)
    }

    private var formerTable: String {
        let rows = summary.resilience.formingHours.map {
            [Markup.Cell.text(scenario.devices[$0.device.index].name), .figure($0.hours, 2)]
        }
        guard !rows.isEmpty else { return "<p>There was no island.</p>" }
        return Markup.table(["Held an island", "Time|h"], rows)
    }

    private var storyTable: String {
        let rows = summary.resilience.story.map { chapter in
            [
                Markup.Cell.text(local(chapter.at)), .text(chapter.statements.joined(separator: "; ")),
                chapter.frequency.map { .figure($0, 2) } ?? .none, .figure(chapter.demand.kilowatts),
                .figure(chapter.unserved.kilowatts),
            ]
        }
        return "<h3>Step by step</h3>"
            + Markup.table(["Time", "What changes", "Frequency|Hz", "Demand|kW", "Not served|kW"], rows)
    }
}
