"""Solves the same year of a feeder with controls by OpenDSS: controls.py FOLDER STEPS CHECKED.

FOLDER/feeder.json holds volts, branches (from, to, ohms), the head transformer (r and x p.u., VA) and the solar plants (bus,
peak W); active.f64 and reactive.f64 the loads of 33 buses in kW and kvar, bus after bus; sun.f64 what each plant could give,
of its peak; voltages.f64 and taps.f64 our |V| p.u. and tap at the first CHECKED steps. Prints a JSON line a setting: as
OpenDSS comes, and with its inverters settled closely. Timed is the year in yearly mode, shapes in memory, nothing read back.
"""
import json
import resource
import sys
import time

import numpy as np
import opendssdirect as dss

folder, steps, checked = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
feeder = json.load(open(folder + "/feeder.json"))
read = lambda name, rows: np.fromfile(f"{folder}/{name}.f64").reshape(rows, -1)
P, Q, SUN = read("active", 33), read("reactive", 33), read("sun", len(feeder["plants"]))
OURS, TAPS = read("voltages", 33), read("taps", 1)[0]
KV = feeder["volts"] / 1e3
run = dss.Text.Command


def shape(name, active, reactive=None):
    run(f"new loadshape.{name} npts={steps} interval=0.25")
    dss.LoadShape.Name(name)
    dss.LoadShape.PMult(list(active))
    if reactive is not None:
        dss.LoadShape.QMult(list(reactive))


def circuit(settings):
    r, x, va = feeder["transformer"]
    run("clear")
    run(f"new circuit.feeder basekv={KV} pu=1.0 bus1=grid r1=0 x1=1e-7 r0=0 x0=1e-7")
    run(f"new transformer.head windings=2 buses=(grid 0) kvs=({KV} {KV}) kvas=({va / 1e3} {va / 1e3}) xhl={100 * x} "
        f"%rs=({50 * r} {50 * r}) ppm_antifloat=0")
    run("edit transformer.head wdg=2 numtaps=32 mintap=0.9 maxtap=1.1")
    for i, (start, end, r, x) in enumerate(feeder["branches"]):
        run(f"new line.l{i} bus1={start:.0f} bus2={end:.0f} r1={r!r} x1={x!r} r0={r!r} x0={x!r} c1=0 c0=0 length=1 units=none")
    for bus in range(1, 33):
        shape(f"s{bus}", P[bus], Q[bus])
        run(f"new load.d{bus} bus1={bus} kv={KV} kw=1 kvar=1 model=8 zipv=(0.3 0.3 0.4 0.3 0.3 0.4 0) vminpu=0.1 vmaxpu=2 "
            f"yearly=s{bus}")
    run("new xycurve.var npts=4 xarray=(0.92 0.98 1.02 1.08) yarray=(1 0 0 -1)")
    run("new xycurve.one npts=2 xarray=(0 1) yarray=(1 1)")
    for i, (bus, peak) in enumerate(feeder["plants"]):
        shape(f"sun{i}", SUN[i])
        kva = peak / 1e3 * 1.1
        run(f"new pvsystem.p{i} bus1={bus:.0f} kv={KV} kva={kva!r} pmpp={peak / 1e3!r} irradiance=1 %cutin=0 %cutout=0 "
            f"vminpu=0.1 vmaxpu=2 effcurve=one kvarmax={0.44 * kva!r} kvarmaxabs={0.44 * kva!r} wattpriority=yes yearly=sun{i}")
    run(f"new invcontrol.i mode=voltvar vvc_curve1=var refreactivepower=varmax {settings}")
    run(f"new regcontrol.r transformer=head winding=2 bus=5 vreg=100 band=2 ptratio={KV * 10 / 3**0.5!r} delay=30")
    run(f"set voltagebases=[{KV}]")
    run("calcvoltagebases")
    run("set tolerance=1e-8 maxiterations=100 maxcontroliter=1000 controlmode=static")


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def compare(settings):
    """The number of steps at another tap, and the largest difference of |V| in the others."""
    circuit(settings)
    run("set mode=yearly stepsize=0.25h number=1")
    dss.Transformers.Name("head")
    dss.Transformers.Wdg(2)
    order, other, difference = None, 0, 0.0
    for step in range(checked):
        dss.Solution.Solve()
        order = order or [dss.Circuit.AllBusNames().index(str(bus)) for bus in range(33)]
        magnitudes = np.array(dss.Circuit.AllBusMagPu())[::3][order]
        if round((dss.Transformers.Tap() - 1) / 0.00625) != TAPS[step]:
            other += 1
        else:
            difference = max(difference, float(np.abs(magnitudes - OURS[:, step]).max()))
    return other, difference


for name, settings, runs in [
        ("as it comes", "", 3),
        ("settled closely", "varchangetolerance=1e-4 voltagechangetolerance=1e-5 deltaq_factor=0.5", 1)]:
    try:
        other, difference = compare(settings)
        cpus, walls = [], []
        for _ in range(runs):
            circuit(settings)
            run(f"set mode=yearly stepsize=0.25h number={steps}")
            c, w = cpu(), time.perf_counter()
            dss.Solution.Solve()
            cpus.append(cpu() - c)
            walls.append(time.perf_counter() - w)
        print(json.dumps(dict(tool=f"OpenDSS {name}, {other} of {checked} steps at other taps", cpu=float(np.median(cpus)),
                              wall=float(np.median(walls)), difference=difference)), flush=True)
    except Exception as error:
        print(f"skipped OpenDSS {name}: {type(error).__name__}: {error}", flush=True)
