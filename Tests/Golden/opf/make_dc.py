"""Least costs of DC optimal power flows: make_dc.py CASE.m … prints name, branch model, $/h.

Independent of Karst: the file is read here, the program is built by scipy and solved by HiGHS (quadratic costs by its
active-set method, piecewise linear ones by a variable above all lines). Made with highspy 1.16.0, numpy 2.4.6, scipy 1.17.1.
"""
import re
import sys

import highspy
import numpy as np
import scipy.sparse as sp


def table(text, name):
    body = re.search(r"mpc\." + name + r"\s*=\s*\[(.*?)\]", text, re.S)[1]
    rows = [np.array(row.split(), float) for row in re.split(r"[;\n]", body) if row.strip()]
    width = max(map(len, rows))
    return np.array([np.pad(row, (0, width - len(row))) for row in rows])


def solve(path, model):
    text = re.sub(r"%[^\n]*", "", open(path).read())
    base = float(re.search(r"mpc\.baseMVA\s*=\s*([\d.]+)", text)[1])
    bus, gen, cost, branch = (table(text, name) for name in ("bus", "gen", "gencost", "branch"))
    runs = gen[:, 7] > 0
    gen, cost, branch = gen[runs], cost[:len(runs)][runs], branch[branch[:, 10] > 0]
    row = {int(number): k for k, number in enumerate(bus[:, 0])}
    n, m, lines = len(bus), len(gen), np.arange(len(branch))
    f, t, at = (np.array([row[int(x)] for x in column]) for column in (branch[:, 0], branch[:, 1], gen[:, 0]))
    r, x = branch[:, 2], branch[:, 3]
    ratio = np.where(branch[:, 8] == 0, 1, branch[:, 8])
    b, shift = (x / (r * r + x * x), 0 * x) if model == "plain" else (1 / (x * ratio), np.radians(branch[:, 9]))
    A = sp.csr_matrix((np.r_[np.ones(len(f)), -np.ones(len(f))], (np.r_[lines, lines], np.r_[f, t])), (len(f), n))
    flows = sp.diags(b) @ A
    G = sp.csr_matrix((np.ones(m), (at, np.arange(m))), (n, m))
    # Columns: angles, powers (MW), costs.
    zero = sp.csr_matrix
    rows, low, high = [sp.hstack([-base * A.T @ flows, G, zero((n, m))])], [bus[:, 2] + bus[:, 4] - base * A.T @ (b * shift)], []
    high.append(low[0])
    rate = np.where(branch[:, 5] > 0, branch[:, 5] / base, np.inf)
    rows.append(sp.hstack([flows, zero((len(f), 2 * m))]))
    low.append(-rate + b * shift)
    high.append(rate + b * shift)
    q, c, constant = np.zeros(n + 2 * m), np.zeros(n + 2 * m), 0.0
    for k, line in enumerate(cost):
        if line[0] == 1:
            points = line[4:4 + 2 * int(line[3])].reshape(-1, 2)
            c[n + m + k] = 1
            for (p0, c0), (p1, c1) in zip(points, points[1:]):
                slope = (c1 - c0) / (p1 - p0)
                rows.append(zero(([1, -slope], ([0, 0], [n + m + k, n + k])), (1, n + 2 * m)))
                low.append([c0 - slope * p0])
                high.append([np.inf])
        else:
            coefficients = np.r_[np.zeros(3), line[4:4 + int(line[3])]][-3:]
            q[n + k], c[n + k] = coefficients[0], coefficients[1]
            constant += coefficients[2]
    matrix, low, high = sp.vstack(rows).tocsc(), np.concatenate(low), np.concatenate(high)
    lower = np.r_[np.full(n, -np.inf), gen[:, 9], np.full(m, -np.inf)]
    upper = np.r_[np.full(n, np.inf), gen[:, 8], np.full(m, np.inf)]
    reference = np.flatnonzero(bus[:, 1] == 3)
    lower[reference] = upper[reference] = 0
    program = highspy.HighsModel()
    lp = program.lp_
    lp.num_col_, lp.num_row_ = n + 2 * m, len(low)
    lp.col_cost_, lp.col_lower_, lp.col_upper_, lp.row_lower_, lp.row_upper_ = c, lower, upper, low, high
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
    if q.any():
        program.hessian_.dim_ = n + 2 * m
        hessian = sp.diags(2 * q).tocsc()
        program.hessian_.start_, program.hessian_.index_, program.hessian_.value_ = hessian.indptr, hessian.indices, hessian.data
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("primal_feasibility_tolerance", 1e-10)
    solver.setOptionValue("dual_feasibility_tolerance", 1e-10)
    solver.passModel(program)
    solver.run()
    assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal, solver.getModelStatus()
    return solver.getObjectiveValue() + constant


for path in sys.argv[1:]:
    for model in ("plain", "tapped"):
        print(path.split("/")[-1], model, repr(solve(path, model)))
