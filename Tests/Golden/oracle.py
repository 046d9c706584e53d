"""The power flow of a MATPOWER case, twice: by a plain Newton method here, whose mismatch is taken in extended
precision, and by pandapower's admittance matrix with lightsim2grid's Newton method. The two must agree."""
import re
import numpy as np
import scipy.sparse as sp
from scipy.sparse.linalg import splu

PQ, PV, REF = 1, 2, 3
BUS, TYPE, PD, QD, GS, BS, VM, VA, KV = 0, 1, 2, 3, 4, 5, 7, 8, 9  # columns of bus
GBUS, PG, QG, QMAX, QMIN, VG, GON = 0, 1, 2, 3, 4, 5, 7  # of gen
FROM, TO, R, X, B, TAP, SHIFT, ON = 0, 1, 2, 3, 4, 8, 9, 10  # of branch


def read(path, has_costs=False):
    """The tables of a case file, in MW and per unit: the lines that convert units are recognised, not run."""
    text = open(path, encoding="utf-8", errors="replace").read()
    text = "\n".join(line.split("%")[0] for line in text.split("\n"))

    def number(cell):
        above, _, below = cell.partition("/")
        return float(above) / (np.sqrt(3) if below == "sqrt(3)" else float(below or 1))

    def table(name, columns):
        rows = re.search(rf"mpc\.{name}\s*=\s*\[(.*?)\]", text, re.S)[1].replace(",", " ")
        rows = [[number(cell) for cell in row.split()] for row in re.split(r"[;\n]", rows) if row.strip()]
        return np.array([row[:columns] for row in rows])

    base = number(re.search(r"mpc\.baseMVA\s*=\s*([^;]*);", text)[1])
    case = dict(base=base, bus=table("bus", 13), gen=table("gen", 10), branch=table("branch", 13))
    if has_costs:
        case["gencost"] = table("gencost", None)
    tail = text.replace(" ", "")
    if "mpc.branch(:,[BR_RBR_X])=mpc.branch(:,[BR_RBR_X])/(Vbase^2/Sbase)" in tail:
        case["branch"][:, [R, X]] /= (case["bus"][0, KV] * 1e3) ** 2 / (base * 1e6)
    if "mpc.bus(:,[PD,QD])=mpc.bus(:,[PD,QD])/1e3" in tail:
        case["bus"][:, [PD, QD]] /= 1e3
    if "sin(acos(pf))" in tail:
        factor = float(re.search(r"pf=([0-9.]+);", tail)[1])
        case["bus"][:, QD] = case["bus"][:, PD] * np.sin(np.arccos(factor))
        case["bus"][:, PD] *= factor
    return case


class Problem:
    """A case in per unit, its buses counted from 0."""

    def __init__(self, case, current=0.0, impedance=0.0):
        bus, gen, branch, base = case["bus"], case["gen"], case["branch"], case["base"]
        self.case, self.base, self.n = case, base, len(bus)
        self.weights = {}  # of buses that share a remainder; empty: the sources take it
        index = {int(number): i for i, number in enumerate(bus[:, BUS])}
        self.f = np.array([index[int(b)] for b in branch[:, FROM]])
        self.t = np.array([index[int(b)] for b in branch[:, TO]])
        self.on = branch[:, ON] > 0
        tap = np.where(branch[:, TAP] == 0, 1, branch[:, TAP])
        self.tap = tap * np.exp(1j * np.deg2rad(branch[:, SHIFT]))
        self.series = self.on / (branch[:, R] + 1j * branch[:, X])
        gens = [(index[int(g[GBUS])], g) for g in gen if g[GON] > 0]
        self.refs = [i for i in range(self.n) if bus[i, TYPE] == REF]
        held = {i for i, _ in gens if bus[i, TYPE] == PV}
        self.pv = [i for i in range(self.n) if i in held]
        load = (bus[:, PD] + 1j * bus[:, QD]) / base
        self.demand = load.real  # not served where a bus is dead, whatever is generated beside it
        self.constant = -load * (1 - current - impedance)
        self.current, self.impedance = -load * current, -load * impedance
        self.magnitude, self.low, self.high = bus[:, VM].copy(), np.zeros(self.n), np.zeros(self.n)
        for i, g in reversed(gens):
            self.constant[i] += g[PG] / base
            self.low[i] += g[QMIN] / base
            self.high[i] += g[QMAX] / base
            if bus[i, TYPE] == PQ:
                self.constant[i] += 1j * g[QG] / base
            else:
                self.magnitude[i] = g[VG]
        shunt = (bus[:, GS] + 1j * bus[:, BS]) / base
        self.parts = self.admittances(branch, shunt)
        self.matrix = sp.csr_matrix((self.parts[2], self.parts[:2]), (self.n, self.n))
        self.live = self.reached()
        angle = np.deg2rad(bus[self.refs[0], VA])
        self.flat = self.magnitude * np.exp(1j * angle)
        self.given = self.magnitude * np.exp(1j * np.deg2rad(bus[:, VA]))
        for i in self.refs:
            self.flat[i] = self.given[i]
        self.idle = self.flat.copy()
        free = [i for i in range(self.n) if self.live[i] and i not in self.refs]
        rows = self.matrix[free].tocsc()
        idle = splu(rows[:, free]).solve(-rows[:, self.refs] @ self.flat[self.refs])
        self.idle[free] = self.magnitude[free] * idle / abs(idle)

    def starts(self):
        """One voltage everywhere, the case's own, and the angles of the network without loads."""
        return [self.flat, self.given, self.idle]

    def admittances(self, branch, shunt):
        charging = self.on * 0.5j * branch[:, B]
        tt = self.series + charging
        entries = [(self.f, self.f, tt / abs(self.tap) ** 2), (self.t, self.t, tt),
                   (self.f, self.t, -self.series / self.tap.conj()), (self.t, self.f, -self.series / self.tap),
                   (np.arange(self.n), np.arange(self.n), shunt)]
        return [np.concatenate(column) for column in zip(*entries)]

    def reached(self):
        """Whether each bus has a path to a source."""
        graph = sp.csr_matrix((self.on[self.on], (self.f[self.on], self.t[self.on])), (self.n, self.n))
        _, part = sp.csgraph.connected_components(graph, directed=False)
        return np.isin(part, part[self.refs])

    def given_power(self, v):
        return self.constant + abs(v) * self.current + abs(v) ** 2 * self.impedance

    def mismatch(self, v):
        """Of all buses, in extended precision; without what they share."""
        rows, columns, values = self.parts
        v = v.astype(np.clongdouble)
        total = np.zeros(self.n, np.clongdouble)
        np.add.at(total, rows, values.astype(np.clongdouble) * v[columns])
        return (v * total.conj() - self.given_power(v)).astype(complex)

    def newton(self, v, pv):
        """From `v`; None where it does not converge. Three more steps once the mismatch is 1e-8."""
        pq = [i for i in range(self.n) if self.live[i] and i not in set(pv) and i not in self.refs]
        angles = list(pv) + pq
        actives = angles + (self.refs if self.weights else [])
        share = np.array([self.weights.get(i, 0) for i in actives])
        shared, v, polish = 0.0, v.copy(), 0
        v[~self.live] = 0
        for _ in range(60):
            error = self.mismatch(v)
            residual = np.concatenate([error[actives].real - shared * share, error[pq].imag])
            if not np.isfinite(residual).all():
                return None
            polish += np.abs(residual).max(initial=0) < 1e-8
            if polish > 3:
                return v
            unit = sp.diags(np.where(self.live, v / np.where(self.live, abs(v), 1), 0))
            current = self.matrix @ v
            by_angle = 1j * sp.diags(v) @ (sp.diags(current) - self.matrix @ sp.diags(v)).conj()
            by_size = sp.diags(v) @ (self.matrix @ unit).conj() + sp.diags(current.conj()) @ unit
            by_size = by_size - sp.diags(self.current + 2 * abs(v) * self.impedance)
            a, m = by_angle.tocsr()[actives], by_size.tocsr()[actives]
            a2, m2 = by_angle.tocsr()[pq], by_size.tocsr()[pq]
            blocks = [[a[:, angles].real, m[:, pq].real], [a2[:, angles].imag, m2[:, pq].imag]]
            if self.weights:
                blocks[0].append(sp.csr_matrix(-share[:, None]))
                blocks[1].append(None)
            jacobian = sp.bmat(blocks)
            try:
                step = splu(jacobian.tocsc()).solve(-residual)
            except RuntimeError:
                return None
            angle, size = np.angle(v), abs(v)
            angle[angles] += step[:len(angles)]
            size[pq] += step[len(angles):len(angles) + len(pq)]
            shared += step[-1] if self.weights else 0
            v = size * np.exp(1j * angle)
        return None

    def solve(self, limits=False):
        """Voltages and the buses still held; None without a solution. With limits a bus at one is freed there,
        and held again when its voltage has passed the wanted one."""
        at = {}  # bus → ±1, at its upper or lower limit
        held = [i for i in self.pv if self.live[i]]
        for _ in range(40):
            pv = [i for i in held if i not in at]
            problem_power = self.constant.copy()
            for i, side in at.items():
                self.constant[i] += 1j * (self.high[i] if side > 0 else self.low[i])
            v = next((v for start in self.starts() if (v := self.newton(start, pv)) is not None), None)
            self.constant = problem_power
            if v is None or not limits:
                return v, pv
            reactive = self.mismatch(v).imag
            over = {i: 1 for i in pv if reactive[i] > self.high[i] + 1e-9}
            over |= {i: -1 for i in pv if reactive[i] < self.low[i] - 1e-9}
            passed = [i for i, side in at.items() if side * (abs(v[i]) - self.magnitude[i]) > 1e-10]
            if not over and not passed:
                return v, pv
            at = {i: side for i, side in at.items() if i not in passed} | over
        raise RuntimeError("the set of buses at a limit does not settle")

    def peer(self, v, pv):
        """Solved by others, from the same start, at the powers that `v` takes."""
        import lightsim2grid.algorithm as ls2g
        from pandapower.pypower.makeYbus import makeYbus
        error = self.mismatch(v)
        at_limit = [i for i in self.pv if i not in pv]
        power = self.given_power(v)
        power[at_limit] += error[at_limit]
        error[at_limit] = 0
        sharing = list(self.weights)
        power[sharing] += error[sharing].real
        error[sharing] -= error[sharing].real
        keep = np.flatnonzero(self.live)
        place = {int(bus): at for at, bus in enumerate(keep)}
        use = np.flatnonzero(self.on & self.live[self.f])
        branch = np.zeros((len(use), 26))
        branch[:, :13] = self.case["branch"][use]
        branch[:, FROM], branch[:, TO] = [place[i] for i in self.f[use]], [place[i] for i in self.t[use]]
        bus = self.case["bus"][keep].copy()
        admittance = makeYbus(self.base, bus, branch)[0]
        refs = [place[i] for i in self.refs]
        pvs = [place[i] for i in pv]
        pqs = [i for i in range(len(keep)) if i not in set(pvs) and i not in refs]
        weights = np.zeros(len(keep))
        weights[refs[0]] = 1
        free = [keep[i] for i in pqs]
        tolerance = max(1e-10, 4 * abs(error[free]).max(initial=0))
        as_int = lambda numbers: np.array(numbers, dtype=np.int32)
        for start in [*self.starts(), v * (1 + 1e-4)]:
            solver = ls2g.NRSing_KLU()
            start = np.where(np.isin(np.arange(self.n), pv + self.refs), start * self.magnitude / abs(start), start)
            solver.compute_pf(
                sp.csc_matrix(admittance), start[keep], power[keep], as_int(refs), weights,
                as_int(pvs), as_int(pqs), 60, tolerance)
            result = np.zeros(self.n, complex)
            result[keep] = np.asarray(solver.get_V())
            if solver.converged() and abs(result - v).max() < 1e-3:
                return result
        return None

    def losses(self, v):
        """Sum of I²R, p.u."""
        current = (v[self.f] / self.tap - v[self.t]) * self.series
        return float((abs(current) ** 2 * self.case["branch"][:, R])[self.on].sum())

    def source_power(self, v):
        """What leaves the source buses into the network, p.u."""
        return complex((self.mismatch(v) + self.given_power(v))[self.refs].sum())


def nose(make, high):
    """The largest factor up to which `make(factor)` has a solution: followed from no load, then bisected."""
    low, step = 0.0, high / 64
    v, pv = make(0.0).solve()
    while step > high * 1e-9:
        found = make(low + step).newton(v, pv)
        if found is None:
            step /= 2
        else:
            low, v = low + step, found
    return low
