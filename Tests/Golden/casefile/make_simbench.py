"""Writes voltages.csv beside the made-up SimBench tables of the folder simbench: what simbench 1.6.3's csv2pp and pandapower 3.5.6
make of them. Its converter leaves out of which kind the tap changers are, without which pandapower takes no notice of them;
they are ratio changers. Run once; needs both."""
import csv
import pandapower as pp
import simbench as sb

net = sb.csv2pp("simbench", sep=";")
net.trafo["tap_changer_type"] = "Ratio"
pp.runpp(net, calculate_voltage_angles=True, tolerance_mva=1e-11, max_iteration=50)
with open("simbench/voltages.csv", "w", newline="") as file:
    out = csv.writer(file, lineterminator="\n")
    out.writerow(["bus", "vm_pu", "va_degree"])
    for i in net.bus.index:
        out.writerow([net.bus.name[i], repr(float(net.res_bus.vm_pu[i])), repr(float(net.res_bus.va_degree[i]))])
    at = net.line.index[net.line.name == "Line 3"][0]
    out.writerow(["MV Bus 3_1", repr(float(net.res_line.vm_to_pu[at])), repr(float(net.res_line.va_to_degree[at]))])
    # The converter drops the auxiliary nodes that closed switches join to a busbar.
    bar = net.bus.index[net.bus.name == "MV Bar"][0]
    out.writerow(["MV Bar_1", repr(float(net.res_bus.vm_pu[bar])), repr(float(net.res_bus.va_degree[bar]))])
