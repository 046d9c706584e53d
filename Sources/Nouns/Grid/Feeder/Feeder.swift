/// A distribution feeder as wires, windings and what they supply: any number of conductors a bus, any number
/// of sources, loops, transformers of any connection, neutrals that are wires of their own.
///
/// Everything is connected between conductors of buses. Conductors 1, 2 and 3 are the phases a, b and c, 4
/// and above are neutrals and other wires, and 0 is earth, which all buses share. A bus has the conductors
/// that elements name. All values are in SI units; nothing refers to a per-unit base.
public struct Feeder: Hashable, Sendable {
    /// A place where elements meet.
    public struct Bus: Hashable, Sendable {
        /// What people call the bus.
        public var name: String
        /// Nominal voltage, line-to-line. Voltages in per unit are fractions of this over √3; nothing else
        /// depends on it.
        public var nominalVoltage: Voltage

        /// A bus.
        public init(name: String, nominalVoltage: Voltage) {
            self.name = name
            self.nominalVoltage = nominalVoltage
        }

        /// Nominal voltage from phase to earth, V.
        public var nominalPhaseVoltage: Double { nominalVoltage.value / 3.0.squareRoot() }
    }

    /// One conductor of a bus.
    public struct Node: Hashable, Comparable, Sendable {
        /// Index of the bus.
        public let bus: Int
        /// 1, 2, 3 for the phases a, b, c; 4 and above for other wires.
        public let conductor: Int

        /// A conductor of a bus.
        public init(bus: Int, conductor: Int) {
            self.bus = bus
            self.conductor = conductor
        }

        /// The order of results: by bus, then by conductor.
        public static func < (a: Node, b: Node) -> Bool {
            (a.bus, a.conductor) < (b.bus, b.conductor)
        }
    }

    /// Two conductors of one bus between which something is connected; 0 is earth.
    public struct Pair: Hashable, Sendable {
        /// The conductor at which current enters.
        public var plus: Int
        /// The conductor at which it leaves.
        public var minus: Int

        /// Between two conductors, by default between one and earth.
        public init(_ plus: Int, _ minus: Int = 0) {
            self.plus = plus
            self.minus = minus
        }

        /// `a` for a phase against earth or a neutral, `ab` between two phases, `n` for a neutral.
        public var name: String {
            joinsPhases
                ? Feeder.conductorName(plus) + Feeder.conductorName(minus)
                : Feeder.conductorName((1...3).contains(minus) ? minus : plus)
        }

        /// Between each phase and earth.
        public static let wye = [Pair(1), Pair(2), Pair(3)]
        /// Between phases: ab, bc, ca.
        public static let delta = [Pair(1, 2), Pair(2, 3), Pair(3, 1)]
        /// Between phases: ac, ba, cb. A transformer with this side and a wye is Dyn1 or Yd11.
        public static let deltaBackwards = [Pair(1, 3), Pair(2, 1), Pair(3, 2)]
    }

    /// The buses; everything else names them by their index here.
    public var buses: [Bus]
    /// The sources, at least one.
    public var sources: [Source]
    /// Lines, cables, switches and series reactors.
    public var lines: [Line]
    /// Transformers and regulators.
    public var transformers: [Transformer]
    /// Loads, and generators of given power.
    public var loads: [Load]
    /// Capacitors, shunt reactors, impedances to earth.
    public var shunts: [Shunt]
    /// Inverters of solar plants and storage.
    public var inverters: [Inverter]
    /// Controls that move taps.
    public var tapControls: [TapControl]
    /// Controls that switch shunts.
    public var shuntControls: [ShuntControl]

    /// A feeder, by default without anything.
    public init(
        buses: [Bus] = [], sources: [Source] = [], lines: [Line] = [], transformers: [Transformer] = [],
        loads: [Load] = [], shunts: [Shunt] = [], inverters: [Inverter] = [], tapControls: [TapControl] = [],
        shuntControls: [ShuntControl] = []
    ) {
        self.buses = buses
        self.sources = sources
        self.lines = lines
        self.transformers = transformers
        self.loads = loads
        self.shunts = shunts
        self.inverters = inverters
        self.tapControls = tapControls
        self.shuntControls = shuntControls
    }

    /// `a`, `b`, `c` for conductors 1, 2, 3; `n` for a neutral.
    public static func conductorName(_ conductor: Int) -> String {
        (1...3).contains(conductor) ? ["a", "b", "c"][conductor - 1] : "n"
    }

    /// Whether each bus is joined by lines to a winding or source that refers to earth or a neutral, so that
    /// one phase has a voltage of its own.
    public var earthedBuses: [Bool] {
        var mark = Array(buses.indices)
        func root(_ bus: Int) -> Int {
            var bus = bus
            while mark[bus] != bus { bus = mark[bus] }
            return bus
        }
        for line in lines where line.isClosed { mark[root(line.to.bus)] = root(line.from.bus) }
        var isEarthed = Array(repeating: false, count: buses.count)
        func note(_ bus: Int, _ pairs: [Pair]) {
            if pairs.contains(where: { !$0.joinsPhases }) { isEarthed[root(bus)] = true }
        }
        for source in sources { note(source.bus, source.pairs) }
        for transformer in transformers where transformer.isClosed {
            for winding in transformer.windings { note(winding.bus, winding.pairs) }
        }
        return buses.indices.map { isEarthed[root($0)] }
    }

    /// All nodes that some element names, in order.
    public var nodes: [Node] {
        var found: Set<Node> = []
        func note(_ bus: Int, _ pairs: [Pair]) {
            for pair in pairs {
                found.insert(Node(bus: bus, conductor: pair.plus))
                found.insert(Node(bus: bus, conductor: pair.minus))
            }
        }
        for source in sources { note(source.bus, source.pairs) }
        for line in lines {
            for end in [line.from, line.to] { note(end.bus, end.conductors.map { Pair($0) }) }
        }
        for transformer in transformers {
            for winding in transformer.windings { note(winding.bus, winding.pairs) }
        }
        for load in loads { note(load.bus, load.pairs) }
        for shunt in shunts { note(shunt.bus, shunt.pairs) }
        for inverter in inverters { note(inverter.bus, inverter.pairs) }
        return found.filter { $0.conductor > 0 }.sorted()
    }
}
