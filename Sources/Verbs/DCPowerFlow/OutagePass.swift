import Grid
import Lanes
import LinearAlgebra

/// One worker's pass over outages: the flows before, what is watched, and eight solutions at a time. What
/// workers share is never written.
final class OutagePass: @unchecked Sendable {
    /// Lines by the position of their `from` end, so that what a bridge feeds is a run of them.
    let lines: [Int]
    private let bridges: Bridges
    private let model: LinearModel
    private let lanes: SparseLU.LaneSolver
    private let watched: WatchedLines
    private let watchedOfLine: [Int?]
    /// By line, p.u.
    private let flows: [Double]
    /// By position: the demand of the buses before it, W.
    private let demandBefore: [Double]
    private(set) var found: [ScreenedOutage] = []

    /// Nil where a power is not finite.
    init?(_ solver: DCPowerFlowSolver, _ injections: Injections, from before: OperatingPoint?) {
        let model = solver.model
        let injected = solver.injected(injections)
        let flows =
            before.flatMap { model.flows(at: $0) } ?? solver.flows(solver.angles(solver.given(injected)))
        let reactive = before.flatMap { model.reactive(at: $0) }
        let demandBefore = model.live.buses.reduce(into: [0]) {
            $0.append($0.last! + injections.demand(at: $1).value)
        }
        let demand = demandBefore[demandBefore.count - 1]
        guard demand.isFinite, (injected + flows).allSatisfy(\.isFinite) else { return nil }
        let lanes = SparseLU.LaneSolver(model.factors)
        let positions = model.lines.map { model.live.positions[$0.from] ?? 0 }
        lines = model.lines.indices.sorted { (positions[$0], $0) < (positions[$1], $1) }
        var watched: [WatchedLines.Line] = []
        var watchedOfLine = [Int?](repeating: nil, count: model.lines.count)
        for index in lines {
            let line = model.lines[index]
            guard let limit = solver.limits[line.branch] else { continue }
            watchedOfLine[index] = watched.count
            watched.append(
                WatchedLines.Line(
                    from: Int32(solver.place(line.from, in: lanes)),
                    to: Int32(solver.place(line.to, in: lanes)), position: positions[index],
                    line: index, flow: flows[index] / limit, susceptance: line.susceptance / limit,
                    reactive: reactive.map { $0[index] * $0[index] / (limit * limit) } ?? 0))
        }
        self.model = model
        self.lanes = lanes
        self.flows = flows
        self.watched = WatchedLines(watched)
        self.watchedOfLine = watchedOfLine
        bridges = Bridges(model.live, of: model.network)
        self.demandBefore = demandBefore
    }

    func isBridge(_ line: Int) -> Bool { bridges.run(below: model.lines[line].branch) != nil }

    /// Another worker for the same pass.
    init(beside other: OutagePass) {
        lines = other.lines
        bridges = other.bridges
        model = other.model
        lanes = SparseLU.LaneSolver(other.model.factors)
        watched = other.watched
        watchedOfLine = other.watchedOfLine
        flows = other.flows
        demandBefore = other.demandBefore
    }

    /// Finds by `look` the effect of every `crew`-th eight of `outages`, from the `member`-th on.
    func screen(
        _ outages: [Int], _ member: Int, of crew: Int, _ look: (ArraySlice<Int>) -> [ScreenedOutage]
    ) {
        for first in stride(from: 8 * member, to: outages.count, by: 8 * crew) {
            lanes.clear()
            found += look(outages[first..<min(first + 8, outages.count)])
        }
    }

    /// Lines that have a way around.
    func detours(of batch: ArraySlice<Int>) -> [ScreenedOutage] {
        let out = batch.map { model.lines[$0] }
        for (lane, line) in out.enumerated() { transfer(1, from: line.from, to: line.to, lane) }
        lanes.solve()
        var outages: [ScreenedOutage] = []
        var scale = Lanes.zero
        for (lane, index) in batch.enumerated() {
            let line = out[lane]
            let detour = 1 - line.susceptance * (angle(line.from, lane) - angle(line.to, lane))
            let isSolved = detour.magnitude > DCPowerFlowSolver.leastDetour
            if isSolved { scale[lane] = flows[index] / detour }
            outages.append(
                ScreenedOutage(
                    index: line.branch, lost: carried(by: index), status: isSolved ? status : .diverged))
        }
        return conclude(outages, weigh(scale, without: batch.map { watchedOfLine[$0] }))
    }

    /// Every watched line, but in each lane the one that is out there.
    private func weigh(_ scale: Lanes, without out: [Int?]) -> WatchedLines.Findings {
        var findings = WatchedLines.Findings()
        var next = 0
        for own in out.compactMap({ $0 }).sorted() {
            watched.weigh(next..<own, lanes.solution, scale: scale, into: &findings)
            for lane in out.indices where out[lane] != own {
                watched.weigh(own, lane: lane, lanes.solution, scale: scale[lane], into: &findings)
            }
            next = own + 1
        }
        watched.weigh(next..<watched.lines.count, lanes.solution, scale: scale, into: &findings)
        return findings
    }

    /// Bridges, and what they feed.
    func cuts(of batch: ArraySlice<Int>) -> [ScreenedOutage] {
        let live = model.live
        let runs = batch.map { bridges.run(below: model.lines[$0].branch) ?? 0..<0 }
        let uppers = runs.map { live.buses[live.parents[$0.lowerBound]] }
        for (lane, bus) in uppers.enumerated() { give(1, to: bus, lane) }
        lanes.solve()
        var findings = WatchedLines.Findings()
        var outages: [ScreenedOutage] = []
        for (lane, index) in batch.enumerated() {
            let (line, run) = (model.lines[index], runs[lane])
            let down = line.from == uppers[lane] ? flows[index] : -flows[index]
            let (first, end) = (watched.first(from: run.lowerBound), watched.first(from: run.upperBound))
            for kept in [0..<first, end..<watched.lines.count] {
                for other in kept where other != watchedOfLine[index] {
                    watched.weigh(other, lane: lane, lanes.solution, scale: down, into: &findings)
                }
            }
            var outage = ScreenedOutage(index: line.branch, lost: carried(by: index), status: .islanded)
            let demand = demandBefore[run.upperBound] - demandBefore[run.lowerBound]
            outage.unserved = Power(demand)
            outages.append(outage)
        }
        return conclude(outages, findings)
    }

    /// Generators, as indices of `generators`.
    func losses(
        of batch: ArraySlice<Int>, among generators: [NetworkCase.Generator], _ sharing: Sharing
    ) -> [ScreenedOutage] {
        for (lane, index) in batch.enumerated() {
            let power = generators[index].active.value / model.network.basePower
            give(-power, to: generators[index].bus, lane)
            for share in sharing.shares(without: index, of: generators) {
                give(power * share.part, to: share.bus, lane)
            }
        }
        lanes.solve()
        let findings = weigh(Lanes(repeating: 1), without: [])
        let outages = batch.map { index in
            let power = generators[index].active.value.magnitude
            return ScreenedOutage(index: index, lost: Power(power), status: status)
        }
        return conclude(outages, findings)
    }

    private var status: OperatingPoint.Status { model.live.isWhole ? .converged : .islanded }

    private func carried(by line: Int) -> Power {
        Power(flows[line].magnitude * model.network.basePower)
    }

    private func give(_ power: Double, to bus: Int, _ lane: Int) {
        if let row = model.unknowns[bus] { lanes.add(power, toEquation: row, lane: lane) }
    }

    private func transfer(_ power: Double, from: Int, to: Int, _ lane: Int) {
        give(power, to: from, lane)
        give(-power, to: to, lane)
    }

    private func angle(_ bus: Int, _ lane: Int) -> Double {
        model.unknowns[bus].map { lanes.solution[lanes.place(ofUnknown: $0)][lane] } ?? 0
    }

    private func conclude(_ outages: [ScreenedOutage], _ findings: WatchedLines.Findings) -> [ScreenedOutage]
    {
        outages.enumerated().map { lane, outage in
            guard outage.status.isSolved, findings.place[lane] >= 0 else { return outage }
            var outage = outage
            guard findings.loading[lane].isFinite else {
                outage.status = .diverged
                return outage
            }
            outage.loading = findings.loading[lane].squareRoot()
            outage.mostLoaded = model.lines[watched.lines[Int(findings.place[lane])].line].branch
            outage.overloads = Int(findings.overloads[lane])
            return outage
        }
    }
}
