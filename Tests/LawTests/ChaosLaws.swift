import Foundation
import RunSamples
import Simulator
import Testing

/// Random events of all kinds, and the laws of `EventChecks` in every step.
///
/// `KARST_CHAOS_SEEDS=2000` takes so many seeds, `KARST_CHAOS_FIRST=17` begins at seed 17.
@Suite("Laws under random events")
struct ChaosLaws {
    private static func setting(_ name: String, _ usual: UInt64) -> UInt64 {
        ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) } ?? usual
    }

    @Test("every step keeps the laws of events and islands")
    func chaos() {
        let first = Self.setting("KARST_CHAOS_FIRST", 1)
        var (islands, blackStarts, dead) = (0, 0, 0)
        for seed in first..<first + Self.setting("KARST_CHAOS_SEEDS", 200) {
            let world = ChaosWorld.world(seed: seed)
            let scenario = world.scenario
            var checks = EventChecks(scenario)
            for record in Simulation(scenario) {
                let broken = checks.broken(by: record)
                islands += record.islanding?.islands.count ?? 0
                blackStarts += record.islanding?.islands.count(where: \.isBlackStart) ?? 0
                dead += record.islanding?.deadBuses.count ?? 0
                guard broken.isEmpty else {
                    Issue.record(
                        """
                        seed \(seed), step \(record.step): \(broken.joined(separator: "; "))
                        replay: KARST_CHAOS_FIRST=\(seed) KARST_CHAOS_SEEDS=1 make test ROOM=Law
                        """)
                    break
                }
            }
        }
        // The laws are tried: there is something to break them.
        if Self.setting("KARST_CHAOS_SEEDS", 200) >= 200 {
            #expect(islands > 500 && blackStarts > 20 && dead > 500, "\(islands) \(blackStarts) \(dead)")
        }
    }
}
