"""Solves the AC optimal power flow of a case with Ipopt and MUMPS by way of CasADi: acopf.py CASE.m COST.

The program: polar voltages, P and Q balance of every bus, squares of ratings at both ends, differences of angles, boxes;
costs polynomial, or piecewise linear as the largest of their lines. CasADi generates exact derivatives. Prints one JSON line:
medians of CPU and wall time of the solver alone, the program being built; the difference is that of its cost to COST,
relative. Before it, a line with the cost, and the CPU time of building the program.
"""
import json
import re
import resource
import sys
import time
from importlib.metadata import version

import casadi as ca
import numpy as np

path, known = sys.argv[1], float(sys.argv[2])


def table(text, name):
    body = re.search(r"mpc\." + name + r"\s*=\s*\[(.*?)\]", text, re.S)[1]
    rows = [np.array(row.split(), float) for row in re.split(r"[;\n]", body) if row.strip()]
    width = max(map(len, rows))
    return np.array([np.pad(row, (0, width - len(row))) for row in rows])


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


text = re.sub(r"%[^\n]*", "", open(path).read())
base = float(re.search(r"mpc\.baseMVA\s*=\s*([\d.]+)", text)[1])
bus, gen, cost, branch = (table(text, name) for name in ("bus", "gen", "gencost", "branch"))
runs = gen[:, 7] > 0
gen, cost, branch = gen[runs], cost[:len(runs)][runs], branch[branch[:, 10] > 0]
row = {int(number): k for k, number in enumerate(bus[:, 0])}
f, t, at = ([row[int(x)] for x in column] for column in (branch[:, 0], branch[:, 1], gen[:, 0]))
n, m = len(bus), len(gen)

began = cpu()
angle, v, p, q = (ca.SX.sym(name, size) for name, size in (("a", n), ("v", n), ("p", m), ("q", m)))
series = 1 / (branch[:, 2] + 1j * branch[:, 3])
own = series + 0.5j * branch[:, 4]
tap = np.where(branch[:, 8] == 0, 1, branch[:, 8]) * np.exp(1j * np.radians(branch[:, 9]))
ff, ft, tf = own / abs(tap) ** 2, -series / np.conj(tap), -series / tap
d = angle[f] - angle[t]
cos, sin, product = ca.cos(d), ca.sin(d), v[f] * v[t]
column = lambda x: ca.DM(np.ascontiguousarray(x))
p_from = column(ff.real) * v[f] ** 2 + product * (column(ft.real) * cos + column(ft.imag) * sin)
q_from = -column(ff.imag) * v[f] ** 2 + product * (column(ft.real) * sin - column(ft.imag) * cos)
p_to = column(own.real) * v[t] ** 2 + product * (column(tf.real) * cos - column(tf.imag) * sin)
q_to = -column(own.imag) * v[t] ** 2 - product * (column(tf.real) * sin + column(tf.imag) * cos)
active = [bus[k, 2] / base + bus[k, 4] / base * v[k] ** 2 for k in range(n)]
reactive = [bus[k, 3] / base - bus[k, 5] / base * v[k] ** 2 for k in range(n)]
for k in range(len(branch)):
    active[f[k]] += p_from[k]
    active[t[k]] += p_to[k]
    reactive[f[k]] += q_from[k]
    reactive[t[k]] += q_to[k]
for k in range(m):
    active[at[k]] -= p[k]
    reactive[at[k]] -= q[k]
rated = [int(k) for k in np.flatnonzero(branch[:, 5] > 0)]
square = (branch[rated, 5] / base) ** 2
bounded = [int(k) for k in range(len(branch)) if branch.shape[1] > 12 and branch[k, 11:13].any()
           and (branch[k, 11] > -360 or branch[k, 12] < 360)]
rows = [*active, *reactive, (p_from ** 2 + q_from ** 2)[rated], (p_to ** 2 + q_to ** 2)[rated], d[bounded]]
low = np.r_[np.zeros(2 * n), np.full(2 * len(rated), -np.inf), np.radians(branch[bounded, 11])]
high = np.r_[np.zeros(2 * n), square, square, np.radians(branch[bounded, 12])]
objective, extra = ca.SX(0), []
for k in range(m):
    numbers = cost[k, 4:]
    if cost[k, 0] == 2:
        for e, c in enumerate(numbers[:int(cost[k, 3])][::-1]):
            objective += c * (p[k] * base) ** e
        continue
    points = numbers[:2 * int(cost[k, 3])].reshape(-1, 2)
    height = ca.SX.sym(f"y{k}")
    extra.append(height)
    objective += height
    for (x0, y0), (x1, y1) in zip(points, points[1:]):
        rows.append(height - y0 - (y1 - y0) / (x1 - x0) * (p[k] * base - x0))
        low, high = np.r_[low, 0], np.r_[high, np.inf]
x = ca.vertcat(angle, v, p, q, *extra)
lower = np.r_[np.full(n, -np.inf), bus[:, 12], gen[:, 9] / base, gen[:, 4] / base, np.full(len(extra), -np.inf)]
upper = np.r_[np.full(n, np.inf), bus[:, 11], gen[:, 8] / base, gen[:, 3] / base, np.full(len(extra), np.inf)]
reference = np.flatnonzero(bus[:, 1] == 3)
lower[reference] = upper[reference] = 0
middle = lambda a, b: np.where(np.isfinite(a + b), (a + b) / 2, 0)
start = np.r_[np.zeros(n), np.ones(n), middle(lower[2 * n:], upper[2 * n:])]
solver = ca.nlpsol("solver", "ipopt", dict(x=x, f=objective, g=ca.vertcat(*rows)), dict(
    print_time=False, ipopt=dict(print_level=0, sb="yes", linear_solver="mumps", max_cpu_time=200.0)))
built = cpu() - began

cpus, walls = [], []
while len(cpus) < 5 and sum(cpus) < 10:
    a, w = cpu(), time.perf_counter()
    result = solver(x0=start, lbx=lower, ubx=upper, lbg=low, ubg=high)
    cpus.append(cpu() - a)
    walls.append(time.perf_counter() - w)
status = solver.stats()
print(f"Ipopt: {float(result['f']):.10g}, {status['return_status']}, {status['iter_count']} iterations; "
      f"building the program took {built:.3f} s of CPU time")
if status["success"]:
    print(json.dumps(dict(tool=f"Ipopt-MUMPS (CasADi {version('casadi')})", cpu=float(np.median(cpus)),
                          wall=float(np.median(walls)), difference=abs(float(result["f"]) / known - 1))))
