/// What is wrong with a `Feeder` or an `UnbalancedNetwork`, all of it at once.
public struct FeederMistakes: Error, Hashable, Sendable {
    /// What is wrong with an element.
    public enum Kind: String, Hashable, Sendable {
        case unknownBus = "names a bus that is not there"
        case notFinite = "holds a number that is not finite, or a share outside 0…1"
        case missingPhase = "needs a phase that its bus does not have"
        case notThreePhase = "must have all three phases"
        case joinsVoltages = "joins buses of different nominal voltage"
        case noSource = "has no source"
        case shape = "has conductors, pairs or values whose numbers do not agree"
        case floating = "has conductors that nothing ties to earth"
        case shortLoop = "closes a loop without impedance, whose current nothing determines"
        case singular = "has parts whose voltage or current nothing determines"
        case controls =
            "needs each phase moved by one control, which watches one of its phases and starts in its range"
    }

    /// Of one element, by its name.
    public struct Mistake: Hashable, Sendable {
        /// Name of the element.
        public let name: String
        /// What is wrong with it.
        public let kind: Kind
    }

    /// All mistakes, in the order of the network's elements.
    public let all: [Mistake]
}
