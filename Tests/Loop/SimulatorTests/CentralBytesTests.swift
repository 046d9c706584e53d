import Agents
import Grid
import RunSamples
import Scheduling
import Simulator
import Testing
import Timeline

/// The messages between devices and a controller in bytes: as long as `byteCount` says.
@Suite struct CentralBytesTests {
    @Test("offers, measurements and setpoints of a run are the same again")
    func again() throws {
        let record = try #require(Simulation(SampleRun(steps: 4).scenario).first { _ in true })
        let interval = record.interval
        let bodies =
            record.offers.map { CentralMessage.offer($0) }
            + record.sent.compactMap { $0.map { .setpoint($0) } }
            + [
                .measurement(
                    Measurement(
                        device: DeviceID(2), interval: interval, lower: Power(-1), upper: Power(1),
                        power: .zero, stored: Energy(5)))
            ]
        #expect(bodies.count > 8)
        for body in bodies {
            let message = Message(sender: NodeID(0), receiver: NodeID(9), sequence: 1, body: body)
            #expect(message.bytes.count == body.byteCount)
            #expect(Message<CentralMessage>(bytes: message.bytes) == message)
        }
        #expect(bodies.last?.byteCount == 88)
        #expect(bodies.contains { $0.byteCount == 72 })
    }
}
