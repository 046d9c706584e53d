"""Solves the same year of an unbalanced feeder with OpenDSS: unbalanced.py FOLDER FEEDER STEPS CHECKED.

FEEDER is a folder of Tests/Golden/unbalanced. FOLDER/shapes.f64 holds three load shapes of STEPS quarter-hours, which
the loads follow in turn; FOLDER/voltages.f64 our |V| in volts against earth at the first CHECKED steps, step after step,
buses in the order of FOLDER/buses.txt and three phases each, 0 where there is none; FOLDER/taps.f64 our taps there.
Prints one JSON line: timed is the year in yearly mode, shapes in memory, nothing read back.
"""
import csv
import json
import os
import resource
import sys
import time

import numpy as np

PAIRS = ["aa", "ab", "ac", "bb", "bc", "cc"]
MODEL = dict(PQ=1, Z=2, I=5)


def table(folder, name):
    path = os.path.join(folder, name + ".csv")
    return list(csv.DictReader(open(path))) if os.path.exists(path) else []


def nodes(letters):
    return "".join(f".{'abc'.index(p) + 1}" for p in letters)


def matrix(row, quantity, letters, factor=1.0):
    def value(p, q):
        key = p + q if p + q in PAIRS else q + p
        return float(row[next(k for k in row if k.startswith(f"{quantity}_{key}_"))]) * factor
    return "[" + " | ".join(" ".join(repr(value(p, q)) for q in letters) for p in letters) + "]"


def circuit(folder, run):
    """The feeder, with the IEEE tables' own idealisations: a stiff source and regulators without impedance. Gives the
    names of its loads in our order, and of its regulators' transformers in ours."""
    source = table(folder, "source")[0]
    kv = float(source["nominal_kv"])
    run("clear")
    run(f"new circuit.feeder basekv={kv} pu={source['voltage_pu']} angle={source.get('angle_degrees', 0)} "
        f"bus1={source['bus']} r1=0 x1=1e-7 r0=0 x0=1e-7")
    low = {r["to"]: float(r["to_kv"]) for r in table(folder, "transformer")}
    for row in table(folder, "line"):
        if row["from"] in low:
            low[row["to"]] = low[row["from"]]
    for row in table(folder, "configuration"):
        p = row["phases"]
        run(f"new linecode.l{row['config']} nphases={len(p)} units=mi rmatrix={matrix(row, 'r', p)} "
            f"xmatrix={matrix(row, 'x', p)} cmatrix={matrix(row, 'b', p, 1e3 / (2 * np.pi * 60))}")
    regulators = []
    for row in table(folder, "regulator"):
        p, name = row["phases"], f"r{row['name']}{row['phases']}"
        rated = kv if len(p) == 3 else kv / 3**0.5
        ratio = 1 + 0.00625 * int(row.get('tap', 0))
        run(f"new transformer.{name} phases={len(p)} windings=2 buses=[{row['from']}{nodes(p)} {row['to']}{nodes(p)}] "
            f"conns=[wye wye] kvs=[{rated!r} {rated!r}] kvas=[5000 5000] xhl=0.0001 %loadloss=0 "
            f"taps=[1 {ratio!r}] ppm=0")
        run(f"new regcontrol.c{name} transformer={name} winding=2 vreg={row['level_v']} band={row['bandwidth_v']} "
            f"ptratio={row['pt_ratio']} ctprim={row['ct_primary_a']} r={row['r_v']} x={row['x_v']} maxtapchange=1 "
            f"delay={row.get('delay_s', 15)}")
        regulators.append(name)
    for row in table(folder, "transformer"):
        star, lead = row["connection"].rstrip("01"), "lead" if row["connection"].endswith("11") else "lag"
        first, second = ("delta" if star[0] == "D" else "wye"), ("delta" if "d" in star else "wye")
        floating = ".1.2.3.4" if first == "wye" and second == "delta" else ""
        run(f"new transformer.{row['name']} phases=3 windings=2 buses=[{row['from']}{floating} {row['to']}] "
            f"conns=[{first} {second}] kvs=[{kv} {row['to_kv']}] kvas=[{row['kva']} {row['kva']}] "
            f"xhl={row['x_percent']} %loadloss={row['r_percent']} leadlag={lead}")
    loads = []

    def load(row, bus, part):
        for k in range(3):
            p, q = float(row[f"kw_{k + 1}"]) * part, float(row[f"kvar_{k + 1}"]) * part
            if not p and not q:
                continue
            name, rated = f"s{len(loads)}", low.get(bus, kv)
            wye = row["connection"] == "wye"
            ends = f".{k + 1}" if wye else f".{k + 1}.{(k + 1) % 3 + 1}"
            rated = rated / 3**0.5 if wye else rated
            run(f"new load.{name} bus1={bus}{ends} phases=1 conn={'wye' if wye else 'delta'} model={MODEL[row['model']]} "
                f"kv={rated!r} kw={p!r} kvar={q!r} vminpu=0.3 vmaxpu=2")
            loads.append((name, load.row))
        load.row += 1
    load.row = 0
    later = []
    spread = {row["line"]: row for row in table(folder, "distributed")}
    for row in table(folder, "line"):
        p = next(r["phases"] for r in table(folder, "configuration") if r["config"] == row["configuration"])
        parts = [(row["from"], row["to"], 1.0)]
        if row["name"] in spread:
            middle = row["name"]
            parts = [(row["from"], middle, 0.25), (middle, row["to"], 0.75)]
            later += [(spread[row["name"]], middle, 2 / 3), (spread[row["name"]], row["to"], 1 / 3)]
        for i, (start, end, part) in enumerate(parts):
            run(f"new line.{row['name']}_{i} phases={len(p)} bus1={start}{nodes(p)} bus2={end}{nodes(p)} "
                f"linecode=l{row['configuration']} length={float(row['length_ft']) * part!r} units=ft")
    for row in table(folder, "switch"):
        if row["closed"] == "1":
            p = row["phases"]
            run(f"new line.{row['name']} phases={len(p)} bus1={row['from']}{nodes(p)} bus2={row['to']}{nodes(p)} "
                "r1=1e-6 r0=1e-6 x1=0 x0=0 c1=0 c0=0 length=1 units=none")
    for row in table(folder, "load"):
        load(row, row["bus"], 1)
    for part in later:
        load(*part)
    capacitors = []
    for row in table(folder, "capacitor"):
        for k, p in enumerate("abc"):
            if float(row[f"kvar_{p}"]):
                rated, bus, delta = low.get(row["bus"], kv), row["bus"], row.get("connection") == "delta"
                ends = f"bus1={bus}.{k + 1} " + (f"bus2={bus}.{(k + 1) % 3 + 1} " if delta else "")
                run(f"new capacitor.c{len(capacitors)} {ends} phases=1 kv={rated if delta else rated / 3**0.5!r} "
                    f"kvar={row[f'kvar_{p}']}")
                capacitors.append(row)
    run(f"set voltagebases=[{' '.join(repr(v) for v in sorted({kv, *low.values()}))}]")
    run("calcvoltagebases")
    run("set tolerance=1e-8 maxiterations=100 maxcontroliter=200 controlmode=static")
    return loads, regulators


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main():
    import opendssdirect as dss
    folder, feeder, steps, checked = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    shapes = np.fromfile(folder + "/shapes.f64").reshape(3, steps)
    buses = open(folder + "/buses.txt").read().split("\n")
    run = dss.Text.Command

    def prepare():
        loads, regulators = circuit(feeder, run)
        for i, shape in enumerate(shapes):
            run(f"new loadshape.shape{i} npts={steps} interval=0.25")
            dss.LoadShape.Name(f"shape{i}")
            dss.LoadShape.PMult(list(shape))
        for name, row in loads:
            run(f"load.{name}.yearly=shape{row % 3}")
        return regulators

    regulators = prepare()
    run("set mode=yearly stepsize=0.25h number=1")
    ours = np.fromfile(folder + "/voltages.f64").reshape(checked, len(buses), 3)
    taps = np.fromfile(folder + "/taps.f64").reshape(checked, len(regulators))
    place = {name.lower(): i for i, name in enumerate(buses)}
    difference, other = 0.0, 0
    for step in range(checked):
        dss.Solution.Solve()
        theirs = np.zeros((len(buses), 3))
        for name, v in zip(dss.Circuit.AllNodeNames(), dss.Circuit.AllBusVMag()):
            bus, node = name.rsplit(".", 1)
            if bus in place:
                theirs[place[bus], int(node) - 1] = v
        seen = []
        for name in regulators:
            dss.Transformers.Name(name)
            dss.Transformers.Wdg(2)
            seen.append(round((dss.Transformers.Tap() - 1) / 0.00625))
        if (taps[step] != seen).any():
            other += 1
        else:
            known = (ours[step] > 0) & (theirs > 0)
            difference = max(difference, float((np.abs(ours[step] / np.where(known, theirs, 1) - 1) * known).max()))
    cpus, walls = [], []
    for _ in range(3):
        prepare()
        run(f"set mode=yearly stepsize=0.25h number={steps}")
        c, w = cpu(), time.perf_counter()
        dss.Solution.Solve()
        cpus.append(cpu() - c)
        walls.append(time.perf_counter() - w)
    print(json.dumps(dict(tool=f"OpenDSS, {other} of {checked} steps at other taps", cpu=float(np.median(cpus)),
                          wall=float(np.median(walls)), difference=difference)), flush=True)


if __name__ == "__main__":
    main()
