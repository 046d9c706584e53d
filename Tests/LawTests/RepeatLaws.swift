import Agents
import Export
import Foundation
import Messaging
import Results
import RunSamples
import Simulator
import Testing

@Suite("Laws of repetition")
struct RepeatLaws {
    /// A whole run directory, as its files' bytes by name; without the one file that tells the time.
    private func run(_ world: SmallWorld) throws -> [String: Data] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "karst-law-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "run").path
        let clock = StageClock()
        let writer = try RunWriter(
            world.scenario, build: .init(version: "test", blas: "any"), inputs: [],
            in: try RunDirectory(at: path))
        for record in Simulation(world.scenario, onStage: clock.ended) { try writer.take(record) }
        try writer.finish()
        try writer.publish(clock.timing(steps: writer.summary.steps))
        var files: [String: Data] = [:]
        for name in FileManager.default.enumerator(atPath: path)!.compactMap({ $0 as? String }) {
            files[name] = FileManager.default.contents(atPath: "\(path)/\(name)")
        }
        #expect(files.removeValue(forKey: "timing.json") != nil)
        #expect(files.count > 8)
        return files
    }

    private var lossy: SmallWorld {
        var world = SmallWorld()
        world.link = Link(latency: VirtualTime(seconds: 0.04), jitter: VirtualTime(seconds: 8), loss: 0.2)
        return world
    }

    @Test("the same scenario and seed give the same bytes in every file")
    func sameBytes() throws {
        #expect(try run(lossy) == run(lossy))
    }

    @Test("another seed gives other messages")
    func otherSeed() throws {
        var other = lossy
        other.seed = 2
        let (a, b) = (try run(lossy), try run(other))
        #expect(a["timeseries/messages.csv"] != b["timeseries/messages.csv"])
    }
}
