extension NetworkCase {
    /// How the buses and elements of a file stand in a network. Closed switches make several buses of a file
    /// one bus of the network; a three-winding transformer becomes three branches that meet at a bus of its
    /// own; an extended ward, or a line with an open end, gets a bus that the file does not have.
    public struct Origin: Hashable, Sendable {
        /// A row of results: a bus of the file, or one that the network has beside these.
        public struct NamedBus: Hashable, Sendable {
            /// Name in the file.
            public var name: String
            /// Index of the bus of the network.
            public var bus: Int

            /// A named bus.
            public init(name: String, bus: Int) {
                self.name = name
                self.bus = bus
            }
        }

        /// The named buses at the ends of a branch.
        public struct Ends: Hashable, Sendable {
            /// Index in `buses` of the sending end.
            public var from: Int
            /// Index in `buses` of the receiving end.
            public var to: Int

            /// The two ends.
            public init(from: Int, to: Int) {
                self.from = from
                self.to = to
            }
        }

        /// An element of the file that is several branches of the network: they go out of service together.
        public struct Unit: Hashable, Sendable {
            /// Name in the file.
            public var name: String
            /// Indices of its branches.
            public var branches: [Int]
            /// Index of the bus of the network at which they meet; it is none of the file's.
            public var innerBus: Int

            /// A unit of these branches.
            public init(name: String, branches: [Int], innerBus: Int) {
                self.name = name
                self.branches = branches
                self.innerBus = innerBus
            }
        }

        /// Every named bus: those of the file in its order, then the others.
        public var buses: [NamedBus] = []
        /// Of each load, the index in `buses` of where it stands.
        public var loads: [Int] = []
        /// Of each generator.
        public var generators: [Int] = []
        /// Of each source.
        public var sources: [Int] = []
        /// Of each branch.
        public var branches: [Ends] = []
        /// Elements of several branches.
        public var units: [Unit] = []
        /// Branches that are no element of the file, or that lead to an open end: their outage is none.
        public var innerBranches: Set<Int> = []
        /// Generators that are no element of the file.
        public var innerGenerators: Set<Int> = []

        /// Nothing; whoever reads a file fills it in.
        public init() {}
    }

    /// Every bus of the file, or of the network where no file names others.
    public var namedBuses: [Origin.NamedBus] {
        origin?.buses
            ?? network.buses.enumerated().map { Origin.NamedBus(name: $1.name, bus: $0) }
    }

    /// Of each bus of the network, all its names in the file, with commas between.
    public var joinedNames: [String] {
        var names = network.buses.map { _ in [String]() }
        for named in namedBuses { names[named.bus].append(named.name) }
        return names.map { $0.joined(separator: ", ") }
    }

    /// Index in `namedBuses` of where a load stands.
    public func place(ofLoad load: Int) -> Int { origin?.loads[load] ?? loads[load].bus }

    /// Index in `namedBuses` of where a generator stands.
    public func place(ofGenerator generator: Int) -> Int {
        origin?.generators[generator] ?? generators[generator].bus
    }

    /// Index in `namedBuses` of where a source stands.
    public func place(ofSource source: Int) -> Int { origin?.sources[source] ?? network.sources[source].bus }

    /// Indices in `namedBuses` of the ends of a branch.
    public func ends(ofBranch branch: Int) -> Origin.Ends {
        origin?.branches[branch]
            ?? Origin.Ends(from: network.branches[branch].from, to: network.branches[branch].to)
    }
}
