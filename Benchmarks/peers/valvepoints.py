"""Dispatches units with valve points by HiGHS: valvepoints.py FOLDER PROBLEM DEMAND COST.

FOLDER holds PROBLEM.csv (see Tests/Golden/dispatch/README.md). Every arc between two valve points is sampled at nine points, the
cost between them a straight line, one binary a line; the true cost of the powers found is compared: the difference is
(cost - COST) / COST. Prints one JSON line: CPU and wall time of building and solving.
"""
import json
import resource
import sys
import time
from importlib.metadata import version

import highspy
import numpy as np


def solve(units, demand):
    solver = highspy.Highs()
    for name, value in (("output_flag", False), ("threads", 1), ("time_limit", 300.0), ("mip_rel_gap", 1e-6)):
        solver.setOptionValue(name, value)
    inf = highspy.kHighsInf
    cost = lambda u, p: u[2] + u[3] * p + u[4] * p * p + np.abs(u[5] * np.sin(u[6] * (u[0] - p)))
    weights, balance = [], ([], [])
    columns = 0
    for u in units:
        kinks = np.append(np.arange(u[0], u[1], np.pi / u[6]), u[1])
        points = np.unique(np.concatenate([np.linspace(a, b, 9) for a, b in zip(kinks, kinks[1:])]))
        w = list(range(columns, columns + len(points)))
        z = list(range(columns + len(points), columns + 2 * len(points) - 1))
        columns += 2 * len(points) - 1
        for p in points:
            solver.addVar(0, 1)
            solver.changeColCost(solver.getNumCol() - 1, float(cost(u, p)))
        for _ in z:
            solver.addVar(0, 1)
            solver.changeColIntegrality(solver.getNumCol() - 1, highspy.HighsVarType.kInteger)
        for group in (w, z):
            solver.addRow(1, 1, len(group), np.array(group, np.int32), np.ones(len(group)))
        for j in range(len(w)):
            near = z[max(0, j - 1):j + 1]
            solver.addRow(-inf, 0, 1 + len(near), np.array([w[j]] + near, np.int32), np.array([1.0] + [-1.0] * len(near)))
        balance[0].extend(w), balance[1].extend(points)
        weights.append((w, points))
    solver.addRow(demand, demand, len(balance[0]), np.array(balance[0], np.int32), np.array(balance[1]))
    solver.run()
    x = np.array(solver.getSolution().col_value)
    p = np.array([x[w] @ points for w, points in weights])
    return float(sum(cost(u, q) for u, q in zip(units, p)))


def main(folder, problem, demand, target):
    units = np.loadtxt(f"{folder}/{problem}.csv", delimiter=",", skiprows=1)
    usage = lambda: sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    wall, cpu = time.perf_counter(), usage()
    cost = solve(units, demand)
    print(json.dumps(dict(tool="HiGHS " + version("highspy"), cpu=usage() - cpu, wall=time.perf_counter() - wall,
                          difference=cost / target - 1)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]), float(sys.argv[4]))
