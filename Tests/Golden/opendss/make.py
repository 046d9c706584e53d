"""Answers of OpenDSS for the scripts of this folder: python make.py (opendssdirect.py 0.9.4)."""

import csv
import glob
import os

import opendssdirect as dss

here = os.path.dirname(os.path.abspath(__file__))
command = dss.Text.Command


def node_rows(name):
    for bus in dss.Circuit.AllBusNames():
        dss.Circuit.SetActiveBus(bus)
        voltages = dss.Bus.VMagAngle()
        for index, node in enumerate(dss.Bus.Nodes()):
            magnitude, angle = voltages[2 * index], voltages[2 * index + 1]
            yield [name, bus, node, f"{magnitude:.7g}", f"{angle:.7g}", f"{dss.Bus.kVBase() * 1000:.7g}"]


def control_rows(name):
    if dss.RegControls.Count():
        for control in dss.RegControls.AllNames():
            dss.RegControls.Name(control)
            yield [name, control, dss.RegControls.TapNumber()]
    if dss.CapControls.Count():
        for control in dss.CapControls.AllNames():
            dss.CapControls.Name(control)
            dss.Capacitors.Name(dss.CapControls.Capacitor())
            yield [name, control, sum(dss.Capacitors.States())]


def main():
    dss.Basic.AllowForms(False)
    dss.Basic.AllowEditor(False)
    nodes, controls, sums = [], [], []
    scripts = sorted(glob.glob(os.path.join(here, "*.dss"))) + [os.path.join(here, "language/main.dss")]
    for script in scripts:
        name = os.path.relpath(script, here)[:-4]
        command("clear")
        command("set defaultbasefrequency=60")
        command(f'redirect "{script}"')
        for option in ("tolerance=1e-10", "maxiterations=500", "maxcontroliter=500"):
            command(f"set {option}")
        command("solve mode=snap")
        if not dss.Solution.Converged():
            raise SystemExit(f"{name} has no solution")
        nodes += node_rows(name)
        controls += control_rows(name)
        loss = dss.Circuit.Losses()[0] / 1000
        power = dss.Circuit.TotalPower()
        sums.append([name, f"{loss:.7g}", f"{-power[0]:.7g}", f"{-power[1]:.7g}"])
    tables = [
        ("nodes", ["script", "bus", "node", "voltage_v", "angle_degree", "base_v"], nodes),
        ("controls", ["script", "control", "position"], controls),
        ("sums", ["script", "losses_kw", "source_kw", "source_kvar"], sums),
    ]
    for table, header, rows in tables:
        with open(os.path.join(here, "answers", table + ".csv"), "w", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(header)
            writer.writerows(rows)


main()
