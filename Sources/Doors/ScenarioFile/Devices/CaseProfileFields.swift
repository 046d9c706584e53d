import CaseFile
import Devices
import Grid
import TextFile
import Timeline
import YAMLFile

/// `loads: {from_case: own-profiles}`: the loads of a case follow the year profiles that its folder holds.
struct CaseProfileFields {
    /// The word in place of a shape.
    static let word = "own-profiles"

    private let profiles: CaseProfiles
    private let field: Field

    /// Nil, with the reason reported, where the case has no profiles or wrong ones.
    /// - Parameters:
    ///   - field: where the word stands.
    ///   - folder: the case's folder of SimBench tables; nil: it is another file.
    ///   - loads: those of the case that are taken.
    init?(_ field: Field, folder: String?, _ networkCase: NetworkCase, _ loads: [NetworkCase.Load]) {
        guard let folder else {
            field.mistake("only a case in a folder of SimBench tables has profiles of its own; name a shape")
            return nil
        }
        var taken = networkCase
        taken.loads = loads
        do throws(FileMistakes) {
            profiles = try CaseProfiles.simbench(folder: folder, for: taken)
        } catch {
            field.collector.add(error.all)
            return nil
        }
        self.field = field
    }

    /// Whether the load `index` takes power in every step; if not it is left out, and told.
    func isTaken(_ index: Int, _ written: CaseLoad) -> Bool {
        guard let place = profiles.loadsActive[index], profiles.shapes[place].contains(where: { $0 < 0 })
        else {
            return true
        }
        field.warning(
            "the profile of \(quoted(written.name)) gives power in some steps, as storage does; it is left out, and a "
                + "device stands in its place")
        return false
    }

    /// The load `index` of those taken; nil where the scenario lacks a part of it.
    func load(
        _ index: Int, _ written: CaseLoad, valueOfLostLoad: EnergyCost?, _ horizon: Horizon?,
        _ zone: TimeZoneTable?
    ) -> Load? {
        guard let valueOfLostLoad, let horizon, let zone else { return nil }
        let active = fractions(profiles.loadsActive[index], over: horizon, in: zone)
        let reactive = fractions(profiles.loadsReactive[index], over: horizon, in: zone)
        return Load(
            demand: active.map { written.active * $0 }, reactiveRatio: 0, valueOfLostLoad: valueOfLostLoad,
            reactive: reactive.map { written.reactive * $0 })
    }

    /// A profile's mean in each step of `horizon`: its value at the same day of the year and clock time.
    private func fractions(_ place: Int?, over horizon: Horizon, in zone: TimeZoneTable) -> [Double] {
        guard let place else { return horizon.map { _ in 1 } }
        let shape = profiles.shapes[place]
        let spacing = min(horizon.step, profiles.step)
        let samples = max(1, horizon.step / spacing)
        return horizon.map { interval in
            let sum = (0..<samples).reduce(0.0) { sum, sample in
                sum + shape[profiles.step(at: zone.civil(interval.start + sample * spacing))]
            }
            return sum / Double(samples)
        }
    }
}
