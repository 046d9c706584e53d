import Devices
import Events
import Grid
import Islanding

/// What events leave behind from one step to the next.
struct IslandState {
    /// Whether each branch, and last each grid connection, was closed.
    var isClosed: [Bool]
    /// Step since which each of them can be closed; `Int.min`: always could.
    var availableSince: [Int]
    /// Zone of each bus, and last of the external grid, where it is alive; the external grid's is 0.
    var zones: [Int?]
    /// Step since which each bus has, or lacks, voltage; `Int.min`: always had.
    var aliveSince: [Int]
    var deadSince: [Int]
    /// Step since which each device is there and works; `Int.min`: always did, `Int.max`: does not.
    var soundSince: [Int]
    /// Buses of the islands.
    var islands: [[Int]] = []
    /// Loads that are not served: since which step, and why.
    var off: [Int: (since: Int, cause: UnservedCause)] = [:]
    /// Loads that make up for an interruption: since which step they are served again.
    var cold: [Int: (since: Int, load: ColdLoad)] = [:]
    /// Gensets that are starting in an island: since which step.
    var starting: [Int: Int] = [:]
    /// Gensets of islands that stop, as they are no longer needed.
    var resting: Set<Int> = []
    /// Voltage that the slack of an island holds, by its bus, as a fraction of nominal, where it is not that
    /// of the external grid.
    var heldVoltage: [Int: Double] = [:]
    /// Losses of each island, by the bus of its slack.
    var losses: [Int: Power] = [:]

    /// A microgrid without an external grid begins as an island, alive.
    init(_ network: Network, devices: Int, connections: Int) {
        let hasGrid = connections > 0
        isClosed = network.branches.map(\.isClosed) + Array(repeating: true, count: connections)
        availableSince = Array(repeating: .min, count: isClosed.count)
        zones = network.buses.map { _ in hasGrid ? 0 : 1 } + [hasGrid ? 0 : nil]
        islands = hasGrid ? [] : [Array(network.buses.indices)]
        aliveSince = Array(repeating: .min, count: network.buses.count)
        deadSince = Array(repeating: .min, count: network.buses.count)
        soundSince = Array(repeating: .min, count: devices)
    }

    /// Whether nothing is left of past events before `step`, so that a step without a disturbance is an
    /// ordinary one.
    func isAtRest(_ network: Network, before step: Int, delaySteps: Int) -> Bool {
        off.isEmpty && cold.isEmpty && islands.isEmpty && zones.allSatisfy { $0 == 0 }
            && aliveSince.allSatisfy { $0 == .min || $0 <= step - delaySteps }
            && zip(isClosed, network.branches).allSatisfy { $0 == $1.isClosed }
            && isClosed.dropFirst(network.branches.count).allSatisfy(\.self)
    }
}
