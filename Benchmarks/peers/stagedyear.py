"""Solves a year of microgrids with other tools: stagedyear.py FOLDER TABLE lp|qp|dc COST.

FOLDER/TABLE.csv and its parameters are described in FOLDER/README.md, which states the program; storage is cyclic.
Prints one JSON line a tool: CPU and wall seconds from the matrices in memory to the solution, and how far its cost is
from COST, relatively.
"""
import json
import resource
import sys
import time

import numpy as np
import scipy.sparse as sp

folder, table, kind, known = sys.argv[1], sys.argv[2], sys.argv[3], float(sys.argv[4])
EACH = 9
PV, WIND, GEN, IMPORT, EXPORT, CHARGE, DISCHARGE, SHED, STORED = range(EACH)


def read(name):
    return np.atleast_2d(np.genfromtxt(f"{folder}/{name}.csv", delimiter=",", skip_header=1))


def model():
    """Cost, curvature, upper and lower bounds, equations and their right-hand side, ramps and their limits."""
    series, grids = read(table), read(table[:3] + "_params")
    lines = np.zeros((0, 5)) if table.startswith("mg1") else read("mg5_lines")
    steps, hours, count = len(series), 8760 / len(series), len(grids)
    width = EACH * count + len(lines)
    cost, curve = np.zeros((steps, width)), np.zeros((steps, width))
    lower, upper = np.zeros((steps, width)), np.zeros((steps, width))
    eye = sp.identity(steps, format="csr")
    back = eye[np.r_[steps - 1, 0:steps - 1]]
    equations, right, ramps, limits = [], [], [], []
    for g, p in enumerate(grids):
        at = EACH * g
        load, pv, wind = series[:, 3 * g:3 * g + 3].T
        upper[:, at + PV], upper[:, at + WIND], upper[:, at + SHED] = pv, wind, load
        upper[:, [at + k for k in (GEN, IMPORT, EXPORT, CHARGE, DISCHARGE, STORED)]] = p[[9, 13, 14, 2, 3, 1]]
        cost[:, at + IMPORT] = hours * series[:, -1]
        cost[:, [at + k for k in (GEN, EXPORT, DISCHARGE, SHED)]] = hours * np.array([p[11], -p[15], p[8], p[16]])
        curve[:, at + GEN] = hours * p[12] if kind == "qp" else 0
        balance, stored, before, gen = np.zeros((4, width))
        balance[at:at + EACH] = [1, 1, 1, 1, -1, -1, 1, 1, 0]
        for k, line in enumerate(lines):
            balance[EACH * count + k] = (line[2] == g + 1) - float(line[1] == g + 1)
        stored[[at + STORED, at + CHARGE, at + DISCHARGE]] = [1, -p[4] * hours, hours / p[5]]
        before[at + STORED], gen[at + GEN] = (1 - p[6]) ** hours, 1
        equations += [sp.kron(eye, balance[None]), sp.kron(eye, stored[None]) - sp.kron(back, before[None])]
        right += [load, np.zeros(steps)]
        ramps.append(sp.kron((eye - back)[1:], gen[None]))
        limits.append(np.full(steps - 1, p[10] * hours))
    lower[:, EACH * count:], upper[:, EACH * count:] = -lines[:, 4], lines[:, 4]
    if kind == "dc":
        for cycle in [[(0, 1), (1, 1), (5, -1)], [(2, 1), (3, 1), (4, 1), (5, 1)]]:
            row = np.zeros(width)
            for k, sign in cycle:
                row[EACH * count + k] = sign * lines[k, 3]
            equations.append(sp.kron(eye, row[None]))
            right.append(np.zeros(steps))
    return (cost.ravel(), curve.ravel(), lower.ravel(), upper.ravel(), sp.vstack(equations).tocsc(), np.concatenate(right),
            sp.vstack(ramps).tocsc(), np.concatenate(limits))


def highs(m):
    import highspy
    cost, _, lower, upper, equations, right, ramps, limits = m
    matrix = sp.vstack([equations, ramps]).tocsc()
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = len(cost), matrix.shape[0]
    program.col_cost_, program.col_lower_, program.col_upper_ = cost, lower, upper
    program.row_lower_, program.row_upper_ = np.r_[right, -limits], np.r_[right, limits]
    program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    program.a_matrix_.start_, program.a_matrix_.index_, program.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.passModel(program)
    solver.run()
    return solver.getObjectiveValue()


def piqp(m):
    import piqp
    cost, curve, lower, upper, equations, right, ramps, limits = m
    solver = piqp.SparseSolver()
    solver.settings.eps_abs = solver.settings.eps_rel = 1e-8
    solver.settings.check_duality_gap = True
    solver.settings.eps_duality_gap_abs, solver.settings.eps_duality_gap_rel = 1e-6, 1e-8
    solver.settings.eps_primal_inf = solver.settings.eps_dual_inf = 1e-12  # it calls feasible years infeasible
    solver.setup(sp.diags(2 * curve).tocsc(), cost, equations, right, ramps, -limits, limits, lower, upper)
    status = solver.solve()
    assert status == piqp.PIQP_SOLVED, status
    x = solver.result.x
    return float(cost @ x + curve @ (x * x))


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


built = model()
# HiGHS's quadratic method does not end in minutes; PIQP takes minutes for Kirchhoff's law.
tools = {"lp": [("HiGHS simplex", highs), ("PIQP", piqp)], "qp": [("PIQP", piqp)], "dc": [("HiGHS simplex", highs)]}
for tool, solve in tools[kind]:
    try:
        runs = 1 if table.startswith("mg5") else 3
        times = []
        for _ in range(runs):
            c, w = cpu(), time.perf_counter()
            found = solve(built)
            times.append((cpu() - c, time.perf_counter() - w))
        took = np.median(np.array(times), axis=0)
        print(json.dumps(dict(tool=tool, cpu=took[0], wall=took[1], difference=abs(found - known) / known)), flush=True)
    except Exception as error:
        print(f"skipped {tool}: {type(error).__name__}: {error}", flush=True)
