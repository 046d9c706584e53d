"""Dispatches the units of one period with other tools: unitdispatch.py FOLDER PROBLEM.

Draws the problem (ed_10, ed_1000, ed_1000_mixed, ed_100000; see Tests/Golden/dispatch/README.md) and writes FOLDER/units.f64:
the demand in MW, the least cost found by numpy, then pmin, pmax, a, b, c of each unit. Prints one JSON line a tool: medians
of CPU and wall time of the solution alone, with arrays or models ready; its difference is that of the cost to numpy's,
relative. `unitdispatch.py csv FOLDER` writes all four as CSV.
"""
import json
import resource
import sys
import time
from importlib.metadata import version

import numpy as np
import scipy.sparse as sp

PROBLEMS = {"ed_10": (10, 10, 0), "ed_1000": (1000, 1000, 0), "ed_1000_mixed": (1000, 1001, 0.3),
            "ed_100000": (100000, 100000, 0)}


def draw(name):
    n, seed, flat = PROBLEMS[name]
    r = np.random.default_rng(seed)
    pmax = np.round(r.uniform(20, 500, n), 1)
    pmin = np.round(pmax * r.uniform(0.1, 0.4, n), 1)
    a, b = np.round(r.uniform(50, 500, n), 2), np.round(r.uniform(8, 40, n), 4)
    c = np.round(r.uniform(0.0005, 0.02, n), 6)
    if flat:
        c[r.uniform(size=n) < flat] = 0
    return np.stack([pmin, pmax, a, b, c], 1), round(float(pmin.sum() + 0.55 * (pmax.sum() - pmin.sum())), 1)


def search(units, demand):
    """λ by sorted breakpoints and running sums."""
    low, high, _, b, c = units.T
    curved = c > 0
    half = np.where(curved, 0.5 / np.where(curved, c, 1), 0)
    points = np.concatenate([b + 2 * c * low, b + 2 * c * high])
    order = np.argsort(points, kind="stable")
    points = points[order]
    slopes = np.cumsum(np.concatenate([half, -half])[order])
    jumps = np.concatenate([np.where(curved, 0, high - low), np.zeros(len(c))])[order]
    total = low.sum() + np.concatenate([[0], np.cumsum(slopes[:-1] * np.diff(points))]) + np.cumsum(jumps)
    k = int(np.searchsorted(total, demand))
    price = points[0] if k == 0 else points[k]
    if k > 0 and slopes[k - 1] > 0:
        price = min(points[k], points[k - 1] + (demand - total[k - 1]) / slopes[k - 1])
    p = np.where(curved, np.clip((price - b) * half, low, high), np.where(b < price, high, low))
    for i in np.flatnonzero(~curved & (b == price)):
        p[i] = min(high[i], low[i] + demand - p.sum())
    return p


def piqp(units, demand):
    import piqp
    low, high, _, b, c = units.T
    rows = sp.csc_matrix(np.ones((1, len(b))))

    def solve():
        solver = piqp.SparseSolver()
        solver.settings.eps_abs = solver.settings.eps_rel = 1e-8
        solver.setup(sp.diags(2 * c).tocsc(), b, rows, np.array([demand]), None, None, None, low, high)
        assert solver.solve() == piqp.PIQP_SOLVED
        return solver.result.x
    return solve


def clarabel(units, demand):
    import clarabel
    low, high, _, b, c = units.T
    eye = sp.identity(len(b), format="csc")
    rows = sp.vstack([np.ones((1, len(b))), eye, -eye], format="csc")
    right = np.r_[demand, high, -low]
    cones = [clarabel.ZeroConeT(1), clarabel.NonnegativeConeT(2 * len(b))]
    settings = clarabel.DefaultSettings()
    settings.verbose = False

    def solve():
        return np.array(clarabel.DefaultSolver(sp.diags(2 * c).tocsc(), b, rows, right, cones, settings).solve().x)
    return solve


def cost(units, p):
    return float((units[:, 2] + p * (units[:, 3] + units[:, 4] * p)).sum())


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def measure(tool, solve, units, least):
    solve()
    cpus, walls = [], []
    loops = max(1, 10000 // len(units))
    for _ in range(5):
        c, w = cpu(), time.perf_counter()
        for _ in range(loops):
            p = solve()
        cpus.append((cpu() - c) / loops)
        walls.append((time.perf_counter() - w) / loops)
    print(json.dumps(dict(tool=tool, cpu=float(np.median(cpus)), wall=float(np.median(walls)),
                          difference=abs(cost(units, p) / least - 1))), flush=True)


if sys.argv[1] == "csv":
    for name in PROBLEMS:
        np.savetxt(f"{sys.argv[2]}/{name}.csv", draw(name)[0], "%.10g", ",", header="pmin_mw,pmax_mw,a,b,c", comments="")
    sys.exit()
folder, name = sys.argv[1:3]
units, demand = draw(name)
least = cost(units, search(units, demand))
np.concatenate([[demand, least], units.ravel()]).tofile(f"{folder}/units.f64")
measure(f"numpy {np.__version__} λ search", lambda: search(units, demand), units, least)
measure(f"PIQP {version('piqp')}", piqp(units, demand), units, least)
measure(f"Clarabel {version('clarabel')}", clarabel(units, demand), units, least)
