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

# The profiles of the folder over their steps.
series = sb.get_absolute_values(net, profiles_instead_of_study_cases=True)
with open("simbench/profile_voltages.csv", "w", newline="") as file:
    out = csv.writer(file, lineterminator="\n")
    out.writerow(["step"] + [net.bus.name[i] for i in net.bus.index])
    for step in range(len(net.profiles["load"])):
        for (element, column), values in series.items():
            if values.shape[1]:
                net[element][column] = values.loc[step]
        pp.runpp(net, calculate_voltage_angles=True, tolerance_mva=1e-11, max_iteration=50)
        out.writerow([step] + [repr(float(v)) for v in net.res_bus.vm_pu])
