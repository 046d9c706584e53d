import Agents
import CMosquitto
import Foundation

/// A connection to an MQTT broker: topics and bytes, and a queue of what arrives. A thread of the
/// library keeps it up and connects again when it breaks.
final class MQTTConnection: @unchecked Sendable {
    /// Bytes that arrived on a topic.
    struct Arrival {
        let topic: String
        let bytes: [UInt8]
    }

    /// Where the broker is.
    struct Broker: Sendable {
        let host: String
        let port: Int
    }

    private let client: OpaquePointer
    private let topics: [String]
    private let greeting: Arrival
    /// Guards the queue and the state.
    private let lock = NSCondition()
    private var arrivals: [Arrival] = []
    private var first = 0
    private var isConnected = false
    private var refusal: String?

    /// Connects, within ten seconds. Whenever it is connected, again too, it listens on `topics` and sends
    /// `greeting`: a broker forgets whom it has lost. The broker sends `lastWill` when the connection breaks
    /// without `close`, at the latest after eight seconds of silence.
    init(_ broker: Broker, id: String, topics: [String], greeting: Arrival, lastWill: Arrival)
        throws(LiveError)
    {
        _ = Self.library
        guard let client = mosquitto_new(id, true, nil) else { throw LiveError("out of memory") }
        self.client = client
        self.topics = topics
        self.greeting = greeting
        mosquitto_user_data_set(client, Unmanaged.passUnretained(self).toOpaque())
        mosquitto_will_set(
            client, lastWill.topic, Int32(lastWill.bytes.count), lastWill.bytes, 1, false)
        mosquitto_reconnect_delay_set(client, 1, 5, false)
        mosquitto_connect_callback_set(client) { _, user, code in
            MQTTConnection.of(user).connected(code)
        }
        mosquitto_message_callback_set(client) { _, user, message in
            guard let message = message?.pointee else { return }
            MQTTConnection.of(user).take(message)
        }
        let code = mosquitto_connect(client, broker.host, Int32(broker.port), Self.keepAlive)
        guard code == MOSQ_ERR_SUCCESS.rawValue, mosquitto_loop_start(client) == MOSQ_ERR_SUCCESS.rawValue
        else {
            throw LiveError("no MQTT broker at \(broker.host):\(broker.port): \(Self.reason(Int32(code)))")
        }
        try waitUntilConnected(broker)
    }

    deinit {
        mosquitto_loop_stop(client, true)
        mosquitto_destroy(client)
    }

    /// Seconds, the least that the library allows; the broker takes one and a half times as much silence
    /// as the end of a connection.
    private static let keepAlive: Int32 = 5

    private static let library: Int32 = mosquitto_lib_init()

    private static func of(_ user: UnsafeMutableRawPointer?) -> MQTTConnection {
        Unmanaged<MQTTConnection>.fromOpaque(user!).takeUnretainedValue()
    }

    private static func reason(_ code: Int32) -> String {
        code == MOSQ_ERR_ERRNO.rawValue
            ? String(cString: strerror(errno)) : String(cString: mosquitto_strerror(code))
    }

    private func connected(_ code: Int32) {
        if code == 0 {
            for topic in topics { mosquitto_subscribe(client, nil, topic, 1) }
            publish(greeting.bytes, on: greeting.topic, isSafe: true)
        }
        lock.withLock {
            isConnected = code == 0
            refusal = code == 0 ? nil : String(cString: mosquitto_connack_string(code))
            lock.broadcast()
        }
    }

    private func waitUntilConnected(_ broker: Broker) throws(LiveError) {
        let end = Date(timeIntervalSinceNow: 10)
        lock.lock()
        defer { lock.unlock() }
        while !isConnected {
            if let refusal { throw LiveError("the MQTT broker refuses: \(refusal)") }
            guard lock.wait(until: end) else {
                throw LiveError("the MQTT broker at \(broker.host):\(broker.port) does not answer")
            }
        }
    }

    private func take(_ message: mosquitto_message) {
        let bytes = UnsafeRawBufferPointer(start: message.payload, count: Int(max(message.payloadlen, 0)))
        let arrival = Arrival(topic: String(cString: message.topic), bytes: Array(bytes))
        lock.withLock {
            arrivals.append(arrival)
            lock.signal()
        }
    }

    /// Sends bytes: `isSafe` repeats them until the broker has them, otherwise they may be lost.
    func publish(_ bytes: [UInt8], on topic: String, isSafe: Bool) {
        mosquitto_publish(client, nil, topic, Int32(bytes.count), bytes, isSafe ? 1 : 0, false)
    }

    /// Returns what arrived first, waiting for it until `end`; nil where nothing comes.
    func next(until end: VirtualTime) -> Arrival? {
        lock.lock()
        defer { lock.unlock() }
        while first == arrivals.count {
            let left = (end - Clock.now).seconds
            guard left > 0, lock.wait(until: Date(timeIntervalSinceNow: left)) else { break }
        }
        guard first < arrivals.count else { return nil }
        let arrival = arrivals[first]
        first += 1
        if first == arrivals.count {
            arrivals.removeAll(keepingCapacity: true)
            first = 0
        }
        return arrival
    }

    /// Ends the connection without the last will, after everything has been sent.
    func close() {
        mosquitto_disconnect(client)
        mosquitto_loop_stop(client, false)
    }
}

/// Why a hub or an agent cannot go on, for the user.
public struct LiveError: Error, CustomStringConvertible {
    /// What is wrong.
    public let description: String

    init(_ description: String) { self.description = description }
}

/// The wall clock, that never goes back while the process runs.
enum Clock {
    private static let begin = (
        wall: Date().timeIntervalSince1970, monotonic: DispatchTime.now().uptimeNanoseconds
    )

    /// Nanoseconds since 1970.
    static var now: VirtualTime {
        let passed = Int64(DispatchTime.now().uptimeNanoseconds) - Int64(begin.monotonic)
        return VirtualTime(nanoseconds: Int64(begin.wall * 1e9) + passed)
    }
}
