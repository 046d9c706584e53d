public import Foundation
import Simulator
public import Studies

/// The rows of a study of communication, gathered by what was varied.
public struct CommunicationResults {
    let rows: [CommunicationStudy.Row]
    let foresight: [UInt64: Double]

    /// `foresight`: cost of perfect foresight by seed, yuan.
    public init(_ rows: [CommunicationStudy.Row], foresight: [UInt64: Double]) {
        self.rows = rows
        self.foresight = foresight
    }

    func parts(of row: CommunicationStudy.Row) -> CommunicationStudy.Parts? {
        foresight[row.point.seed].flatMap { CommunicationStudy.parts(of: row, among: rows, foresight: $0) }
    }

    /// The rows of one combination of coordinator, topology, link and loss, one a seed.
    struct Combination {
        let rows: [CommunicationStudy.Row]
        let parts: [CommunicationStudy.Parts]

        var point: CommunicationStudy.Point { rows[0].point }

        /// Mean over the seeds.
        func mean(_ value: (CommunicationStudy.Row) -> Double) -> Double { Self.mean(rows.map(value)) ?? 0 }

        /// Mean over the seeds that have the figure; nil where none has.
        func mean(_ value: (CommunicationStudy.Row) -> Double?) -> Double? {
            Self.mean(rows.compactMap(value))
        }

        /// Mean part of the cost; nil where the cost of perfect foresight is not known.
        func mean(_ part: (CommunicationStudy.Parts) -> Double) -> Double? { Self.mean(parts.map(part)) }

        /// Cost of communication as a share of the cost, percent.
        var share: Double? { mean(\.communication).map { 100 * $0 / max(abs(mean(\.cost)), 1e-9) } }

        private static func mean(_ values: [Double]) -> Double? {
            values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
        }
    }

    /// All combinations, in the order of the study.
    var combinations: [Combination] {
        var order: [CommunicationStudy.Point] = []
        var gathered: [CommunicationStudy.Point: [CommunicationStudy.Row]] = [:]
        for row in rows {
            let point = row.point
            let key = CommunicationStudy.Point(
                coordinator: point.coordinator, topology: point.topology, link: point.link,
                loss: point.loss, seed: 0)
            if gathered[key] == nil { order.append(key) }
            gathered[key, default: []].append(row)
        }
        return order.map { key in
            let rows = gathered[key]!
            return Combination(rows: rows, parts: rows.compactMap { parts(of: $0) })
        }
    }

    static func percent(_ loss: Double?) -> String {
        loss.map { String(format: "%g", 100 * $0) } ?? ""
    }
}

// The table that other programs read.
extension CommunicationResults {
    /// `communication.csv`: one line a simulation, UTF-8.
    public var csv: Data {
        let head = """
            coordinator,topology,link,loss_percent,seed,cost_yuan,foresight_yuan,information_yuan,\
            coordination_yuan,communication_yuan,regret_yuan,imported_kwh,exported_kwh,unserved_kwh,\
            unserved_hours,alarms,steps,steps_agreed,missed,agreement_p50_s,agreement_p99_s,\
            agreement_p50_ticks,agreement_p99_ticks,age_p50_s,age_p99_s,delivery_ratio,messages_sent,\
            messages_lost,messages_dropped,megabytes_sent,messages_per_device_day,kilobytes_per_device_day
            """
        return Data(([head] + rows.map(line)).map { $0 + "\n" }.joined().utf8)
    }

    private func line(_ row: CommunicationStudy.Row) -> String {
        let (parts, point, ticks) = (parts(of: row), row.point, row.ticks)
        func fixed(_ value: Double?, _ decimals: Int = 2) -> String {
            value.map { String(format: "%.\(decimals)f", $0) } ?? ""
        }
        let deviceDays = Double(row.devices) * row.days
        let cells: [String] = [
            point.coordinator.rawValue, point.topology.rawValue, point.link ?? "perfect",
            Self.percent(point.loss), "\(point.seed)",
            fixed(row.cost), fixed(parts?.foresight), fixed(parts?.information), fixed(parts?.coordination),
            fixed(parts?.communication), fixed(parts?.regret),
            fixed(row.imported), fixed(row.exported), fixed(row.unserved), fixed(row.unservedHours),
            "\(row.alarms)", "\(row.steps)", "\(row.agreed)", "\(row.missed)",
            fixed(row.seconds.median, 3), fixed(row.seconds.most, 3), fixed(ticks?.median, 1),
            fixed(ticks?.most, 1), fixed(row.age.median, 3), fixed(row.age.most, 3),
            fixed(row.deliveryRatio, 5), "\(row.sent)", "\(row.lost)", "\(row.dropped)",
            fixed(Double(row.bytes) / 1e6, 3), fixed(Double(row.sent) / deviceDays, 1),
            fixed(Double(row.bytes) / 1e3 / deviceDays, 2),
        ]
        return cells.joined(separator: ",")
    }
}

// The table for a terminal, and its part of the page.
extension CommunicationResults {
    /// Columns of the tables; a unit follows a bar.
    static let columns = [
        "plan", "topology", "link", "loss|%", "extra|yuan", "regret|yuan", "unserved|kWh", "agreed|%",
        "after p50|s", "p99|s", "age p50|s", "p99|s", "delivered|%", "messages|/device/day",
        "sent|kB/device/day",
    ]

    static func cells(_ combination: Combination) -> [String] {
        let point = combination.point
        func text(_ value: Double?, _ decimals: Int) -> String {
            value.map { Markup.number($0, decimals) } ?? "–"
        }
        func perDeviceDay(_ value: (CommunicationStudy.Row) -> Int) -> Double {
            combination.mean { Double(value($0)) / Double($0.devices) / $0.days }
        }
        return [
            point.coordinator.rawValue, point.topology.rawValue, point.link ?? "perfect",
            point.loss.map { percent($0) } ?? "–", text(combination.mean(\.communication), 2),
            text(combination.mean(\.regret), 2), text(combination.mean(\.unserved), 1),
            text(100 * combination.mean(\.agreedShare), 1), text(combination.mean(\.seconds.median), 2),
            text(combination.mean(\.seconds.most), 2), text(combination.mean(\.age.median), 1),
            text(combination.mean(\.age.most), 1),
            text(combination.mean(\.deliveryRatio).map { 100 * $0 }, 2),
            text(perDeviceDay(\.sent), 1), text(perDeviceDay(\.bytes) / 1e3, 1),
        ]
    }

    /// One line a combination, as means over the seeds.
    public var text: String {
        let heads = Self.columns.map { $0.split(separator: "|").map(String.init) }
        let lines = [heads.map { $0[0] }, heads.map { $0.count > 1 ? $0[1] : "" }]
        return TextColumns.aligned(lines + combinations.map(Self.cells), left: 3).joined(separator: "\n")
    }
}
