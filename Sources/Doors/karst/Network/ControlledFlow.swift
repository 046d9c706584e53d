import ArgumentParser
import CaseFile
import ControlledPowerFlow
import Export
import Foundation
import Grid
import PowerFlow
import ProfileFile
import TextFile

/// What `karst powerflow` does with a balanced case that has controls, or loads that depend on voltage.
extension PowerFlowCommand {
    /// Solves the case over its profile, or with its own powers. Whether every step has a solution.
    func solveControlled(_ networkCase: NetworkCase) throws -> Bool {
        if method != .automatic || ignoreReactiveLimits || shareRemainder {
            throw ValidationError(
                "--method, --ignore-reactive-limits and --share-remainder do not work with controls")
        }
        if output?.hasSuffix(".sqlite") ?? false {
            throw ValidationError("with --controls, --output must be a new directory")
        }
        let controls = try told { () throws(FileMistakes) in
            try CaseControls.read(path: self.controls, for: networkCase)
        }
        let own = try ownProfiles(networkCase)
        let from =
            own.map(ControlledProfile.Source.own) ?? self.profile.map { .file(path: $0) } ?? .state
        let profile = try told { () throws(FileMistakes) in
            try ControlledProfile.read(from, for: networkCase, controls)
        }
        let interval = own.map { Double($0.step) } ?? self.interval
        note(profile.warnings)
        let summary = ControlledSummary(networkCase, controls, profile, interval: interval)
        let files = try output.map {
            try FeederSeriesFiles(
                at: $0, label: profile.labelName, nodes: networkCase.namedBuses.map(\.name),
                further: summary.inverterColumns, controls: summary.switchColumns)
        }
        let result = summary.solved(
            try solver(networkCase, controls, interval).solve(
                ControlledDemand(
                    active: profile.active, reactive: profile.reactive, available: profile.available)))
        for step in profile.labels.indices { try files?.append(result.row(step)) }
        try files?.publish()
        if json {
            try Terminal.put(try result.json + "\n")
        } else if !quiet {
            try Terminal.show(result.text)
        }
        return result.unsolved == 0
    }

    /// Where a control waits longer than a step, each acts when its time has come; otherwise all that want to
    /// act do so within the step, those with the shortest delay first.
    private func solver(
        _ networkCase: NetworkCase, _ controls: CaseControls, _ interval: Double
    ) throws -> ControlledTimeSeries {
        let delays =
            controls.controls.tapChangers.map { max($0.delay, $0.pause) }
            + controls.controls.capacitors.map { max($0.delayOn, $0.delayOff) }
        let isQuick = (delays.max() ?? 0) <= interval
        do {
            return try ControlledTimeSeries(
                network: networkCase.network, controls: controls.controls,
                mode: isQuick ? .untilQuiet : .delayed(step: interval), tolerance: tolerance, workers: workers
            )
        } catch {
            note("\(self.controls ?? source.path): error: \(refusal(error, networkCase, controls))")
            throw ExitCode(2)
        }
    }

    private func refusal(
        _ refusal: ControlledTimeSeries.Refusal, _ networkCase: NetworkCase, _ controls: CaseControls
    ) -> String {
        let buses = networkCase.network.buses
        let taps = controls.controls.tapChangers.count
        return switch refusal {
        case .loops: "the loops of the network have no impedance"
        case .regulator(let bus):
            "a generator holds the voltage of bus \(buses[bus].name), which does not work beside controls; an "
                + "inverter with a steep volt_var curve can be put in its place"
        case .tapChanger(let index):
            "the tap changer of branch \(controls.switches[index]): the branch is open or in a loop, leads to no "
                + "source, or the bus whose voltage it holds is not beyond it"
        case .capacitor(let index):
            "the capacitor at bus \(controls.switches[taps + index]): the bus, or what switches the bank, has no "
                + "path to a source, or the branch lies in a loop"
        case .inverter(let index):
            "inverter \(networkCase.generators[controls.generators[index]].name): its bus has no path to a source"
        case .loadMix(let index):
            "the loads of bus \(buses[controls.controls.loadMixes[index].bus].name) stand twice in the list"
        case .step: "the length of a step is not a time"
        }
    }
}
