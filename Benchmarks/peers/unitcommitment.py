"""Commits the units of Kazarlis with other tools: unitcommitment.py FOLDER UNITS GAP COST.

FOLDER holds uc_units.csv and uc_demand.csv (see Tests/Golden/dispatch/README.md); COST is the cost to compare with. The program is
the usual one: on, start and stop of each unit and hour, secants over ten segments, a cold start where no stop of the last
hours was recent. Prints one JSON line a tool: medians of CPU and wall time of building the arrays (without reading) and
solving; the difference is (the tool's cost on its secants - COST) / COST.
"""
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version

import numpy as np

SEGMENTS = 10


def build(units, demand):
    hours, n = len(demand), len(units)
    size = 4 + SEGMENTS
    column = lambda i, t, j: (i * hours + t) * size + j
    count = n * hours * size
    cost, lower, upper = np.zeros(count), np.zeros(count), np.ones(count)
    whole = np.zeros(count, np.uint8)
    start, index, value, low, high = [0], [], [], [], []

    def row(columns, values, least, most):
        index.extend(columns), value.extend(values)
        start.append(len(index)), low.append(least), high.append(most)
    inf = np.inf
    curve = lambda g, p: g[2] + g[3] * p + g[4] * p * p
    for i, g in enumerate(units):
        up, down, recent, past = int(g[5]), int(g[6]), int(g[6] + g[9]), int(g[10])
        width = (g[1] - g[0]) / SEGMENTS
        slopes = [(curve(g, g[0] + (s + 1) * width) - curve(g, g[0] + s * width)) / width for s in range(SEGMENTS)]
        for t in range(hours):
            on, starts, stops, cold = (column(i, t, j) for j in range(4))
            cost[on], cost[starts], cost[cold] = curve(g, g[0]), g[7], g[8] - g[7]
            whole[[on, starts, stops]] = 1
            for s in range(SEGMENTS):
                cost[column(i, t, 4 + s)], upper[column(i, t, 4 + s)] = slopes[s], width
                row([column(i, t, 4 + s), on], [1, -width], -inf, 0)
            if t == 0:
                row([on, starts, stops], [1, -1, 1], float(past > 0), float(past > 0))
            else:
                row([on, column(i, t - 1, 0), starts, stops], [1, -1, -1, 1], 0, 0)
            last = range(max(0, t - up + 1), t + 1)
            row([column(i, q, 1) for q in last] + [on], [1.0] * len(last) + [-1.0], -inf, 0)
            last = range(max(0, t - down + 1), t + 1)
            row([column(i, q, 2) for q in last] + [on], [1.0] * len(last) + [1.0], -inf, 1)
            if past > 0 and t < up - past:
                lower[on] = 1
            if past < 0 and t < down + past:
                upper[on] = 0
            last = range(max(0, t - recent), t)
            was = 1.0 if past < 0 and past >= t - recent else 0.0
            row([cold, starts] + [column(i, q, 2) for q in last], [1.0, -1.0] + [1.0] * len(last), -was, inf)
    for t in range(hours):
        columns, values = [], []
        for i, g in enumerate(units):
            columns += [column(i, t, 0)] + [column(i, t, 4 + s) for s in range(SEGMENTS)]
            values += [g[0]] + [1.0] * SEGMENTS
        row(columns, values, demand[t], demand[t])
        row([column(i, t, 0) for i in range(n)], [g[1] for g in units], 1.1 * demand[t], inf)
    return cost, lower, upper, whole, start, index, value, low, high


def model(parts):
    import highspy
    cost, lower, upper, whole, start, index, value, low, high = parts
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(cost), len(low)
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = cost, lower, upper
    lp.row_lower_, lp.row_upper_ = np.array(low, float), np.array(high, float)
    lp.integrality_ = [highspy.HighsVarType.kInteger if w else highspy.HighsVarType.kContinuous for w in whole]
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_ = np.array(start, np.int32), np.array(index, np.int32)
    lp.a_matrix_.value_ = np.array(value, float)
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.passModel(lp)
    return solver


def highs(parts, gap):
    solver = model(parts)
    solver.setOptionValue("mip_rel_gap", gap)
    solver.setOptionValue("time_limit", 300.0)
    solver.run()
    return solver.getInfo().objective_function_value


def cbc(parts, gap):
    with tempfile.TemporaryDirectory() as folder:
        model(parts).writeModel(f"{folder}/model.mps")
        command = ["cbc", f"{folder}/model.mps", "-ratio", str(gap), "-sec", "300", "-solve"]
        text = subprocess.run(command, stdout=subprocess.PIPE, text=True).stdout
    return float(re.search(r"Objective value:\s+([-\d.e+]+)", text)[1])


def seconds():
    usage = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in usage)


def measure(tool, solve, target, runs):
    walls, cpus = [], []
    for _ in range(runs):
        wall, cpu = time.perf_counter(), seconds()
        cost = solve()
        walls.append(time.perf_counter() - wall), cpus.append(seconds() - cpu)
    print(json.dumps(dict(tool=tool, cpu=float(np.median(cpus)), wall=float(np.median(walls)),
                          difference=cost / target - 1)), flush=True)


def main(folder, count, gap, target):
    copies = count // 10
    units = np.vstack([np.loadtxt(f"{folder}/uc_units.csv", delimiter=",", skiprows=1)] * copies)
    demand = np.loadtxt(f"{folder}/uc_demand.csv", skiprows=1) * copies
    runs = 3 if gap > 1e-4 or count == 10 else 1
    measure("HiGHS " + version("highspy"), lambda: highs(build(units, demand), gap), target, runs)
    if shutil.which("cbc"):
        measure("CBC", lambda: cbc(build(units, demand), gap), target, 1)
    else:
        print("skipped CBC: not installed (Debian: coinor-cbc)")


if __name__ == "__main__":
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4]))
