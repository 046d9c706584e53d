// battery-size SCENARIO DEVICE KWH DIRECTORY: simulates a scenario with another capacity of one battery.

import Devices
import Export
import Grid
import Report
import Results
import ScenarioFile
import Simulator

let arguments = Array(CommandLine.arguments.dropFirst())
guard arguments.count == 4, let size = Double(arguments[2]), size > 0 else {
    throw ExportError("usage: battery-size SCENARIO DEVICE KWH DIRECTORY")
}
let (path, name, output) = (arguments[0], arguments[1], arguments[3])

let loaded = try ScenarioFile.load(path: path)
var template = loaded.template
try template.change(name) { $0.battery?.capacity = Energy(kilowattHours: size) }
let scenario = template.scenario(seed: 7)
let inputs = loaded.inputs.map { FileDigest(name: $0.path, bytes: $0.bytes) }
let writer = try RunWriter(scenario, inputs: inputs, in: RunDirectory(at: output))
for record in Simulation(scenario) { try writer.take(record) }
try writer.finish()
try writer.add(RunReport(writer.summary).html(), as: "report.html")
try writer.publish()
print("\(output): a bill of \(writer.summary.bill.yuan) yuan")
