import Grid
import Scheduling
import Timeline

/// Agent of one device. It knows only the messages it has received.
///
/// When no setpoint for the present step arrives, the last one received stays in force for `hold` seconds
/// after the step that it is for. Then the device follows its own fallback (see each kind in `Devices`).
struct Agent: Sendable {
    private let node: NodeID
    private let controller: NodeID
    private let hold: Int
    private var received: Setpoint?
    private var receivedSequence = -1
    private var sent = 0

    init(device: DeviceID, controller: NodeID, hold: Int) {
        node = NodeID(device.index)
        self.controller = controller
        self.hold = hold
    }

    /// The message that carries `offer` to the controller.
    mutating func message(with offer: Offer) -> Message {
        defer { sent += 1 }
        return Message(sender: node, receiver: controller, sequence: sent, body: .offer(offer))
    }

    /// The message that carries `measurement` to the controller.
    mutating func message(with measurement: Measurement) -> Message {
        defer { sent += 1 }
        return Message(sender: node, receiver: controller, sequence: sent, body: .measurement(measurement))
    }

    mutating func receive(_ message: Message) {
        guard case .setpoint(let setpoint) = message.body, message.sequence > receivedSequence else { return }
        received = setpoint
        receivedSequence = message.sequence
    }

    /// Forgets what it has received; a restart after a crash that lost its state.
    mutating func forget() {
        received = nil
        receivedSequence = -1
    }

    /// The setpoint in force in `interval`: the last one received, unless it has lapsed.
    func setpoint(in interval: Interval) -> Setpoint? {
        guard let received, interval.start.seconds(since: received.interval.start) <= hold else { return nil }
        return received
    }
}
