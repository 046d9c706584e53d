// All single outages in one pass over the factors, eight at a time, by the factors of TransferFactors.swift.
// A branch that has a detour goes out with P = F / (1 − h) transferred between its ends. A bridge takes all
// that it feeds with it: its upper end then gives to the rest what had flowed down, which is a transfer to
// the sources, and of what lay below nothing is left. A generator's power is transferred to it from those
// that share the remainder.

public import Grid
import Lanes

extension DCPowerFlowSolver {
    /// The effect of opening each closed, energised branch alone, in the order of branches; the same at any
    /// number of workers. Empty where a power is not finite.
    ///
    /// The changes are added to the flows of `before` where that is a solution, such as an AC power flow's of
    /// the same network, which knows the losses and the reactive power that loads a branch as well; else to
    /// those of the linear model, which knows active power alone.
    public func screenBranchOutages(
        _ injections: Injections, from before: OperatingPoint? = nil, workers: Int = 1
    ) -> [ScreenedOutage] {
        screen(injections, before, workers) { pass, member, count in
            let others = pass.lines.filter { !pass.isBridge($0) }
            pass.screen(others, member, of: count, pass.detours)
            pass.screen(pass.lines.filter(pass.isBridge), member, of: count, pass.cuts)
        }
    }

    /// The effect of losing each connected generator alone, in their order. What is missing is shared among
    /// the sources and regulators still connected to it by their participation, whatever their limits.
    /// Generators at a source are left out: what they give is the source's to give. Empty where a power is
    /// not finite.
    public func screenGeneratorOutages(
        _ generators: [NetworkCase.Generator], _ injections: Injections, from before: OperatingPoint? = nil,
        workers: Int = 1
    ) -> [ScreenedOutage] {
        let sources = Set(model.network.sources.map(\.bus))
        let considered = generators.indices.filter {
            generators[$0].isConnected && !sources.contains(generators[$0].bus)
                && model.live.positions[generators[$0].bus] != nil && generators[$0].active.value.isFinite
        }
        let sharing = Sharing(model)
        return screen(injections, before, workers) { pass, member, count in
            pass.screen(considered, member, of: count) { pass.losses(of: $0, among: generators, sharing) }
        }
    }

    private func screen(
        _ injections: Injections, _ before: OperatingPoint?, _ workers: Int,
        _ part: @escaping @Sendable (OutagePass, Int, Int) -> Void
    ) -> [ScreenedOutage] {
        precondition(workers > 0)
        guard let first = OutagePass(self, injections, from: before) else { return [] }
        let crew = [first] + (1..<workers).map { _ in OutagePass(beside: first) }
        concurrently(workers) { part(crew[$0], $0, workers) }
        return crew.flatMap(\.found).sorted { $0.index < $1.index }
    }

    /// What is injected after the loss of one generator: its power is gone, and shared as
    /// `screenGeneratorOutages` does. What sources take of it is not seen here.
    public func injections(
        _ injections: Injections, without lost: Int, of generators: [NetworkCase.Generator]
    ) -> Injections {
        var after = injections
        let generator = generators[lost]
        let reactive = generator.voltage == nil ? generator.reactive : .zero
        after.active[generator.bus] -= generator.active
        after.reactive[generator.bus] -= reactive
        for share in Sharing(model).shares(without: lost, of: generators) {
            after.active[share.bus] += generator.active * share.part
        }
        return after
    }
}
