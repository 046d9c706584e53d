import Grid
import Lanes
import PowerFlow

/// Some steps of a study: what the base injects in them, solved.
struct StepBatch: Sendable {
    /// Of the study, in order.
    let steps: [Int]
    let base: SolvedSteps

    init(_ steps: [Int], of study: HostingCapacity, _ flow: TimeSeriesPowerFlow) {
        self.steps = steps
        var injections = InjectionSeries(buses: study.injections.buses, steps: steps.count)
        for (index, step) in steps.enumerated() {
            for bus in 0..<injections.buses {
                injections.active[bus, index] = study.injections.active[bus, step]
                injections.reactive[bus, index] = study.injections.reactive[bus, step]
            }
        }
        base = SolvedSteps(injections: injections, voltages: flow.solve(injections))
    }
}

/// What all searches of one study share: its limits, and every step with sun as it is without more.
struct HostingYear: Sendable {
    /// Steps of a batch: few enough for the nearest caches.
    private static let batchSize = 1024
    private static let tolerance = 1e-8

    let study: HostingCapacity
    let limits: HostingLimits
    let batches: [StepBatch]
    let brokenSteps: Int
    let unsolvedSteps: Int

    init(_ study: HostingCapacity, workers: Int) {
        self.study = study
        let limits = HostingLimits(study.network, exportLimit: study.exportLimit)
        self.limits = limits
        let flow = TimeSeriesPowerFlow(network: study.network, tolerance: Self.tolerance, workers: workers)
        let sunny = study.sunshine.indices.filter { study.sunshine[$0] > 0 }
        var batches: [StepBatch] = []
        var broken = 0
        for first in stride(from: 0, to: sunny.count, by: Self.batchSize) {
            var batch = StepBatch(
                Array(sunny[first..<min(sunny.count, first + Self.batchSize)]), of: study, flow)
            let status = batch.base.voltages.status
            let solved = batch.steps.indices.filter { status[$0].isSolved }.map { batch.steps[$0] }
            if solved.count < batch.steps.count { batch = StepBatch(solved, of: study, flow) }
            broken += Set(limits.breaches(of: batch.base, beyond: nil).map(\.step)).count
            batches.append(batch)
        }
        self.batches = batches
        brokenSteps = broken
        unsolvedSteps = sunny.count - batches.reduce(0) { $0 + $1.steps.count }
    }

    func makeFlow() -> TimeSeriesPowerFlow {
        TimeSeriesPowerFlow(network: study.network, tolerance: Self.tolerance)
    }
}

/// Finds what one place, or several in fixed proportion, can take; one a worker.
final class HostingSearch {
    /// Where additional solar stands, and its part of the rating.
    struct Plant {
        let bus: Int
        let part: Double
    }

    /// Critical steps at the start, and those added in a round.
    private static let handful = 64

    private let year: HostingYear
    private let flow: TimeSeriesPowerFlow
    private let brightest: [Int]

    init(_ year: HostingYear) {
        self.year = year
        flow = year.makeFlow()
        let sunshine = year.study.sunshine
        brightest = Array(
            year.batches.flatMap(\.steps).sorted { (-sunshine[$0], $0) < (-sunshine[$1], $1) }
                .prefix(Self.handful))
    }

    /// A rating in units of the resolution that breaks a limit, and how: nil above the ceiling.
    private typealias Bound = (units: Int, breach: StepBreach?)
    private typealias StepBreach = (limit: HostingCapacity.Limit, step: Int, part: Double)

    func find(_ plants: [Plant]) -> HostingCapacity.Finding {
        let study = year.study
        var critical = brightest
        var bound: Bound = (Int(study.ceiling / study.resolution) + 1, nil)
        while true {
            let batch = StepBatch(critical, of: study, flow)
            let units = largest(plants, batch, below: &bound)
            let breaches = units == 0 ? [] : year.batches.flatMap { self.breaches(plants, units, $0) }
            guard let worst = Self.worst(breaches) else {
                return HostingCapacity.Finding(
                    rating: study.resolution * Double(units), binding: bound.breach?.limit,
                    step: bound.breach?.step)
            }
            bound = (units, worst)
            critical = Self.extended(critical, by: breaches)
        }
    }

    /// The most units that break nothing in `batch`: doubled until something breaks, then halved.
    private func largest(_ plants: [Plant], _ batch: StepBatch, below bound: inout Bound) -> Int {
        var (good, stride) = (0, 1)
        while bound.units - good > 1 {
            let units = min(good + stride, (good + bound.units) / 2)
            if let worst = Self.worst(breaches(plants, units, batch)) {
                bound = (units, worst)
            } else {
                good = units
                stride *= 2
            }
        }
        return good
    }

    private func breaches(_ plants: [Plant], _ units: Int, _ batch: StepBatch) -> [StepBreach] {
        let rating = Double(units) * year.study.resolution.value
        var injections = batch.base.injections
        for plant in plants {
            for (index, step) in batch.steps.enumerated() {
                let given = rating * plant.part * year.study.sunshine[step]
                injections.active[plant.bus, index] += given
                injections.reactive[plant.bus, index] += given * year.study.reactiveRatio
            }
        }
        let solved = SolvedSteps(injections: injections, voltages: flow.solve(injections))
        return year.limits.breaches(of: solved, beyond: batch.base).map {
            ($0.limit, batch.steps[$0.step], $0.part)
        }
    }

    private static func worst(_ breaches: [StepBreach]) -> StepBreach? {
        breaches.min { ($0.part, $0.step) < ($1.part, $1.step) }
    }

    /// With the steps that break a limit soonest.
    private static func extended(_ steps: [Int], by breaches: [StepBreach]) -> [Int] {
        var known = Set(steps)
        let added = breaches.sorted { ($0.part, $0.step) < ($1.part, $1.step) }
            .filter { known.insert($0.step).inserted }.prefix(handful)
        return (steps + added.map(\.step)).sorted()
    }
}
