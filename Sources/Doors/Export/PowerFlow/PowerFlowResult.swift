public import Grid

/// A solved network as tables of its buses and branches, by the names of its file.
public struct PowerFlowResult: Sendable {
    /// The network.
    public let networkCase: NetworkCase
    /// Solution of its power flow.
    public let point: OperatingPoint
    /// Active power from each bus into branches and shunts, kW.
    public let injectedActive: [Double]
    /// Reactive power likewise, kvar.
    public let injectedReactive: [Double]

    /// Computes the injections from the flows of `point`.
    public init(_ networkCase: NetworkCase, _ point: OperatingPoint) {
        self.networkCase = networkCase
        self.point = point
        let network = networkCase.network
        var active = network.buses.enumerated().map { bus, of in
            of.shuntConductance * point.voltage[bus].value * point.voltage[bus].value
        }
        var reactive = network.buses.enumerated().map { bus, of in
            -of.shuntSusceptance * point.voltage[bus].value * point.voltage[bus].value
        }
        for (index, branch) in network.branches.enumerated() {
            active[branch.from] += point.powerFrom[index].value
            active[branch.to] += point.powerTo[index].value
            reactive[branch.from] += point.reactiveFrom[index].value
            reactive[branch.to] += point.reactiveTo[index].value
        }
        injectedActive = active.map { $0 / 1000 }
        injectedReactive = reactive.map { $0 / 1000 }
    }

    /// |V| of a bus as a fraction of nominal.
    public func voltage(_ bus: Int) -> Double {
        point.voltage[bus] / networkCase.network.buses[bus].nominalVoltage
    }

    /// Of a branch, percent of what it may carry: the nearer of its two limits; nil when it has none.
    public func loading(_ index: Int) -> Double? {
        networkCase.network.loading(of: index, at: point).map { $0.value * 100 }
    }

    var tables: [ResultTable] { [buses, branches] }

    private var buses: ResultTable {
        let names = networkCase.namedBuses
        let injected = injectedByName
        return ResultTable(
            name: "bus",
            columns: [
                .init("bus", nil), .init("nominal_kv", 6), .init("voltage_pu", 9), .init("angle_deg", 6),
                .init("injected_kw", 6), .init("injected_kvar", 6),
            ],
            rows: names.indices.map { index in
                let bus = names[index].bus
                return [
                    .text(names[index].name),
                    .number(networkCase.network.buses[bus].nominalVoltage.value / 1000),
                    .number(voltage(bus)), .number(point.angle[bus] * 180 / .pi),
                    .number(injected[index].active), .number(injected[index].reactive),
                ]
            })
    }

    /// The injection of every named bus, kW and kvar. Where several names are one bus of the network, each
    /// has the powers of its own loads and generators; the first of them that holds the voltage, or else
    /// the first of all, has the rest.
    private var injectedByName: [(active: Double, reactive: Double)] {
        let names = networkCase.namedBuses
        var main = networkCase.network.buses.map { _ in -1 }
        for (index, unit) in networkCase.generators.enumerated()
        where unit.isConnected && unit.voltage != nil && main[unit.bus] < 0 {
            main[unit.bus] = networkCase.place(ofGenerator: index)
        }
        for index in networkCase.network.sources.indices {
            main[networkCase.network.sources[index].bus] = networkCase.place(ofSource: index)
        }
        for (index, name) in names.enumerated() where main[name.bus] < 0 { main[name.bus] = index }
        var injected = names.map { _ in (active: 0.0, reactive: 0.0) }
        for (bus, index) in main.enumerated() {
            injected[index] = (injectedActive[bus], injectedReactive[bus])
        }
        func move(_ active: Power, _ reactive: ReactivePower, to index: Int) {
            let from = main[names[index].bus]
            guard from != index, point.voltage[names[index].bus] > .zero else { return }
            injected[index].active += active.kilowatts
            injected[index].reactive += reactive.kilovars
            injected[from].active -= active.kilowatts
            injected[from].reactive -= reactive.kilovars
        }
        for (index, load) in networkCase.loads.enumerated() where load.isConnected {
            let v = voltage(load.bus)
            let dependent = load.constantCurrent * v + load.constantImpedance * v * v
            let part = 1 - load.constantCurrent - load.constantImpedance + dependent
            move(-load.active * part, -load.reactive * part, to: networkCase.place(ofLoad: index))
        }
        for (index, unit) in networkCase.generators.enumerated() where unit.isConnected {
            let reactive = unit.voltage == nil ? unit.reactive : .zero
            move(unit.active, reactive, to: networkCase.place(ofGenerator: index))
        }
        return injected
    }

    private var branches: ResultTable {
        let names = networkCase.namedBuses
        return ResultTable(
            name: "branch",
            columns: [
                .init("branch", nil), .init("from_bus", nil), .init("to_bus", nil), .init("from_kw", 6),
                .init("from_kvar", 6), .init("to_kw", 6), .init("to_kvar", 6), .init("current_a", 6),
                .init("loading_percent", 3),
            ],
            rows: networkCase.network.branches.enumerated().map { index, branch in
                let ends = networkCase.ends(ofBranch: index)
                return [
                    .text(branch.name), .text(names[ends.from].name), .text(names[ends.to].name),
                    .number(point.powerFrom[index].kilowatts), .number(point.reactiveFrom[index].kilovars),
                    .number(point.powerTo[index].kilowatts), .number(point.reactiveTo[index].kilovars),
                    .number(point.current[index].value), .number(loading(index)),
                ]
            })
    }
}

/// A table of results, to be written as CSV or into a database.
struct ResultTable {
    struct Column {
        let name: String
        /// Nil for text.
        let decimals: Int?

        init(_ name: String, _ decimals: Int?) {
            self.name = name
            self.decimals = decimals
        }
    }

    enum Cell {
        case text(String)
        case number(Double?)
    }

    let name: String
    let columns: [Column]
    let rows: [[Cell]]
}
