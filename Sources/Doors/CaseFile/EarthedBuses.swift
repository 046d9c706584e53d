import Grid
import LinearAlgebra

/// What stands between each bus and earth, S, when parts that a format has no place for are moved there
/// without changing the currents: the constant-impedance part of loads, and the shunts of branches, which
/// weigh 1/ratio² through the ideal transformer at `from`.
struct EarthedBuses {
    var conductance: [Double]
    var susceptance: [Double]
    private let buses: [Bus]

    init(_ buses: [Bus]) {
        self.buses = buses
        conductance = buses.map(\.shuntConductance)
        susceptance = buses.map(\.shuntSusceptance)
    }

    mutating func addImpedanceParts(of loads: [NetworkCase.Load]) {
        for load in loads where load.isConnected && load.constantImpedance != 0 {
            let voltage = buses[load.bus].nominalVoltage.value
            let part = load.constantImpedance / (voltage * voltage)
            conductance[load.bus] += load.active.value * part
            susceptance[load.bus] -= load.reactive.value * part
        }
    }

    mutating func addShunt(of branch: Branch, conductance g: Double, susceptance b: Double) {
        guard branch.isClosed else { return }
        // From siemens on the side of `to` to siemens on the side of `from`.
        let sides = buses[branch.to].nominalVoltage / buses[branch.from].nominalVoltage / branch.ratio
        conductance[branch.from] += g / 2 * sides * sides
        susceptance[branch.from] += b / 2 * sides * sides
        conductance[branch.to] += g / 2
        susceptance[branch.to] += b / 2
    }

    /// What a closed branch from a bus to itself takes there, of a network with this base power, W: with y,
    /// h and t of `TwoPort`, h·(1 + 1/|t|²) + y·|1 − 1/t|².
    mutating func addLoop(_ branch: PerUnitNetwork.Branch, at bus: Int, power: Double) {
        let (turns, voltage) = (branch.inverseTurns, buses[bus].nominalVoltage.value)
        let sum =
            branch.halfShunt * (1 + turns.squared) + branch.seriesAdmittance * (Complex(1, 0) - turns).squared
        conductance[bus] += sum.real * power / (voltage * voltage)
        susceptance[bus] += sum.imaginary * power / (voltage * voltage)
    }
}
