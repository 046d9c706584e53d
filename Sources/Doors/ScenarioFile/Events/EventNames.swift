import Devices
import Grid
import Simulator
import TextFile
import YAMLFile

/// Names that events refer to: branches, devices and the grid connection.
struct EventNames {
    private let branches: [(String, Int)]
    /// `to-from` of branches that are called `from-to`.
    private let reversed: [String: Int]
    private let devices: [(String, Int)]
    private let connections: [(String, Int)]
    private let potential: Set<Int>
    /// False if a part of the network or a device is wrong: then a name may be one of the wrong parts.
    private let isComplete: Bool

    init(_ section: DeviceSection, _ network: Network?) {
        let named = section.entries.enumerated().map { ($1.device.name, $0) }
        devices = named.filter { section.entries[$0.1].device.externalGrid == nil }
        connections = named.filter { section.entries[$0.1].device.externalGrid != nil }
        potential = Set(
            section.entries.indices.filter {
                let device = section.entries[$0].device
                return device.load != nil || device.deviceKind.isRenewable
            })
        let all = network?.branches ?? []
        branches = all.enumerated().map { ($1.name, $0) }
        let names = network?.buses.map(\.name) ?? []
        reversed = Dictionary(
            all.enumerated().flatMap { index, branch in
                [(branch.from, branch.to), (branch.to, branch.from)].map {
                    ("\(names[$0.0])-\(names[$0.1])", index)
                }
            }, uniquingKeysWith: { first, _ in first })
        isComplete = network != nil && section.isComplete
    }

    /// The branch of this name, or between these two buses: `5-6`.
    func branch(_ field: Field) -> Int? {
        guard !branches.isEmpty else { return nil }
        if let text = field.text, !branches.contains(where: { $0.0 == text }), let found = reversed[text] {
            return found
        }
        return field.reference("branch", in: branches)
    }

    /// A device other than the grid connection.
    func device(_ field: Field) -> Int? {
        if let text = field.text, connections.contains(where: { $0.0 == text }) {
            field.mistake("\(quoted(text)) is the grid connection; write 'outage' for it")
            return nil
        }
        return isComplete || devices.contains { $0.0 == field.text }
            ? field.reference("device", in: devices) : nil
    }

    /// A device that can be attacked: not the grid connection, whose meter and limits are those of others.
    func attacked(_ field: Field) -> Int? {
        if let text = field.text, connections.contains(where: { $0.0 == text }) {
            field.mistake("\(quoted(text)) is the grid connection; attacks are on the other devices")
            return nil
        }
        return device(field)
    }

    /// Whether a device says what it wants or could give.
    func statesPotential(_ device: Int) -> Bool { potential.contains(device) }

    /// The grid connection.
    func connection(_ field: Field) -> Int? {
        isComplete ? field.reference("grid connection", in: connections) : nil
    }
}

extension Network {
    /// The branches on the way from the source to each of `buses`, along the fewest branches.
    func routes(to buses: [Int]) -> [[Int]] {
        var neighbours = Array(repeating: [(bus: Int, branch: Int)](), count: self.buses.count)
        for (index, branch) in branches.enumerated() where branch.isClosed {
            neighbours[branch.from].append((branch.to, index))
            neighbours[branch.to].append((branch.from, index))
        }
        var routes: [[Int]?] = Array(repeating: nil, count: self.buses.count)
        routes[source] = []
        var (queue, next) = ([source], 0)
        while next < queue.count {
            let bus = queue[next]
            next += 1
            for (other, branch) in neighbours[bus] where routes[other] == nil {
                routes[other] = routes[bus]! + [branch]
                queue.append(other)
            }
        }
        return buses.map { routes[$0] ?? [] }
    }
}
