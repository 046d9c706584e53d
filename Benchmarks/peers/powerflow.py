"""Solves the same year of power flows with other tools: powerflow.py FOLDER BRANCHES.

FOLDER/injections.f64 holds P[step][bus] then Q[step][bus], p.u. of 1 MVA, positive into the network;
FOLDER/voltages.f64 our |V|[step][bus], p.u.; BRANCHES from, to, r_ohm, x_ohm at 12.66 kV. Prints one JSON line a tool.
Timed: from arrays in the tool's own form in memory to voltages in memory, tolerance 1e-8.
"""
import csv
import json
import resource
import sys
import time
import warnings

import numpy as np

warnings.simplefilter("ignore")
BUSES, KV, RUNS = 33, 12.66, 5
folder, branches = sys.argv[1:3]
rows = list(csv.DictReader(open(branches)))
FROM = np.array([int(r["from"]) for r in rows])
TO = np.array([int(r["to"]) for r in rows])
R = np.array([float(r["r_ohm"]) for r in rows])
X = np.array([float(r["x_ohm"]) for r in rows])
P, Q = -np.fromfile(folder + "/injections.f64").reshape(2, -1, BUSES)
OURS = np.fromfile(folder + "/voltages.f64").reshape(-1, BUSES)
LOADED = np.arange(1, BUSES)
STEPS = len(P)


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def measure(tool, solve):
    cpus, walls = [], []
    for _ in range(RUNS + 1):
        c, w = cpu(), time.perf_counter()
        magnitudes = solve()
        cpus.append(cpu() - c)
        walls.append(time.perf_counter() - w)
    difference = float(np.abs(np.abs(magnitudes) - OURS).max())
    print(json.dumps(dict(tool=tool, cpu=float(np.median(cpus[1:])), wall=float(np.median(walls[1:])),
                          difference=difference)), flush=True)


def power_grid_model(method):
    from power_grid_model import PowerGridModel, initialize_array
    lines, loads = len(rows), len(LOADED)
    node = initialize_array("input", "node", BUSES)
    node["id"], node["u_rated"] = np.arange(BUSES), KV * 1e3
    line = initialize_array("input", "line", lines)
    line["id"], line["from_node"], line["to_node"] = BUSES + np.arange(lines), FROM, TO
    line["from_status"] = line["to_status"] = 1
    line["r1"], line["x1"], line["c1"], line["tan1"], line["i_n"] = R, X, 0, 0, 1e5
    source = initialize_array("input", "source", 1)
    source["id"], source["node"], source["status"], source["u_ref"] = BUSES + lines, 0, 1, 1.0
    source["sk"], source["rx_ratio"], source["z01_ratio"] = 1e17, 0, 1
    load = initialize_array("input", "sym_load", loads)
    load["id"], load["node"] = BUSES + lines + 1 + np.arange(loads), LOADED
    load["status"], load["type"], load["p_specified"], load["q_specified"] = 1, 0, 0, 0
    model = PowerGridModel(dict(node=node, line=line, source=source, sym_load=load))
    update = dict(sym_load=dict(p_specified=np.ascontiguousarray(P[:, LOADED]) * 1e6,
                                q_specified=np.ascontiguousarray(Q[:, LOADED]) * 1e6))
    return lambda: model.calculate_power_flow(
        update_data=update, symmetric=True, error_tolerance=1e-8, max_iterations=100, calculation_method=method,
        threading=-1, output_component_types={"node": ["u_pu"]})["node"]["u_pu"]


def lightsim2grid(policy):
    from lightsim2grid import lightsim2grid_cpp as cpp
    from lightsim2grid.network import init_from_matpower
    bus = np.zeros((BUSES, 13))
    bus[:, 0], bus[:, 1], bus[:, 6], bus[:, 7], bus[:, 9] = np.arange(1, BUSES + 1), 1, 1, 1, KV
    bus[:, 10], bus[:, 11], bus[:, 12], bus[0, 1] = 1, 1.5, 0.5, 3
    bus[LOADED, 2] = bus[LOADED, 3] = 0.01
    gen = np.zeros((1, 21))
    gen[0, [0, 3, 4, 5, 6, 7, 8, 9]] = [1, 1e3, -1e3, 1, 1, 1, 1e3, -1e3]
    branch = np.zeros((len(rows), 13))
    branch[:, 0], branch[:, 1], branch[:, 2], branch[:, 3] = FROM + 1, TO + 1, R / KV**2, X / KV**2
    branch[:, 10], branch[:, 11], branch[:, 12] = 1, -360, 360
    grid = init_from_matpower(dict(version="2", baseMVA=1.0, bus=bus, gen=gen, branch=branch))
    assert [load.bus_id for load in grid.get_loads()] == list(LOADED)
    series = cpp.TimeSeriesCPP(grid)
    series.change_algorithm(cpp.AlgorithmType.NRSing_KLU)
    algorithm = cpp.NRSing_KLU()
    if policy:
        algorithm.set_refactor_policy(getattr(cpp.RefactorPolicyType, policy))
        series.set_algo_config(algorithm.get_config())
    generation, static = np.zeros((STEPS, 1)), np.zeros((STEPS, 0))
    p, q = np.ascontiguousarray(P[:, LOADED]), np.ascontiguousarray(Q[:, LOADED])
    start = np.full(BUSES, 1, complex)

    def solve():
        series.compute_Vs(generation, static, p, q, start, 60, 1e-8)
        return np.array(series.get_voltages())[:, :BUSES]
    return solve


for tool, make, option in [
        ("lightsim2grid chord", lightsim2grid, "Chord"), ("lightsim2grid Newton", lightsim2grid, None),
        ("power-grid-model iterative current", power_grid_model, "iterative_current"),
        ("power-grid-model Newton", power_grid_model, "newton_raphson")]:
    try:
        measure(tool, make(option))
    except Exception as error:
        print(f"skipped {tool}: {type(error).__name__}: {error}", flush=True)
