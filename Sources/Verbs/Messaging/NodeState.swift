/// Whether the agent of a node works.
public enum NodeState: Hashable, Sendable {
    /// It works.
    case up
    /// Its agent does not work; its node still relays the messages of others. It loses the messages that
    /// arrive, and its timers. When it is up again it has what it knew before, or nothing, and waits for the
    /// next step to begin.
    case crashed(keepsState: Bool)
    /// There is no such node: nothing reaches it or passes it.
    case absent
}

/// What a conversation keeps of a node: 20 bytes.
@usableFromInline
struct NodeRecord: Sendable {
    var state = NodeState.up
    @usableFromInline var isUp = true
    /// Crashes so far: timers set before a crash never fire.
    @usableFromInline var crashes: UInt32 = 0
    /// Island that its messages carry.
    @usableFromInline var epoch: UInt32 = 0
    @usableFromInline var sent: UInt32 = 0
    @usableFromInline var timers: UInt32 = 0

    init() {}
}
