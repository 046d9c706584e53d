import Grid
import Results
import Simulator

extension Sections {
    /// Voltages by phase, unbalance and controls of a feeder; empty for a balanced network.
    var phases: String {
        guard let feeder = summary.feeder, let own = scenario.feeder else { return "" }
        let buses = scenario.network.buses
        func place(_ extreme: Extreme?) -> [Markup.Cell] {
            guard let extreme else { return [.none, .none, .none] }
            return [
                .figure(extreme.value, 4), .text(extreme.bus.map { buses[$0].name } ?? ""),
                .text(local(extreme.at)),
            ]
        }
        let rows = zip(["a", "b", "c"], feeder.phases).map { name, phase in
            [Markup.Cell.text(name)] + place(phase.lowest) + place(phase.highest)
        }
        let table = Markup.table(
            ["Phase", "Lowest|pu", "At bus", "At", "Highest|pu", "At bus", "At"], rows)
        let limit = Markup.number(100 * own.unbalanceLimit, 1)
        let unbalance =
            feeder.largestUnbalance.map {
                "<p>Unbalance (negative- over positive-sequence voltage) is at most "
                    + "\(Markup.number(100 * $0.value, 2)) %, at bus "
                    + "\(Markup.escaped(buses[$0.bus ?? 0].name)), \(local($0.at)); allowed is \(limit) %.</p>"
            } ?? ""
        let neutral =
            feeder.largestNeutralCurrent.map {
                "<p>The neutral carries at most \(Markup.number($0.value, 1)) A, in line "
                    + "\(Markup.escaped(feeder.neutralLine)), \(local($0.at)).</p>"
            } ?? ""
        return "<h3>Phases</h3>" + table
            + Self.series("phase-voltage", "Lowest and highest voltage of each phase") + unbalance
            + Self.series("unbalance", "Largest unbalance of all buses of three phases") + neutral + controls
    }

    private var controls: String {
        guard let feeder = summary.feeder, !feeder.controls.isEmpty else { return "" }
        let rows = feeder.controls.map { control in
            [
                Markup.Cell.text(control.name), .text(control.isTap ? "tap" : "shunt"),
                .figure(Double(control.range.lowerBound)), .figure(Double(control.range.upperBound)),
                .figure(Double(control.last)), .figure(Double(control.moves)),
            ]
        }
        return "<h3>Taps and switched shunts</h3>"
            + Markup.table(["Control", "Kind", "Lowest", "Highest", "At the end", "Steps moved"], rows)
    }
}
