"""From a file of profiles to a file of voltages with another tool: endtoend.py FOLDER.

FOLDER/network.json as powerflow.py reads it; FOLDER/profile.csv: a heading, then a row a step: step, then for each bus k = 1,
2 … that takes anything the columns k_kw and k_kvar; FOLDER/output/voltages.csv our answer: a heading, then a row a step with
the columns k_pu among others, |V| p.u. of bus k.
Prints one JSON line a tool. Timed: the whole of reading the file, solving every step to 1e-8 p.u. and writing |V| of every bus.
"""
import json
import resource
import sys
import time
from importlib.metadata import version

import numpy as np
import pandas as pd
from power_grid_model import PowerGridModel, initialize_array

folder = sys.argv[1]
network = json.load(open(folder + "/network.json"))
KV, SOURCE = network["kv"], network["source"]
BRANCHES = np.array(network["branches"])
BUSES, LINES, OHMS, HERTZ = int(BRANCHES[:, :2].max()) + 1, len(BRANCHES), KV * KV, 50


def table(kind, count, first, **columns):
    rows = initialize_array("input", kind, count)
    for name, values in dict(id=first + np.arange(count), **columns).items():
        rows[name] = values
    return rows


def voltages():
    """|V| of every step and bus."""
    profile = pd.read_csv(folder + "/profile.csv", index_col=0)
    active, reactive = list(profile.columns[0::2]), list(profile.columns[1::2])
    buses = np.array([int(name.split("_")[0]) - 1 for name in active])
    model = PowerGridModel(dict(
        node=table("node", BUSES, 0, u_rated=KV * 1e3),
        line=table("line", LINES, BUSES, from_node=BRANCHES[:, 0], to_node=BRANCHES[:, 1], from_status=1, to_status=1,
                   r1=BRANCHES[:, 2] * OHMS, x1=BRANCHES[:, 3] * OHMS, c1=BRANCHES[:, 4] / OHMS / (2 * np.pi * HERTZ), tan1=0,
                   i_n=1e5),
        source=table("source", 1, BUSES + LINES, node=0, status=1, u_ref=SOURCE, sk=1e17, rx_ratio=0, z01_ratio=1),
        sym_load=table("sym_load", len(buses), BUSES + LINES + 1, node=buses, status=1, type=0, p_specified=0,
                       q_specified=0)))
    update = dict(sym_load=dict(p_specified=profile[active].to_numpy() * 1e3,
                                q_specified=profile[reactive].to_numpy() * 1e3))
    return model.calculate_power_flow(
        update_data=update, symmetric=True, error_tolerance=1e-8, max_iterations=100,
        calculation_method="iterative_current", threading=-1, output_component_types={"node": ["u_pu"]})["node"]["u_pu"]


def binary(values):
    np.save(folder + "/theirs.npy", values)


def text(values):
    pd.DataFrame(values).to_csv(folder + "/theirs.csv", float_format="%.9f")


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


ours = pd.read_csv(folder + "/output/voltages.csv")
OURS = ours[[f"{bus + 1}_pu" for bus in range(BUSES)]].to_numpy()
for name, write, runs in [("numpy's binary file out", binary, 3), ("CSV out", text, 1)]:
    cpus, walls = [], []
    for _ in range(runs):
        c, w = cpu(), time.perf_counter()
        theirs = voltages()
        write(theirs)
        cpus.append(cpu() - c)
        walls.append(time.perf_counter() - w)
    tool = f"power-grid-model {version('power-grid-model')} with pandas {version('pandas')}, {name}"
    print(json.dumps(dict(tool=tool, cpu=float(np.median(cpus)), wall=float(np.median(walls)),
                          difference=float(np.abs(theirs - OURS).max()))), flush=True)
