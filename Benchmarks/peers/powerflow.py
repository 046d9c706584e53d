"""Solves the same year of power flows with other tools: powerflow.py FOLDER.

FOLDER/network.json: kv, source (its |V|), branches as rows of from, to, r, x, b, regulators as rows of bus, |V|; p.u. of 1 MVA.
FOLDER/active.f64 and reactive.f64: [step][bus], p.u., positive into the network. FOLDER/voltages.c128: our V[step][bus].
Prints one JSON line a tool. Timed: from arrays in the tool's own form in memory to the voltages of every bus and step in
memory, to a mismatch of 1e-8 p.u.; the difference is the largest |V - ours|, or ||V| - |ours|| where a tool gives no angle.
"""
import json
import resource
import sys
import time
import warnings
from importlib.metadata import version

import numpy as np

warnings.simplefilter("ignore")
folder = sys.argv[1]
network = json.load(open(folder + "/network.json"))
KV, SOURCE = network["kv"], network["source"]
FROM, TO = (np.array([row[k] for row in network["branches"]], int) for k in (0, 1))
R, X, B = (np.array([row[k] for row in network["branches"]], float) for k in (2, 3, 4))
HELD = np.array([row[0] for row in network["regulators"]], int)
HELD_AT = np.array([row[1] for row in network["regulators"]], float)
BUSES, LINES = int(max(FROM.max(), TO.max())) + 1, len(FROM)
P, Q = (-np.fromfile(f"{folder}/{name}.f64").reshape(-1, BUSES) for name in ("active", "reactive"))
OURS = np.fromfile(folder + "/voltages.c128", complex).reshape(-1, BUSES)
LOADED = np.flatnonzero((P != 0).any(0) | (Q != 0).any(0))
P, Q = np.ascontiguousarray(P[:, LOADED]), np.ascontiguousarray(Q[:, LOADED])
STEPS = len(P)
HERTZ = 50


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def measure(tool, solve, runs=3):
    """solve() gives V or |V| of every bus, at every step or at the last ones."""
    cpus, walls = [], []
    for _ in range(runs):
        c, w = cpu(), time.perf_counter()
        voltages = solve()
        cpus.append(cpu() - c)
        walls.append(time.perf_counter() - w)
    voltages = np.atleast_2d(voltages() if callable(voltages) else voltages)
    ours = OURS[-len(voltages):]
    difference = float(np.abs(voltages - (ours if np.iscomplexobj(voltages) else np.abs(ours))).max())
    print(json.dumps(dict(tool=tool, cpu=float(np.median(cpus)), wall=float(np.median(walls)),
                          difference=difference)), flush=True)


def power_grid_model(method):
    from power_grid_model import PowerGridModel, initialize_array, power_grid_meta_data

    def table(kind, count, first, **columns):
        rows = initialize_array("input", kind, count)
        for name, values in dict(id=first + np.arange(count), **columns).items():
            rows[name] = values
        return rows
    if len(HELD) and method != "newton_raphson":
        return None
    if len(HELD) and "voltage_regulator" not in power_grid_meta_data["input"]:
        raise NotImplementedError("this version cannot hold a voltage")
    ohms, loads, plants = KV * KV, len(LOADED), len(HELD)
    line, source = BUSES, BUSES + LINES
    load, plant = source + 1, source + 1 + loads
    grid = dict(
        node=table("node", BUSES, 0, u_rated=KV * 1e3),
        line=table("line", LINES, line, from_node=FROM, to_node=TO, from_status=1, to_status=1, r1=R * ohms, x1=X * ohms,
                   c1=B / ohms / (2 * np.pi * HERTZ), tan1=0, i_n=1e5),
        source=table("source", 1, source, node=0, status=1, u_ref=SOURCE, sk=1e17, rx_ratio=0, z01_ratio=1),
        sym_load=table("sym_load", loads, load, node=LOADED, status=1, type=0, p_specified=0, q_specified=0))
    if plants:
        grid["sym_gen"] = table("sym_gen", plants, plant, node=HELD, status=1, type=0, p_specified=0, q_specified=0)
        grid["voltage_regulator"] = table("voltage_regulator", plants, plant + plants, regulated_object=grid["sym_gen"]["id"],
                                          status=1, u_ref=HELD_AT)
    model = PowerGridModel(grid)
    update = dict(sym_load=dict(p_specified=P * 1e6, q_specified=Q * 1e6))
    return lambda: model.calculate_power_flow(
        update_data=update, symmetric=True, error_tolerance=1e-8, max_iterations=100, calculation_method=method,
        threading=-1, output_component_types={"node": ["u_pu"]})["node"]["u_pu"]


def lightsim2grid(policy):
    from lightsim2grid import lightsim2grid_cpp as cpp
    from lightsim2grid.network import init_from_matpower
    bus = np.zeros((BUSES, 13))
    bus[:, 0], bus[:, 1], bus[:, 6], bus[:, 7], bus[:, 9] = np.arange(1, BUSES + 1), 1, 1, 1, KV
    bus[:, 10], bus[:, 11], bus[:, 12], bus[0, 1], bus[HELD, 1] = 1, 1.5, 0.5, 3, 2
    bus[LOADED, 2] = bus[LOADED, 3] = 0.01
    gen = np.zeros((1 + len(HELD), 21))
    gen[:, [3, 4, 6, 7, 8, 9]] = [1e3, -1e3, 1, 1, 1e3, -1e3]
    gen[:, 0], gen[:, 5] = np.r_[0, HELD] + 1, np.r_[SOURCE, HELD_AT]
    branch = np.zeros((LINES, 13))
    branch[:, 0], branch[:, 1], branch[:, 2], branch[:, 3], branch[:, 4] = FROM + 1, TO + 1, R, X, B
    branch[:, 10], branch[:, 11], branch[:, 12] = 1, -360, 360
    grid = init_from_matpower(dict(version="2", baseMVA=1.0, bus=bus, gen=gen, branch=branch))
    assert [load.bus_id for load in grid.get_loads()] == list(LOADED)
    series = cpp.TimeSeriesCPP(grid)
    series.change_algorithm(cpp.AlgorithmType.NRSing_KLU)
    algorithm = cpp.NRSing_KLU()
    if policy:
        algorithm.set_refactor_policy(getattr(cpp.RefactorPolicyType, policy))
        series.set_algo_config(algorithm.get_config())
    generation, static = np.zeros((STEPS, 1 + len(HELD))), np.zeros((STEPS, 0))
    start = np.full(BUSES, SOURCE, complex)
    start[HELD] = HELD_AT

    def solve():
        series.compute_Vs(generation, static, P, Q, start, 60, 1e-8)
        return np.array(series.get_voltages())[:, :BUSES]
    return solve


def opendss(_):
    """As a one-phase circuit; yearly mode, nothing recorded: the cheapest form. It can tell the last step's voltages."""
    import opendssdirect as dss
    if len(HELD):
        return None
    command, ohms = dss.Text.Command, KV * KV
    command("clearall")
    command(f"set defaultbasefrequency={HERTZ}")
    command(f"new circuit.feeder bus1=b0 basekv={KV} pu={SOURCE} phases=1 angle=0 r1=0 x1=1e-7 r0=0 x0=1e-7")
    for k in range(LINES):
        farads = B[k] / ohms / (2 * np.pi * HERTZ) * 1e9
        command(f"new line.l{k} bus1=b{FROM[k]} bus2=b{TO[k]} phases=1 length=1 units=none r1={R[k] * ohms} x1={X[k] * ohms} "
                f"r0={R[k] * ohms} x0={X[k] * ohms} c1={farads} c0={farads}")
    for column, bus in enumerate(LOADED):
        command(f"new loadshape.s{bus} npts={STEPS} interval=0.25")
        dss.LoadShape.Name(f"s{bus}")
        dss.LoadShape.UseActual(True)
        dss.LoadShape.PMult(np.ascontiguousarray(P[:, column]) * 1e3)
        dss.LoadShape.QMult(np.ascontiguousarray(Q[:, column]) * 1e3)
        command(f"new load.d{bus} bus1=b{bus} phases=1 conn=wye kv={KV} model=1 vminpu=0.5 vmaxpu=1.5 kw=1 kvar=1 yearly=s{bus}")
    command(f"set voltagebases=[{KV * 3 ** 0.5}]")
    command("calcvoltagebases")
    command("set mode=yearly controlmode=off maxiterations=1000 tolerance=1e-8 stepsize=900s")

    def voltages():
        assert dss.Solution.Converged()
        nodes = {name.split(".")[0]: v for name, v in zip(dss.Circuit.AllNodeNames(), dss.Circuit.AllBusVMag())}
        return np.array([nodes[f"b{bus}"] for bus in range(BUSES)]) / (KV * 1e3)

    def solve():
        command(f"set hour=0 sec=0 number={STEPS}")
        dss.Solution.Solve()
        return voltages
    return solve


for tool, package, make, option in [
        ("chord", "lightsim2grid", lightsim2grid, "Chord"), ("Newton", "lightsim2grid", lightsim2grid, None),
        ("iterative current", "power-grid-model", power_grid_model, "iterative_current"),
        ("Newton", "power-grid-model", power_grid_model, "newton_raphson"),
        ("yearly", "opendssdirect.py", opendss, None)]:
    try:
        solve = make(option)
        if solve:
            measure(f"{package} {version(package)} {tool}", solve, 1 if package == "opendssdirect.py" else 3)
    except Exception as error:
        print(f"skipped {package} {tool}: {type(error).__name__}: {error}", flush=True)
