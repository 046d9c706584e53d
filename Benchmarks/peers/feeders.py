"""Solves the same series of a published feeder with OpenDSS: feeders.py FOLDER SCRIPT STEPS INTERVAL ROOFS CHECKED.

FOLDER/shapes.f64 holds load shapes of STEPS steps of INTERVAL seconds: load i follows shape i mod their number, and with
ROOFS every other load has an inverter with Volt-VAR that follows the last. FOLDER/nodes.csv names our nodes with their
nominal voltages; FOLDER/voltages.f64 and taps.f64 hold ours of the first CHECKED steps. Prints one JSON line: timed is the
series in yearly mode, shapes in memory, nothing read back.
"""
import json
import resource
import sys
import time

import numpy as np


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main():
    import opendssdirect as dss
    folder, script = sys.argv[1], sys.argv[2]
    steps, interval, roofs, checked = int(sys.argv[3]), float(sys.argv[4]), int(sys.argv[5]), int(sys.argv[6])
    shapes = np.fromfile(folder + "/shapes.f64").reshape(-1, steps)
    own = len(shapes) - (1 if roofs else 0)
    run = dss.Text.Command

    def prepare(tight):
        run("clear")
        run(f'compile "{script}"')
        for i, shape in enumerate(shapes):
            run(f"new loadshape.bench{i} npts={steps} sinterval={interval} mult=[1]")
            dss.LoadShape.Name(f"bench{i}")
            dss.LoadShape.Npts(steps)
            dss.LoadShape.PMult(list(shape))
        for i, name in enumerate(dss.Loads.AllNames()):
            run(f"load.{name}.yearly=bench{i % own}")
        if roofs:
            run("new xycurve.benchvv npts=4 xarray=[.92 .98 1.02 1.08] yarray=[1 0 0 -1]")
            for i, name in enumerate(dss.Loads.AllNames()):
                if i % 2 == 0 and i // 2 < roofs:
                    dss.Circuit.SetActiveElement("load." + name)
                    bus, kv = dss.CktElement.BusNames()[0], dss.Properties.Value("kv")
                    run(f"new pvsystem.roof{i} bus1={bus} phases=1 kv={kv} kva=5 pmpp=4.5 irradiance=1 pf=1 %cutin=0 "
                        f"%cutout=0 kvarmax=2.2 kvarmaxabs=2.2 vminpu=.5 vmaxpu=1.5 wattpriority=no yearly=bench{own}")
            tolerances = "varchangetolerance=1e-6 voltagechangetolerance=1e-8" if tight else ""
            run(f"new invcontrol.bench mode=voltvar vvc_curve1=benchvv refreactivepower=varmax {tolerances}")
        run("set tolerance=1e-8 maxiterations=1000 maxcontroliter=5000 controlmode=static")
        run(f"set mode=yearly stepsize={interval}s number=1")

    rows = [row.rsplit(",", 1) for row in open(folder + "/nodes.csv").read().split("\n")]
    place = {name.lower(): i for i, (name, _) in enumerate(rows)}
    base = np.array([float(v) for _, v in rows])
    ours = np.fromfile(folder + "/voltages.f64").reshape(checked, len(rows), 2)
    ours = ours[..., 0] + 1j * ours[..., 1]
    prepare(True)
    taps = np.fromfile(folder + "/taps.f64").reshape(checked, -1)
    difference, other = 0.0, 0
    for step in range(checked):
        dss.Solution.Solve()
        seen = []
        more = dss.RegControls.First()
        while more:
            seen.append(dss.RegControls.TapNumber())
            more = dss.RegControls.Next()
        if len(seen) and (taps[step] != seen).any():
            other += 1
            continue
        v = np.array(dss.Circuit.AllBusVolts()).reshape(-1, 2)
        for name, (re, im) in zip(dss.Circuit.AllNodeNames(), v):
            i = place[name.lower()]
            difference = max(difference, abs(complex(re, im) - ours[step, i]) / base[i])
    cpus, walls = [], []
    for _ in range(3):
        prepare(False)
        run(f"set number={steps}")
        c, w = cpu(), time.perf_counter()
        dss.Solution.Solve()
        cpus.append(cpu() - c)
        walls.append(time.perf_counter() - w)
    print(json.dumps(dict(tool=f"OpenDSS, {other} of {checked} steps at other taps", cpu=float(np.median(cpus)),
                          wall=float(np.median(walls)), difference=difference)), flush=True)


if __name__ == "__main__":
    main()
