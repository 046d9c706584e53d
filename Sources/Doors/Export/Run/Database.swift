import Devices
import Foundation
import GRDB
import Grid
import Market
import Results
import Settlement
import Simulator
import Timeline

/// `results.sqlite`: the run's figures, energies, lines and balances as tables to be queried. The same run
/// gives the same bytes: rows come in a fixed order, nothing tells the time, and VACUUM lays the pages out
/// anew.
enum Database {
    static func write(_ summary: Summary, to path: String) throws(ExportError) {
        do {
            var configuration = Configuration()
            configuration.prepareDatabase { try $0.execute(sql: "PRAGMA page_size = 4096") }
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.write { database in
                try database.execute(sql: schema)
                try figures(summary, in: database)
                try energy(summary, in: database)
                try books(summary, in: database)
                try alarms(summary, in: database)
                try forecasts(summary, in: database)
            }
            try queue.vacuum()
            try queue.close()
        } catch {
            throw ExportError("cannot write results.sqlite: \(error)")
        }
    }

    private static let schema = """
        CREATE TABLE key_figure (
            name TEXT PRIMARY KEY, title TEXT NOT NULL, value REAL NOT NULL, unit TEXT NOT NULL) STRICT;
        CREATE TABLE monthly_energy (
            month TEXT NOT NULL, device TEXT NOT NULL, kind TEXT NOT NULL, given_kwh REAL NOT NULL,
            taken_kwh REAL NOT NULL, curtailed_kwh REAL NOT NULL, unserved_kwh REAL NOT NULL,
            PRIMARY KEY (month, device)) STRICT;
        CREATE TABLE monthly_losses (month TEXT PRIMARY KEY, losses_kwh REAL NOT NULL) STRICT;
        CREATE TABLE entry (
            number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, month TEXT NOT NULL, clause TEXT NOT NULL,
            payer TEXT NOT NULL, payee TEXT NOT NULL, asset TEXT NOT NULL, quantity INTEGER NOT NULL,
            energy_wh INTEGER, price_microyuan_per_kwh INTEGER, segment TEXT, contract TEXT,
            connection TEXT) STRICT;
        CREATE TABLE balance (
            account TEXT NOT NULL, asset TEXT NOT NULL, quantity INTEGER NOT NULL,
            PRIMARY KEY (account, asset)) STRICT;
        CREATE TABLE billed_month (
            month TEXT PRIMARY KEY, days REAL NOT NULL, of_days INTEGER NOT NULL) STRICT;
        CREATE TABLE statement (
            participant TEXT NOT NULL, month TEXT NOT NULL, received_fen INTEGER NOT NULL,
            paid_fen INTEGER NOT NULL, certificates INTEGER NOT NULL,
            PRIMARY KEY (participant, month)) STRICT;
        CREATE VIEW statement_line AS
            SELECT payee AS participant, month, clause, payer AS other, asset, quantity, energy_wh,
                price_microyuan_per_kwh, segment, contract, number FROM entry WHERE payee <> 'registry'
            UNION ALL
            SELECT payer, month, clause, payee, asset, -quantity, energy_wh,
                price_microyuan_per_kwh, segment, contract, number FROM entry WHERE payer <> 'registry';
        CREATE TABLE alarm (
            kind TEXT NOT NULL, place TEXT NOT NULL, count INTEGER NOT NULL, first TEXT NOT NULL,
            last TEXT NOT NULL, worst REAL NOT NULL, value_limit REAL NOT NULL, unit TEXT NOT NULL) STRICT;
        CREATE TABLE forecast (
            quantity TEXT NOT NULL, lead_h INTEGER NOT NULL, samples INTEGER NOT NULL, mean_kw REAL NOT NULL,
            bias_kw REAL NOT NULL, mae_kw REAL NOT NULL, rmse_kw REAL NOT NULL, nrmse REAL,
            yesterday_rmse_kw REAL NOT NULL, skill REAL, PRIMARY KEY (quantity, lead_h)) STRICT;
        """

    private static func forecasts(_ summary: Summary, in database: GRDB.Database) throws {
        for score in summary.forecasts.scores {
            try database.execute(
                sql: "INSERT INTO forecast VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                arguments: [
                    score.quantity.rawValue, score.leadHours, score.samples, score.mean.kilowatts,
                    score.bias.kilowatts, score.meanAbsoluteError.kilowatts, score.rootMeanSquare.kilowatts,
                    score.normalised, score.yesterday.kilowatts, score.skill,
                ])
        }
    }

    private static func figures(_ summary: Summary, in database: GRDB.Database) throws {
        for figure in summary.keyFigures {
            try database.execute(
                sql: "INSERT INTO key_figure VALUES (?, ?, ?, ?)",
                arguments: [figure.name, figure.title, figure.value, figure.unit])
        }
    }

    private static func energy(_ summary: Summary, in database: GRDB.Database) throws {
        for (index, month) in summary.months.enumerated() {
            for (device, tally) in zip(summary.scenario.devices, summary.tallies[index]) {
                try database.execute(
                    sql: "INSERT INTO monthly_energy VALUES (?, ?, ?, ?, ?, ?, ?)",
                    arguments: [
                        month.description, device.name, device.deviceKind.rawValue, tally.given.kilowattHours,
                        tally.taken.kilowattHours, tally.curtailed.kilowattHours,
                        tally.unserved.kilowattHours,
                    ])
            }
            try database.execute(
                sql: "INSERT INTO monthly_losses VALUES (?, ?)",
                arguments: [month.description, summary.losses[index].kilowattHours])
        }
    }

    private static func books(_ summary: Summary, in database: GRDB.Database) throws {
        for (number, entry) in summary.ledger.entries.enumerated() {
            var price: Int64?
            if case .energy(_, let at) = entry.basis { price = at.microyuanPerKilowattHour }
            try database.execute(
                sql: "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                arguments: [
                    number + 1, entry.id, entry.period.description, entry.clause.rawValue, entry.payer.name,
                    entry.payee.name, entry.asset.rawValue, entry.quantity, entry.energy?.count, price,
                    entry.segment?.rawValue, entry.contract, entry.connection,
                ])
        }
        for balance in summary.balances {
            try database.execute(
                sql: "INSERT INTO balance VALUES (?, ?, ?)",
                arguments: [balance.account.name, balance.asset.rawValue, balance.quantity])
        }
        for month in summary.settlements {
            try database.execute(
                sql: "INSERT INTO billed_month VALUES (?, ?, ?)",
                arguments: [month.period.description, month.part.days, month.part.daysOfMonth])
        }
        for statement in summary.statements {
            try database.execute(
                sql: "INSERT INTO statement VALUES (?, ?, ?, ?, ?)",
                arguments: [
                    statement.participant.name, statement.period.description, statement.received.fen,
                    statement.paid.fen, statement.certificates,
                ])
        }
    }

    private static func alarms(_ summary: Summary, in database: GRDB.Database) throws {
        let zone = summary.scenario.zone
        for alarm in summary.alarms {
            try database.execute(
                sql: "INSERT INTO alarm VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                arguments: [
                    alarm.kind, alarm.place, alarm.count, zone.iso8601(alarm.first),
                    zone.iso8601(alarm.last), alarm.worst, alarm.limit, alarm.unit,
                ])
        }
    }
}
