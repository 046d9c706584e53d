public import Grid

/// A solved network as tables of its buses and branches.
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
        ResultTable(
            name: "bus",
            columns: [
                .init("bus", nil), .init("nominal_kv", 6), .init("voltage_pu", 9), .init("angle_deg", 6),
                .init("injected_kw", 6), .init("injected_kvar", 6),
            ],
            rows: networkCase.network.buses.enumerated().map { index, bus in
                [
                    .text(bus.name), .number(bus.nominalVoltage.value / 1000), .number(voltage(index)),
                    .number(point.angle[index] * 180 / .pi), .number(injectedActive[index]),
                    .number(injectedReactive[index]),
                ]
            })
    }

    private var branches: ResultTable {
        let buses = networkCase.network.buses
        return ResultTable(
            name: "branch",
            columns: [
                .init("branch", nil), .init("from_bus", nil), .init("to_bus", nil), .init("from_kw", 6),
                .init("from_kvar", 6), .init("to_kw", 6), .init("to_kvar", 6), .init("current_a", 6),
                .init("loading_percent", 3),
            ],
            rows: networkCase.network.branches.enumerated().map { index, branch in
                [
                    .text(branch.name), .text(buses[branch.from].name), .text(buses[branch.to].name),
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
