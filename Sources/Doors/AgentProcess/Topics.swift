import Agents

/// Names of the topics of one group of agents at a broker.
struct Topics: Sendable {
    private let root: String

    init(group: String) { root = "karst/\(group)" }

    /// Messages for the hub.
    var hub: String { "\(root)/hub" }
    /// An agent that has come, and one that has gone.
    var here: String { "\(root)/here" }
    var gone: String { "\(root)/gone" }
    /// The hub asks who is there.
    var call: String { "\(root)/call" }
    /// The hub has ended.
    var end: String { "\(root)/end" }
    /// Messages for an agent.
    func inbox(_ node: NodeID) -> String { "\(root)/node/\(node.index)" }
}
