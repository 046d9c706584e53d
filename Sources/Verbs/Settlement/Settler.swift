// Settlement turns readings into bills in two stages. Within a month every reading only adds to whole-Wh
// totals by owner, direction and time-of-use segment. At the end of the month the totals become settlement
// lines (`MonthEnd.swift`), each with one rounding, and the ledger posts the lines.

public import Market
public import Timeline

/// Settles a microgrid month by month from its meters. A value: a copy is a checkpoint.
///
/// ```swift
/// let utc8 = TimeZoneTable(name: "Asia/Shanghai", initialOffset: 8 * 3600, transitions: [])
/// let (grid, mill) = (Participant("grid"), Participant("mill"))
/// var settler = Settler(
///     Terms(
///         rules: .guizhouSample2026, zone: utc8, gridCompany: grid,
///         microgridOperator: Participant("operator"),
///         meteringPoints: [
///             MeteringPoint(name: "connection", owner: grid), MeteringPoint(name: "mill", owner: mill),
///         ],
///         feedIn: Price(microyuanPerKilowattHour: 230_000)))
/// let begin = CivilTime(date: CivilDate(year: 2026, month: 2, day: 1)!, secondOfDay: 0)
/// let (import10, use10) = (
///     Reading(given: WattHours(kilowattHours: 10), taken: .zero),
///     Reading(given: .zero, taken: WattHours(kilowattHours: 10))
/// )
/// for hour in Horizon(start: begin.instant(offset: 8 * 3600), step: 3600, count: 28 * 24) {
///     guard let month = settler.add([import10, use10], losses: .zero, over: hour) else { continue }
///     for statement in month.statements { print(statement.participant.name, statement.net) }
/// }
/// ```
public struct Settler: Sendable {
    /// Agreements by which it settles.
    public let terms: Terms
    /// Ledger of all settled months.
    public private(set) var ledger = Ledger()
    /// Register of the certificates.
    public internal(set) var register = CertificateRegister()

    let participants: [Participant]
    private let ownerIndex: [Int]
    /// Terms of each grid connection that is billed by itself: those of the terms, then the rest.
    let connections: [Terms.Connection]
    /// Connection of each metering point of the grid company.
    private let connectionOfPoint: [Int?]
    /// Begin of the first step.
    private var start: Instant?
    var month: MonthTotals?
    /// Energy that the lines have billed since the start.
    /// Import by connection and segment; export by connection.
    var imported: [[BilledRegister]]
    var exported: [BilledRegister]
    var onGrid: [BilledRegister]
    var consumption: [[BilledRegister]]
    var sellerDeviation: [BilledRegister]
    var buyerDeviation: [BilledRegister]
    /// On-grid energy of green plants not yet certified, by owner.
    var uncertified: [WattHours]
    /// Energy that each contract carries to the next month.
    var carries: [ExactEnergy]

    /// Creates the settlement of `terms`, with an empty ledger. `terms.defects` must be empty.
    public init(_ terms: Terms) {
        precondition(terms.defects.isEmpty)
        let participants = terms.participants
        self.terms = terms
        self.participants = participants
        ownerIndex = terms.meteringPoints.map { participants.firstIndex(of: $0.owner)! }
        let rest = terms.meteringPoints.indices.first { point in
            terms.meteringPoints[point].owner == terms.gridCompany
                && !terms.connections.contains { $0.meteringPoint == point }
        }
        connections = terms.connections + (rest.map { [terms.connection(at: $0)] } ?? [])
        connectionOfPoint = terms.meteringPoints.enumerated().map { [connections] point, meter in
            guard meter.owner == terms.gridCompany else { return nil }
            return terms.connections.firstIndex { $0.meteringPoint == point } ?? connections.count - 1
        }
        let bySegment = Array(repeating: BilledRegister(), count: TimeOfUse.allCases.count)
        imported = connections.map { _ in bySegment }
        exported = connections.map { _ in BilledRegister() }
        onGrid = Array(repeating: BilledRegister(), count: participants.count)
        consumption = Array(repeating: bySegment, count: participants.count)
        sellerDeviation = Array(repeating: BilledRegister(), count: terms.contracts.count)
        buyerDeviation = sellerDeviation
        uncertified = Array(repeating: .zero, count: participants.count)
        carries = Array(repeating: .zero, count: terms.contracts.count)
    }

    /// Adds the meter readings of one step; returns the settlement of the month when the step is its last.
    ///
    /// Steps follow one another without a gap. Each belongs wholly to the month and the time-of-use segment
    /// in which it begins.
    ///
    /// - Parameters:
    ///   - readings: one of each metering point, in their order.
    ///   - losses: network losses of the step, as the power flow computed them.
    ///   - interval: the step.
    public mutating func add(
        _ readings: [Reading], losses: WattHours, over interval: Interval
    ) -> MonthlySettlement? {
        precondition(readings.count == ownerIndex.count && interval.seconds > 0)
        precondition(month.map { $0.end == interval.start } ?? true, "a gap between two steps")
        let begin = terms.zone.civil(interval.start)
        start = start ?? interval.start
        var totals =
            month
            ?? MonthTotals(
                period: CivilMonth(of: begin.date), start: interval.start, participants: participants.count,
                connections: connections.count)
        // Taken out of `self` while it grows, so that its arrays are not copied.
        if start == interval.start {
            totals.demand = connections.map { DemandRegister(soFar: $0.peakSoFar) }
        }
        month = nil
        let retailSegment = terms.retail.segment(at: begin).index
        var importing = Array(repeating: WattHours.zero, count: connections.count)
        for (point, reading) in readings.enumerated() {
            let owner = ownerIndex[point]
            totals.given[owner] += reading.given
            if let connection = connectionOfPoint[point] {
                importing[connection] += reading.given
                totals.exported[connection] += reading.taken
            } else {
                totals.consumption[owner][retailSegment] += reading.taken
                if terms.meteringPoints[point].isGreenPlant { totals.green[owner] += reading.given }
            }
        }
        for (place, connection) in connections.enumerated() {
            totals.imported[place][connection.purchase.segment(at: begin).index] += importing[place]
            totals.demand[place].add(
                importing[place], over: interval, at: begin, mean: connection.purchase.demand?.interval)
        }
        totals.losses += losses
        totals.end = interval.end
        month = totals
        let next = CivilMonth(of: terms.zone.civil(interval.end).date)
        return next == totals.period ? nil : close()
    }

    /// Settles the steps of the month under way; nil when there are none.
    public mutating func close() -> MonthlySettlement? {
        guard let totals = month else { return nil }
        month = nil
        let part = terms.billedPart(of: totals.period, from: start ?? totals.start, to: totals.end)
        let (entries, outcomes, reconciliation) = settle(totals, part)
        for entry in entries {
            let posting = ledger.post(entry)
            precondition(posting == .posted, "a month was settled twice")
        }
        let statements = participants.map {
            Statement(participant: $0, period: totals.period, entries: entries)
        }
        precondition(statements.reduce(0) { $0 + $1.net.fen } == 0, "money was made or lost")
        precondition(Asset.allCases.allSatisfy { ledger.sum(of: $0) == 0 })
        return MonthlySettlement(
            period: totals.period, start: totals.start, end: totals.end, part: part, entries: entries,
            outcomes: outcomes,
            reconciliation: reconciliation,
            statements: statements, ledger: ledger)
    }
}

/// Totals of one month in whole Wh.
struct MonthTotals: Hashable, Sendable {
    let period: CivilMonth
    let start: Instant
    var end: Instant
    /// Energy by owner: delivered, and delivered by green plants.
    var given: [WattHours]
    var green: [WattHours]
    /// Consumption by owner, then by retail segment.
    var consumption: [[WattHours]]
    /// Import by connection, then by purchase segment; export by connection.
    var imported: [[WattHours]]
    var exported: [WattHours]
    var losses = WattHours.zero
    /// By connection.
    var demand: [DemandRegister]

    init(period: CivilMonth, start: Instant, participants: Int, connections: Int) {
        self.period = period
        self.start = start
        end = start
        given = Array(repeating: .zero, count: participants)
        green = given
        let bySegment = Array(repeating: WattHours.zero, count: TimeOfUse.allCases.count)
        consumption = Array(repeating: bySegment, count: participants)
        imported = Array(repeating: bySegment, count: connections)
        exported = Array(repeating: .zero, count: connections)
        demand = Array(repeating: DemandRegister(), count: connections)
    }
}
