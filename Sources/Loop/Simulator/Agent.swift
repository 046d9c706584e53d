import Grid
import Scheduling
import Timeline

/// The voice of one device. It knows what it heard and nothing else; it owns no clock.
///
/// When no setpoint for the present step arrives, the last one heard stays in force for `hold` seconds after
/// the step it was meant for; then the device follows its own fallback (see each kind in `Devices`).
struct Agent: Sendable {
    private let node: NodeID
    private let controller: NodeID
    private let hold: Int
    private var heard: Setpoint?
    private var heardSequence = -1
    private var sent = 0

    init(device: DeviceID, controller: NodeID, hold: Int) {
        node = NodeID(device.index)
        self.controller = controller
        self.hold = hold
    }

    mutating func say(_ offer: Offer) -> Message {
        defer { sent += 1 }
        return Message(sender: node, receiver: controller, sequence: sent, body: .offer(offer))
    }

    mutating func hear(_ message: Message) {
        guard case .setpoint(let setpoint) = message.body, message.sequence > heardSequence else { return }
        heard = setpoint
        heardSequence = message.sequence
    }

    /// The setpoint in force in `interval`: the last one heard, unless it has lapsed.
    func setpoint(in interval: Interval) -> Setpoint? {
        guard let heard, interval.start.seconds(since: heard.interval.start) <= hold else { return nil }
        return heard
    }
}
