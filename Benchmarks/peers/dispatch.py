"""Solves the same rolling-horizon windows with other tools: dispatch.py FOLDER.

FOLDER/windows.f64 holds, for 8,760 hours, rows of load, sun, wind (kW) and price (yuan/kWh), then the state before each
window (kWh stored, kW of the genset), then our cost of each window. The program is written out in MicrogridYear.swift.
Prints one JSON line a tool. Timed: from these series in memory to the solution in memory, the model built once, its
vectors changed and solved again from where the tool left off.
"""
import json
import resource
import sys
import time

import numpy as np
import scipy.sparse as sp

HOURS, WINDOW, PER_STEP, RUNS = 8760, 24, 9, 3
PV, WIND, GEN, IMPORT, EXPORT, CHARGE, DISCHARGE, SHED, STORED = range(PER_STEP)
data = np.fromfile(sys.argv[1] + "/windows.f64")
SERIES = data[:4 * HOURS].reshape(HOURS, 4)
STATES = data[4 * HOURS:6 * HOURS].reshape(HOURS, 2)
OURS = data[6 * HOURS:]
KEPT = 1 - 0.0002
STEPS = np.arange(WINDOW)


def model():
    """Cost, upper bounds and the rows: balance and reservoir (equations), then ramps between steps."""
    cost = np.zeros((WINDOW, PER_STEP))
    cost[:, [GEN, EXPORT, DISCHARGE, SHED]] = [0.30, -0.05, 0.01, 5]
    cost[-1, STORED] -= 0.08
    upper = np.zeros((WINDOW, PER_STEP))
    upper[:, [GEN, IMPORT, EXPORT, CHARGE, DISCHARGE, STORED]] = [400, 450, 300, 500, 500, 2000]
    balance, stored = np.zeros(PER_STEP), np.zeros(PER_STEP)
    balance[[PV, WIND, GEN, IMPORT, EXPORT, DISCHARGE, CHARGE, SHED]] = [1, 1, 1, 1, -1, 1, -1, 1]
    stored[[STORED, CHARGE, DISCHARGE]] = [1, -0.95, 1 / 0.95]
    before, gen = np.zeros(PER_STEP), np.zeros(PER_STEP)
    before[STORED], gen[GEN] = KEPT, 1
    eye, lag = sp.identity(WINDOW), sp.eye(WINDOW, k=-1)
    equations = sp.vstack([sp.kron(eye, balance[None]), sp.kron(eye, stored[None]) - sp.kron(lag, before[None])])
    ramps = sp.kron((eye - lag).tocsr()[1:], gen[None])
    return cost, upper, equations.tocsc(), ramps.tocsc()


def window(k, cost, upper):
    """Changes the vectors to those of window k. Returns load, first reservoir term and the genset's first range."""
    rows = SERIES[(k + STEPS) % HOURS]
    upper[:, PV], upper[:, WIND], upper[:, SHED], cost[:, IMPORT] = rows[:, 1], rows[:, 2], rows[:, 0], rows[:, 3]
    stored, running = STATES[k]
    upper[0, GEN] = min(400, running + 100)
    return rows[:, 0], KEPT * stored, max(0, running - 100)


def highs():
    import highspy
    cost, upper, equations, ramps = model()
    matrix = sp.vstack([equations, ramps]).tocsc()
    lower, n, m = np.zeros(WINDOW * PER_STEP), WINDOW * PER_STEP, matrix.shape[0]
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = n, m
    program.col_cost_, program.col_lower_, program.col_upper_ = cost.ravel(), lower, upper.ravel()
    program.row_lower_ = np.r_[np.zeros(2 * WINDOW), np.full(WINDOW - 1, -100.0)]
    program.row_upper_ = np.r_[np.zeros(2 * WINDOW), np.full(WINDOW - 1, 100.0)]
    program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    program.a_matrix_.start_, program.a_matrix_.index_ = matrix.indptr, matrix.indices
    program.a_matrix_.value_ = matrix.data
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.passModel(program)
    columns = np.arange(n, dtype=np.int32)

    def solve(k):
        load, stored, lower[GEN] = window(k, cost, upper)
        solver.changeColsCost(n, columns, cost.ravel())
        solver.changeColsBounds(n, columns, lower, upper.ravel())
        for row in range(WINDOW):
            solver.changeRowBounds(row, load[row], load[row])
        solver.changeRowBounds(WINDOW, stored, stored)
        solver.run()
        np.array(solver.getSolution().col_value)
        return solver.getObjectiveValue()
    return solve


def piqp():
    import piqp
    cost, upper, equations, ramps = model()
    lower, right = np.zeros(WINDOW * PER_STEP), np.zeros(2 * WINDOW)
    right[:WINDOW], right[WINDOW], lower[GEN] = window(0, cost, upper)
    solver = piqp.SparseSolver()
    solver.settings.eps_abs = solver.settings.eps_rel = 1e-8
    solver.settings.check_duality_gap = True
    solver.settings.eps_duality_gap_abs, solver.settings.eps_duality_gap_rel = 1e-6, 1e-8
    solver.settings.eps_primal_inf = solver.settings.eps_dual_inf = 1e-12  # it calls feasible windows infeasible
    limit = np.full(WINDOW - 1, 100.0)
    solver.setup(sp.csc_matrix((cost.size, cost.size)), cost.ravel(), equations, right, ramps, -limit, limit, lower,
                 upper.ravel())

    def solve(k):
        right[:WINDOW], right[WINDOW], lower[GEN] = window(k, cost, upper)
        solver.update(c=cost.ravel(), b=right, x_l=lower, x_u=upper.ravel())
        status = solver.solve()
        assert status == piqp.PIQP_SOLVED, status
        return float(cost.ravel() @ solver.result.x)
    return solve


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def measure(tool, solve):
    cpus, walls = [], []
    for _ in range(RUNS):
        c, w = cpu(), time.perf_counter()
        costs = [solve(k) for k in range(HOURS)]
        cpus.append(cpu() - c)
        walls.append(time.perf_counter() - w)
    difference = float(np.abs(np.array(costs) - OURS).max())
    print(json.dumps(dict(tool=tool, cpu=float(np.median(cpus)), wall=float(np.median(walls)),
                          difference=difference)), flush=True)


for tool, make in [("HiGHS warm simplex", highs), ("PIQP", piqp)]:
    try:
        measure(tool, make())
    except Exception as error:
        print(f"skipped {tool}: {type(error).__name__}: {error}", flush=True)
