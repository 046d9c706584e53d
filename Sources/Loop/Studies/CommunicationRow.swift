import Grid
import Messaging
import Results
import Simulator
import Timeline

extension CommunicationStudy {
    /// What one simulation came to.
    public struct Row: Hashable, Sendable, Codable {
        /// Which simulation.
        public let point: Point
        /// Cost of what happened, yuan: see `Conduct.costs`.
        public let cost: Double
        /// Energy at the grid connection and demand not served, kWh, and hours with demand not served.
        public let imported, exported, unserved, unservedHours: Double
        /// Alarms, summed over the steps.
        public let alarms: Int
        /// Steps, and steps in which each device that was sent a setpoint had it by the deadline.
        public let steps, agreed: Int
        /// Times that a device kept to an older setpoint or to its own fallback.
        public let missed: Int
        /// Time from the begin of a step to agreement, of the steps with one.
        public let seconds: Quantiles
        /// Time between two repetitions, s; nil where everything is said once.
        public let tick: Double?
        /// Age of what is known of each device when a step is decided, s.
        public let age: Quantiles
        /// Messages sent, delivered (copies included), lost on links and dropped from queues.
        public let sent, delivered, lost, dropped: Int
        /// Bytes sent.
        public let bytes: Int
        /// Devices.
        public let devices: Int
        /// Length of the simulation, days.
        public let days: Double

        init(_ point: Point, _ summary: Summary, _ timings: Timings, cost: Double, tick: Double?) {
            let (scenario, messages) = (summary.scenario, summary.messages)
            let connection = scenario.connection.map { index in summary.tallies.map { $0[index] } } ?? []
            self.point = point
            self.cost = cost
            imported = connection.reduce(0) { $0 + $1.given.kilowattHours }
            exported = connection.reduce(0) { $0 + $1.taken.kilowattHours }
            unserved = summary.unserved.kilowattHours
            unservedHours = summary.resilience.unservedHours
            alarms = summary.alarms.reduce(0) { $0 + $1.count }
            (steps, agreed) = (summary.steps, timings.agreed)
            missed = messages.held + messages.fallback
            seconds = timings.seconds.quantiles
            self.tick = tick
            age = timings.ages.quantiles
            let traffic = messages.traffic
            (sent, delivered) = (traffic.sent.messages, traffic.delivered.messages)
            (lost, dropped) = (traffic.lost.messages, traffic.dropped.messages)
            bytes = traffic.sent.bytes
            devices = scenario.devices.count
            days = Double(scenario.horizon.count) * scenario.horizon.stepHours / 24
        }

        /// Share of the messages whose end is known that were delivered; nil without any.
        public var deliveryRatio: Double? {
            let ended = delivered + lost + dropped
            return ended == 0 ? nil : Double(delivered) / Double(ended)
        }

        /// Share of the steps in which agreement was reached by the deadline.
        public var agreedShare: Double { Double(agreed) / Double(max(steps, 1)) }

        /// Ticks to agreement; nil where everything is said once.
        public var ticks: Quantiles? {
            tick.map { tick in
                Quantiles(median: seconds.median.map { $0 / tick }, most: seconds.most.map { $0 / tick })
            }
        }
    }

    /// The median and the 99th percentile of some numbers, by the nearest rank; nil where there are none.
    public struct Quantiles: Hashable, Sendable, Codable {
        /// The two.
        public let median, most: Double?
    }

    /// How often each time occurred, ns.
    struct Times {
        private var counts: [Int64: Int] = [:]

        mutating func add(_ seconds: Double) { counts[Int64((seconds * 1e9).rounded()), default: 0] += 1 }

        var quantiles: Quantiles {
            let sorted = counts.sorted { $0.key < $1.key }
            let total = sorted.reduce(0) { $0 + $1.value }
            func quantile(_ share: Double) -> Double? {
                var below = 0
                return sorted.first {
                    below += $0.value
                    return Double(below) >= share * Double(total)
                }.map { Double($0.key) / 1e9 }
            }
            return Quantiles(median: quantile(0.5), most: quantile(0.99))
        }
    }

    /// Times of all steps of a run.
    struct Timings {
        private(set) var agreed = 0
        private(set) var seconds = Times()
        private(set) var ages = Times()

        mutating func add(_ timing: Record.Timing) {
            if let after = timing.after {
                agreed += 1
                seconds.add(after)
            }
            for age in timing.ages { ages.add(age) }
        }
    }
}
