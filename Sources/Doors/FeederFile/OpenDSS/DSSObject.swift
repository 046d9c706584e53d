/// A value that a script gave to a property.
struct DSSSetting: Hashable, Sendable {
    /// Index of the property in the class of the object.
    var property: Int
    /// The value.
    var word: DSSWord
}

/// What a script said about one object, in order.
struct DSSObject: Hashable, Sendable {
    /// A terminal that a command opened or closed.
    struct Switching: Hashable, Sendable {
        /// Terminal, from 1.
        var terminal: Int
        /// Conductor, from 1; 0 is all of them.
        var conductor: Int
        /// Whether it was closed.
        var isClosed: Bool
    }

    /// What the object is.
    let kind: DSSClass
    /// The name as it stands in the file.
    let name: String
    /// Where the object was made.
    let place: DSSPlace
    /// The folder from which the files that it names are found.
    let folder: String
    /// What was said about it. To be `like` another object repeats what had been said about that one.
    var settings: [DSSSetting] = []
    /// What was opened and closed, in order.
    var switchings: [Switching] = []

    /// `Line.L1`.
    var title: String { "\(kind.name).\(name)" }
}

/// The circuit that a script has built when it ends.
struct DSSCircuit: Sendable {
    /// The objects in the order in which they were made.
    var objects: [DSSObject] = []
    /// Index of an object by lower-case class and name.
    private var indices: [String: [String: Int]] = [:]
    /// The last value of each option, by lower-case name.
    var options: [String: DSSWord] = [:]
    /// Name and place of the circuit; nil until a script makes one.
    var circuit: (name: String, place: DSSPlace)?

    /// Index of the object `name` of the class `kind`; both in any case.
    func index(_ kind: String, _ name: String) -> Int? {
        indices[kind.lowercased()]?[name.lowercased()]
    }

    /// The object `name` of the class `kind`; both in any case.
    func object(_ kind: String, _ name: String) -> DSSObject? { index(kind, name).map { objects[$0] } }

    /// Names of the objects of a class.
    func names(_ kind: String) -> [String] {
        (indices[kind.lowercased()] ?? [:]).values.sorted().map { objects[$0].name }
    }

    /// Adds an object and returns its index.
    mutating func add(_ object: DSSObject) -> Int {
        indices[object.kind.name.lowercased(), default: [:]][object.name.lowercased()] = objects.count
        objects.append(object)
        return objects.count - 1
    }
}
