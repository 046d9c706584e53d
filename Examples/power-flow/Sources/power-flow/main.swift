// power-flow CASE: the voltages of a case file, per unit.

import CaseFile
import Grid
import PowerFlow

let path = CommandLine.arguments.dropFirst().first ?? ""

let networkCase = try CaseFile.load(path: path).networkCase
let network = networkCase.network
let solver = PowerFlowSolver(network: network)
var point = OperatingPoint(
    buses: network.buses.count, branches: network.branches.count,
    regulators: network.regulators.count)
solver.solve(networkCase.injections, into: &point)
print("\(point.status), losses of \(point.losses.kilowatts) kW")
for (bus, voltage) in zip(network.buses, point.voltage) {
    print(bus.name, voltage / bus.nominalVoltage)
}
