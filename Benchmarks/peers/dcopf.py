"""Solves the DC optimal power flow of a case with other tools: dcopf.py CASE.m COST.

The program: angles and powers, one balance a bus, ratings and limits of angles as rows; a branch carries
x/(r² + x²) times its difference of angles. Prints one JSON line a tool: medians of CPU and wall time of the solver's own
set-up and solution, its matrices being ready; the difference is that of its cost to COST, relative.
"""
import json
import re
import resource
import sys
import time
from importlib.metadata import version

import numpy as np
import scipy.sparse as sp

path, known = sys.argv[1], float(sys.argv[2])


def table(text, name):
    body = re.search(r"mpc\." + name + r"\s*=\s*\[(.*?)\]", text, re.S)[1]
    rows = [np.array(row.split(), float) for row in re.split(r"[;\n]", body) if row.strip()]
    width = max(map(len, rows))
    return np.array([np.pad(row, (0, width - len(row))) for row in rows])


text = re.sub(r"%[^\n]*", "", open(path).read())
base = float(re.search(r"mpc\.baseMVA\s*=\s*([\d.]+)", text)[1])
bus, gen, cost, branch = (table(text, name) for name in ("bus", "gen", "gencost", "branch"))
runs = gen[:, 7] > 0
gen, cost, branch = gen[runs], cost[:len(runs)][runs], branch[branch[:, 10] > 0]
row = {int(number): k for k, number in enumerate(bus[:, 0])}
n, m, L = len(bus), len(gen), np.arange(len(branch))
f, t, at = (np.array([row[int(x)] for x in column]) for column in (branch[:, 0], branch[:, 1], gen[:, 0]))
b = branch[:, 3] / (branch[:, 2] ** 2 + branch[:, 3] ** 2)
across = sp.csr_matrix((np.r_[np.ones(len(L)), -np.ones(len(L))], (np.r_[L, L], np.r_[f, t])), (len(L), n))
balance = sp.hstack([-across.T @ sp.diags(b) @ across, sp.csr_matrix((np.ones(m), (at, np.arange(m))), (n, m))]).tocsc()
demand = (bus[:, 2] + bus[:, 4]) / base
rate = np.where(branch[:, 5] > 0, branch[:, 5] / base, np.inf) / abs(b)
free = (branch[:, 11] == 0) & (branch[:, 12] == 0)
low = np.maximum(-rate, np.where(free | (branch[:, 11] <= -360), -np.inf, np.radians(branch[:, 11])))
high = np.minimum(rate, np.where(free | (branch[:, 12] >= 360), np.inf, np.radians(branch[:, 12])))
kept = np.isfinite(low) | np.isfinite(high)
limits = sp.hstack([across[kept], sp.csr_matrix((int(kept.sum()), m))]).tocsc()
low, high = low[kept], high[kept]
polynomial = np.array([np.r_[np.zeros(3), line[4:4 + int(line[3])]][-3:] for line in cost])
q, c = np.r_[np.zeros(n), polynomial[:, 0] * base ** 2], np.r_[np.zeros(n), polynomial[:, 1] * base]
constant = polynomial[:, 2].sum()
lower, upper = np.r_[np.full(n, -np.inf), gen[:, 9] / base], np.r_[np.full(n, np.inf), gen[:, 8] / base]
reference = np.flatnonzero(bus[:, 1] == 3)
lower[reference] = upper[reference] = 0


def piqp():
    import piqp
    P = sp.diags(2 * q).tocsc()

    def solve():
        solver = piqp.SparseSolver()
        solver.settings.eps_abs = solver.settings.eps_rel = 1e-8
        solver.settings.check_duality_gap = True
        solver.settings.eps_duality_gap_abs, solver.settings.eps_duality_gap_rel = 1e-6, 1e-8
        solver.setup(P, c, balance, demand, limits, low, high, lower, upper)
        assert solver.solve() == piqp.PIQP_SOLVED
        x = solver.result.x
        return float(c @ x + q @ (x * x))
    return solve


def highs(name):
    import highspy
    matrix = sp.vstack([balance, limits]).tocsc()
    model = highspy.HighsModel()
    lp = model.lp_
    lp.num_col_, lp.num_row_ = n + m, matrix.shape[0]
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = c, lower, upper
    lp.row_lower_, lp.row_upper_ = np.r_[demand, low], np.r_[demand, high]
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
    if q.any():
        hessian = sp.diags(2 * q).tocsc()
        model.hessian_.dim_ = n + m
        model.hessian_.start_, model.hessian_.index_, model.hessian_.value_ = hessian.indptr, hessian.indices, hessian.data

    def solve():
        solver = highspy.Highs()
        solver.setOptionValue("output_flag", False)
        if not q.any():
            solver.setOptionValue("solver", name)
        solver.passModel(model)
        solver.run()
        assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        return solver.getObjectiveValue()
    return solve


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def measure(tool, solve):
    start = cpu()
    try:
        value = solve()
    except AssertionError:
        print(f"{tool} ended without a solution")
        return
    first = cpu() - start
    loops = max(1, int(0.05 / max(first, 1e-6)))
    cpus, walls = [], []
    for _ in range(5 if first < 1 else 1):
        a, w = cpu(), time.perf_counter()
        for _ in range(loops):
            solve()
        cpus.append((cpu() - a) / loops)
        walls.append((time.perf_counter() - w) / loops)
    print(json.dumps(dict(tool=tool, cpu=float(np.median(cpus)), wall=float(np.median(walls)),
                          difference=abs((value + constant) / known - 1))), flush=True)


measure(f"PIQP {version('piqp')}", piqp())
measure(f"HiGHS {version('highspy')} simplex", highs("simplex"))
measure(f"HiGHS {version('highspy')} interior point", highs("ipm"))
