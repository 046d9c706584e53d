"""Writes the folder network/: small networks and what pandapower 3.5.6 finds in them. Run once; needs pandapower."""
import copy
import csv
import pandas as pd
import pandapower as pp
from pandapower.control.util.auxiliary import create_q_capability_characteristics_object


def write(net, name, solved, rows=None):
    """The network without empty tables, and the voltages of `solved` by the names of buses."""
    table = rows or [(net.bus.name[i], solved.res_bus.vm_pu[i], solved.res_bus.va_degree[i]) for i in solved.bus.index]
    with open(f"network/{name}.csv", "w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["bus", "vm_pu", "va_degree"])
        out.writerows((n, repr(float(v)), repr(float(a))) for n, v, a in table)
    bare = copy.deepcopy(net)
    for table in [t for t in bare.keys() if t.startswith("res_") or t.startswith("_")] + [
            "std_types", "q_capability_characteristic"]:
        if table in bare:
            del bare[table]
    for table in list(bare.keys()):
        if hasattr(bare[table], "empty") and bare[table].empty:
            del bare[table]
    pp.to_json(bare, f"network/{name}.json")


def run(net, **options):
    pp.runpp(net, calculate_voltage_angles=True, tolerance_mva=1e-11, max_iteration=50, **options)


def line(net, a, b, name):
    pp.create_line_from_parameters(net, a, b, 10.0, 0.12, 0.35, 10.0, 0.4, name=name)


# An ideal tap changer of a three-winding transformer at its star point turns as one at its terminal does: the
# voltages are those of the latter.
for side, steps in [("hv", 1), ("mv", 2), ("lv", -1)]:
    net = pp.create_empty_network(name=f"star_{side}", sn_mva=100.0)
    buses = [pp.create_bus(net, v, name=n) for n, v in [("b0", 380.0), ("b1", 220.0), ("b2", 110.0)]]
    pp.create_ext_grid(net, buses[0], vm_pu=1.02)
    pp.create_transformer3w_from_parameters(
        net, *buses, 380.0, 220.0, 110.0, 400.0, 300.0, 100.0, 10.0, 11.0, 12.0, 0.3, 0.31, 0.32, 30.0, 0.1,
        tap_side=side, tap_neutral=0, tap_min=-9, tap_max=9, tap_step_percent=0.0, tap_step_degree=2.0, tap_pos=steps,
        tap_changer_type="Ideal", tap_at_star_point=True, name="W")
    pp.create_load(net, buses[1], 100.0, 20.0, name="d1")
    pp.create_load(net, buses[2], 40.0, 10.0, name="d2")
    terminal = copy.deepcopy(net)
    terminal.trafo3w["tap_at_star_point"] = False
    run(terminal)
    inner = [("W star", terminal.res_trafo3w.vm_internal_pu[0], terminal.res_trafo3w.va_internal_degree[0])]
    write(net, f"star_{side}", terminal, [
        (net.bus.name[i], terminal.res_bus.vm_pu[i], terminal.res_bus.va_degree[i]) for i in net.bus.index] + inner)

# A remainder is shared by slack_weight.
net = pp.create_empty_network(name="weights", sn_mva=100.0)
buses = [pp.create_bus(net, 110.0, name=f"b{i}") for i in range(3)]
pp.create_ext_grid(net, buses[0], vm_pu=1.02, slack_weight=1)
pp.create_gen(net, buses[1], 20.0, vm_pu=1.01, slack_weight=3, max_p_mw=100.0, min_p_mw=0.0, name="G")
for a, b in [(0, 1), (1, 2), (0, 2)]:
    line(net, a, b, f"l{a}{b}")
pp.create_load(net, buses[2], 80.0, 20.0, name="D")
run(net, distributed_slack=True)
print("weights", net.res_ext_grid.p_mw[0], net.res_gen.p_mw[0])
write(net, "weights", net)

# Two buses that a closed switch joins; devices, lines and limits at both.
net = pp.create_empty_network(name="fused", sn_mva=1.0)
buses = [pp.create_bus(net, 20.0, name=n, min_vm_pu=low, max_vm_pu=1.1) for n, low in
         [("b0", 0.9), ("b1", 0.9), ("b2", 0.95), ("b3", 0.9)]]
pp.create_ext_grid(net, buses[0], vm_pu=1.02)
line(net, 0, 1, "l01")
line(net, 0, 2, "l02")
line(net, 2, 3, "l23")
for bus, p, q in [(1, 1.0, 0.2), (2, 2.0, 0.4), (3, 1.0, 0.1)]:
    pp.create_load(net, bus, p, q, name=f"d{bus}")
pp.create_switch(net, 1, 2, "b", closed=True, name="bar")
run(net)
write(net, "fused", net)

# Two three-winding transformers side by side, an extended ward and a line that is open at one end.
net = pp.create_empty_network(name="three", sn_mva=100.0)
buses = [pp.create_bus(net, v, name=n) for n, v in [("b0", 110.0), ("b1", 20.0), ("b2", 10.0), ("b3", 20.0)]]
pp.create_ext_grid(net, buses[0], vm_pu=1.02)
for name in "AB":
    pp.create_transformer3w_from_parameters(
        net, *buses[:3], 110.0, 20.0, 10.0, 40.0, 25.0, 15.0, 10.0, 11.0, 12.0, 0.3, 0.31, 0.32, 25.0, 0.1, name=name)
pp.create_load(net, buses[1], 21.0, 5.0, name="d1")
pp.create_load(net, buses[2], 8.0, 2.0, name="d2")
pp.create_xward(net, buses[1], 0.0, 0.1, 0.0, 0.2, 0.5, 6.0, 1.0, name="X")
line(net, 1, 3, "L")
pp.create_switch(net, 3, 0, "l", closed=False)
run(net)
write(net, "three", net)
net.trafo3w.loc[0, "in_service"] = False
run(net)
res = net.res_trafo3w.loc[1]
print("B", [100 * (p**2 + q**2) ** 0.5 / s for p, q, s in [
    (res.p_hv_mw, res.q_hv_mvar, 40.0), (res.p_mv_mw, res.q_mv_mvar, 25.0), (res.p_lv_mw, res.q_lv_mvar, 15.0)]])

# Reactive limits from a capability curve.
net = pp.create_empty_network(name="capability", sn_mva=1.0)
buses = [pp.create_bus(net, 20.0, name=f"b{i}") for i in range(3)]
pp.create_ext_grid(net, buses[0], vm_pu=1.02)
line(net, 0, 1, "l01")
line(net, 1, 2, "l12")
pp.create_load(net, buses[1], 2.0, 0.4, name="d1")
pp.create_gen(net, buses[2], 1.5, vm_pu=1.03, min_q_mvar=-50.0, max_q_mvar=50.0, name="G")
net.q_capability_curve_table = pd.DataFrame({
    "id_q_capability_curve": [0, 0, 0], "p_mw": [0.0, 1.0, 2.0], "q_min_mvar": [-0.1, -0.2, -0.4],
    "q_max_mvar": [0.1, 0.2, 0.3]})
net.gen["id_q_capability_characteristic"] = pd.Series([0], dtype="Int64")
net.gen["reactive_capability_curve"] = True
net.gen["curve_style"] = "straightLineYValues"
create_q_capability_characteristics_object(net)
run(net, enforce_q_lims=True)
print("capability", net.res_gen.q_mvar[0])
write(net, "capability", net)
