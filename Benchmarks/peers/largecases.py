"""Solves one large power flow with another tool: largecases.py FOLDER CASE.m [LOOPS].

Writes FOLDER/start.c128, the voltages the search begins at (flat, or with the angles of the DC power flow, or those of the
file: the first from which it converges), and FOLDER/voltages.c128, its answer; both by bus in the order of the file, 0 where a
bus is isolated. Prints one JSON line for a new solver (cold) and one for a solver that knows the pattern. Timed: from
admittance matrix, powers and start in memory to voltages in memory, to a mismatch of 1e-8 p.u.; means of LOOPS runs,
medians of them. Its difference is the largest power mismatch of its answer. No reactive limits, one slack.
"""
import json
import re
import resource
import sys
import time
from importlib.metadata import version

import numpy as np
import scipy.sparse as sp
from scipy.sparse.linalg import spsolve

folder, file = sys.argv[1:3]
LOOPS = int(sys.argv[3]) if len(sys.argv) > 3 else 1


def table(text, name):
    body = re.search(r"mpc\." + name + r"\s*=\s*\[(.*?)\]", text, re.S)[1]
    rows = [row.split() for row in re.split(r"[;\n]", body.replace(",", " ")) if row.strip()]
    width = min(map(len, rows))
    return np.array([row[:width] for row in rows], float)


text = "\n".join(line.split("%")[0] for line in open(file, errors="replace"))
base = float(re.search(r"mpc\.baseMVA\s*=\s*([^;]+);", text)[1])
bus, gen, branch = (table(text, name) for name in ("bus", "gen", "branch"))
live = bus[:, 1] != 4
number = {int(name): k for k, name in enumerate(bus[live, 0])}
bus = bus[live]
gen = gen[(gen[:, 7] > 0) & [int(name) in number for name in gen[:, 0]]]
branch = branch[(branch[:, 10] == 1) & [int(a) in number and int(b) in number for a, b in branch[:, :2]]]
a, b = (np.array([number[int(name)] for name in branch[:, side]]) for side in (0, 1))
at = np.array([number[int(name)] for name in gen[:, 0]])
N = len(bus)

# The admittance matrix of the file's branch model: an ideal transformer at the first bus, then a π.
series = 1 / (branch[:, 2] + 1j * branch[:, 3])
far = series + 0.5j * branch[:, 4]
ratio = np.where(branch[:, 8] == 0, 1, branch[:, 8]) * np.exp(1j * np.radians(branch[:, 9]))
own, shunt = np.arange(N), (bus[:, 4] + 1j * bus[:, 5]) / base
Y = sp.csc_matrix((np.r_[far / abs(ratio) ** 2, far, -series / ratio.conj(), -series / ratio, shunt],
                   (np.r_[a, b, a, b, own], np.r_[a, b, b, a, own])), (N, N))
S = -(bus[:, 2] + 1j * bus[:, 3]) / base
np.add.at(S, at, (gen[:, 1] + 1j * gen[:, 2]) / base)
runs = np.zeros(N, bool)
runs[at] = True
slack = np.flatnonzero((bus[:, 1] == 3) & runs)[:1]
held = np.setdiff1d(np.flatnonzero(((bus[:, 1] == 2) | (bus[:, 1] == 3)) & runs), slack)
free = np.setdiff1d(own, np.r_[slack, held])
magnitude = np.ones(N)
magnitude[at] = gen[:, 5]
magnitude[free] = 1


def angles():
    """Of the DC power flow."""
    y = 1 / branch[:, 3] / np.where(branch[:, 8] == 0, 1, branch[:, 8])
    matrix = sp.csc_matrix((np.r_[y, y, -y, -y], (np.r_[a, b, a, b], np.r_[a, b, b, a])), (N, N))
    power, shift = S.real - shunt.real, y * np.radians(branch[:, 9])
    np.add.at(power, a, shift)
    np.add.at(power, b, -shift)
    rest, theta = np.setdiff1d(own, slack), np.zeros(N)
    theta[rest] = spsolve(matrix[rest][:, rest], power[rest])
    return theta


def filed():
    given = bus[:, 7].copy()
    given[np.r_[slack, held]] = magnitude[np.r_[slack, held]]
    return given * np.exp(1j * np.radians(bus[:, 8] - bus[slack, 8]))


def mismatch(v):
    error = v * np.conj(Y @ v) - S
    return float(np.abs(np.r_[error[free], error[held].real]).max())


def lightsim2grid():
    from lightsim2grid import lightsim2grid_cpp as cpp
    weight, index = np.zeros(N), lambda which: which.astype(np.int32)
    weight[slack] = 1

    def solve(solver, start):
        solver.compute_pf(Y, start.copy(), S, index(slack), weight, index(held), index(free), 30, 1e-8)
        return solver
    for name, make in (("flat", lambda: magnitude.astype(complex)),
                       ("DC", lambda: magnitude * np.exp(1j * angles())), ("file", filed)):
        start = make()
        known = solve(cpp.NRSing_KLU(), start)
        if known.converged():
            break
    else:
        raise ArithmeticError("converges from no start")
    measure("cold", name, known, lambda: solve(cpp.NRSing_KLU(), start))
    measure("repeated", name, known, lambda: solve(known, start))
    write("start", start)
    write("voltages", known.get_V())


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def measure(kind, start, solver, body):
    cpus, walls = [], []
    for _ in range(5):
        c, w = cpu(), time.perf_counter()
        for _ in range(LOOPS):
            body()
        cpus.append((cpu() - c) / LOOPS)
        walls.append((time.perf_counter() - w) / LOOPS)
    tool = f"lightsim2grid {version('lightsim2grid')} {kind}, {start} start, {solver.get_nb_iter()} iterations"
    print(json.dumps(dict(tool=tool, cpu=float(np.median(cpus)), wall=float(np.median(walls)),
                          difference=mismatch(np.array(solver.get_V())))), flush=True)


def write(name, values):
    everywhere = np.zeros(len(live), complex)
    everywhere[live] = values
    everywhere.tofile(f"{folder}/{name}.c128")


lightsim2grid()
