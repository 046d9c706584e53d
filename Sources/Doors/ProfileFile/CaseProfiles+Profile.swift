public import CaseFile
public import Grid
import Lanes
import PowerFlow
public import TextFile

extension Profile {
    /// The powers of a case over the steps of its own profiles. What has no profile keeps its power.
    /// - Parameter networkCase: the case that the profiles were read for; its buses may be others.
    /// - Throws: where rows × buses are more than `ProfileFile.mostInjections`.
    public init(_ profiles: CaseProfiles, of networkCase: NetworkCase) throws(FileMistakes) {
        let (buses, steps) = (networkCase.network.buses.count, profiles.steps)
        guard steps <= ProfileFile.mostInjections / max(1, buses) else {
            let message =
                "\(steps) steps for \(buses) buses; steps × buses may be at most \(ProfileFile.mostInjections)"
            throw FileMistakes([FileMistake(file: networkCase.name, message: message)])
        }
        var series = InjectionSeries(buses: buses, steps: steps)
        let constant = [Double](repeating: 1, count: steps)
        let shape = { (place: Int?) in place.map { profiles.shapes[$0] } ?? constant }
        for (index, load) in networkCase.loads.enumerated() where load.isConnected {
            series.active.add(
                shape(profiles.loadsActive[index]), times: -load.active.value, toRow: load.bus)
            series.reactive.add(
                shape(profiles.loadsReactive[index]), times: -load.reactive.value, toRow: load.bus)
        }
        for (index, unit) in networkCase.generators.enumerated() where unit.isConnected {
            series.active.add(shape(profiles.generators[index]), times: unit.active.value, toRow: unit.bus)
            guard unit.voltage == nil else { continue }
            series.reactive.add(constant, times: unit.reactive.value, toRow: unit.bus)
        }
        self.init(labels: profiles.labels, labelName: "time", series: series, warnings: [])
    }
}
