"""What `make_golden.py` makes: the cases, their papers, and the variants of each."""

# Variants of every radial feeder. `heavy` is four fifths of the loading at the nose of its voltage curve.
RADIAL = {
    "nominal": {},
    "light": dict(load=0.3, source_pu=1.05),
    "heavy": dict(load="heavy"),
    "reverse": dict(load=-0.6),
}
# Variants of every meshed system.
MESHED = {
    "nominal": {},
    "limits": dict(limits=1),
    "light": dict(load=0.6, generation=0.6),
    "voltage-dependent": dict(current=0.3, impedance=0.4),
}
# Of the loading at the nose.
BEYOND = {"collapse": dict(load="beyond")}
BEYOND_MESHED = {"collapse": dict(load="beyond", generation="beyond")}

DAS94 = "D. Das, H. S. Nagi and D. P. Kothari, Novel method for solving radial distribution networks, IEE Proc. C 141(4), 1994, 291–298"
DAS95 = "D. Das, D. P. Kothari and A. Kalam, Simple and efficient method for load flow solution of radial distribution networks, Int. J. Electr. Power Energy Syst. 17(5), 1995, 335–346"
BATTU = "N. R. Battu, A. R. Abhyankar and N. Senroy, DG planning with amalgamation of operational and reliability considerations, Int. J. Emerg. Electr. Power Syst. 17, 2016, 131–141"
BARAN = "M. E. Baran and F. F. Wu, Network reconfiguration in distribution systems for loss reduction and load balancing, IEEE Trans. Power Deliv. 4(2), 1989, 1401–1407"
IEEE = "Power Systems Test Case Archive, University of Washington (IEEE {} bus test case)"
PEGASE = "C. Josz, S. Fliscounakis, J. Maeght and P. Panciatici, AC power flow data in MATPOWER and QCQP format: iTesla, RTE snapshots, and PEGASE, arXiv 1603.01533 (fictitious data)"
ACTIVSG = "A. B. Birchfield, T. Xu, K. M. Gegner, K. S. Shetye and T. J. Overbye, Grid structural characteristics as validation criteria for synthetic networks, IEEE Trans. Power Syst. 32(4), 2017, 3258–3265 (synthetic)"
OURS = "Synthetic: generated for this project"

YEAR = [0, 1523, 12187, 16757, 24374, 35039]
FEEDER = [0, 3503, 7007]
TIES33 = "33 34 35 36 37"
LOOPS = "1041 1042 1043 1044 1045 1046 1047 1048"
UNITS33 = "12:0:0.985:-inf:inf 25:0:0.99:-inf:inf 31:0:0.98:-inf:inf"
LIMITED33 = "12:0.3:0.985:-0.1:0.1 25:0.5:0.99:-0.4:0.4 31:0.4:0.98:-0.2:0.15"


def profiles(steps, name="", more="", **edits):
    """One variant a step; `more` is a further part of its loads."""
    return {f"step{step}{name}": dict(profile=f"step{step}" + (more and f" step{step}{more}"), **edits)
            for step in steps}


# Folders whose case keeps its costs: the tests of optimal power flow solve them too.
COSTS = {"wscc9", "ieee14", "ieee57", "ieee118"}

# Folder: (case of the package matpower, or None where the folder's own case.m is the origin; paper; variants).
CASES = {
    "dist4": ("case4_dist", "MATPOWER's example of a small radial feeder with a tap and a PV node", RADIAL
              | {"limits": dict(limits=1, load=0.5), "shift": dict(shift="2:30"), "ratio": dict(ratio="1:0.975 3:1.02")}),
    "ba10": ("case10ba", "Y. Baghzouz and S. Ertem, Shunt capacitor sizing for radial distribution feeders with distorted substation voltages, IEEE Trans. Power Deliv. 5, 1990, 650–657", RADIAL | BEYOND),
    "da12": ("case12da", DAS94, RADIAL | BEYOND),
    "da15": ("case15da", DAS95, RADIAL | {"turned": dict(shift="3:30 8:-30", ratio="5:0.95")}),
    "nbr15": ("case15nbr", BATTU, RADIAL),
    "ci16": ("case16ci", "S. Civanlar, J. J. Grainger, H. Yin and S. S. H. Lee, Distribution feeder reconfiguration for loss reduction, IEEE Trans. Power Deliv. 3, 1988, 1217–1223", RADIAL
             | {"tied": dict(close="14 15 16"), "one-feeder-cut": dict(open="1"), "one-feeder-cut-tied": dict(open="1", close="14")}),
    "me17": ("case17me", "J. Mendoza, D. Morales, R. Lopez and others, Multi-objective location of automatic voltage regulators in a radial distribution network using a micro genetic algorithm, IEEE Trans. Power Syst. 22, 2007, 404–411", RADIAL),
    "gr18": ("case18", "W. M. Grady, M. J. Samotyj and A. H. Noyola, The application of network objective functions for actively minimizing the impact of voltage harmonics in power systems, IEEE Trans. Power Deliv. 7(3), 1992, 1379–1386", RADIAL),
    "nbr18": ("case18nbr", BATTU, RADIAL),
    "ra22": ("case22", "M. Ramalinga Raju, K. V. S. Ramachandra Murthy and K. Ravindra, Direct search algorithm for capacitive compensation in radial distribution systems, Int. J. Electr. Power Energy Syst. 42(1), 2012, 24–30", RADIAL),
    "da28": ("case28da", DAS94, RADIAL),
    "ieee33": ("case33bw", BARAN, RADIAL | BEYOND | {
        "ties": dict(close=TIES33), "one-tie": dict(close="35"),
        "ties-heavy": dict(close=TIES33, load=3.0), "ties-collapse": dict(close=TIES33, load="beyond"),
        "island": dict(open="25"), "island-fed-by-tie": dict(open="25", close="36"),
        "two-islands": dict(open="5 27"), "source-cut": dict(open="1"),
        "two-sources": dict(source="18:1.01:0"), "two-sources-apart": dict(source="18:0.99:0", open="8"),
        "two-sources-turned": dict(source="25:1:0.5", close=TIES33),
        "units": dict(unit=UNITS33), "ties-units": dict(unit=UNITS33, close=TIES33),
        "units-limited": dict(unit=LIMITED33, limits=1), "ties-units-limited": dict(unit=LIMITED33, close=TIES33, limits=1),
        "voltage-dependent": dict(current=0.3, impedance=0.4), "impedance": dict(impedance=1), "current": dict(current=1),
        "ties-voltage-dependent": dict(current=0.3, impedance=0.4, close=TIES33, load=2),
        "units-shared": dict(unit=UNITS33, shared="1:1 12:1 25:1 31:1")}),
    "ieee33-year": (None, BARAN + "; loads and five solar plants follow synthetic shapes over a year of quarter-hours, of which these are some", 
                    profiles(YEAR) | profiles(YEAR, "-ties", close=TIES33)
                    | profiles(YEAR, "-units", "-units", close=TIES33, unit=UNITS33.replace("31:0:0.98:", "30:0:0.98:"))),
    "mg33": ("case33mg", "M. A. Kashem, V. Ganapathy, G. B. Jasmon and M. I. Buhari, A novel method for loss minimization in distribution networks, DRPT 2000", RADIAL | {"ties": dict(close=TIES33)}),
    "sa34": ("case34sa", "M. M. A. Salama and A. Y. Chikhani, A simplified network approach to the var control problem for radial distribution systems, IEEE Trans. Power Deliv. 8, 1993, 1529–1535", RADIAL),
    "si38": ("case38si", "D. Singh and R. K. Misra, Effect of load models in distributed generation planning, IEEE Trans. Power Syst. 22, 2007, 2204–2212", RADIAL),
    "ga51": ("case51ga", "S. R. Gampa and D. Das, Optimum placement and sizing of DGs considering average hourly variations of load, Int. J. Electr. Power Energy Syst. 66, 2015, 25–40", RADIAL),
    "he51": ("case51he", "V. Hengsritawat, T. Tayjasanant and N. Nimpitiwan, Optimal sizing of photovoltaic distributed generators in a distribution system with consideration of solar radiation and harmonic distortion, Int. J. Electr. Power Energy Syst. 39, 2012, 36–47", RADIAL),
    "ieee69": ("case69", "M. E. Baran and F. F. Wu, Optimal capacitor placement on radial distribution systems, IEEE Trans. Power Deliv. 4(1), 1989, 725–734", RADIAL | BEYOND | {
        "voltage-dependent": dict(current=0.3, impedance=0.4), "island": dict(open="52"),
        "units": dict(unit="61:1:0.97:-inf:inf 27:0:0.99:-inf:inf"), "units-limited": dict(unit="61:1:0.97:-0.3:0.3 27:0:0.99:-0.1:0.3", limits=1)}),
    "da70": ("case70da", "D. Das, Reconfiguration of distribution system using fuzzy multi-objective approach, Int. J. Electr. Power Energy Syst. 28, 2006, 331–338", RADIAL | {"ties": dict(close="69 70 71 72 73 74 75 76")}),
    "ds74": ("case74ds", "S. M. Myint and S. W. Naing, Network reconfiguration for loss reduction and voltage stability improvement of 74-bus radial distribution system using particle swarm optimization algorithm, Int. J. Electr. Electron. Data Commun. 3(6), 2015", RADIAL),
    "ieee85": ("case85", DAS95, RADIAL | BEYOND),
    "pi94": ("case94pi", "D. F. Pires, C. H. Antunes and A. G. Martins, NSGA-II with local search for a multi-objective reactive power compensation problem, Int. J. Electr. Power Energy Syst. 43, 2012, 313–324", RADIAL),
    "zh118": ("case118zh", "D. Zhang, Z. Fu and L. Zhang, An improved TS algorithm for loss-minimum reconfiguration in large-scale distribution systems, Electr. Power Syst. Res. 77, 2007, 685–694", RADIAL | {
        "ties": dict(close=" ".join(map(str, range(118, 133)))), "ties-collapse": dict(close=" ".join(map(str, range(118, 133))), load="beyond"),
        "ties-units-limited": dict(close=" ".join(map(str, range(118, 133))), limits=1, unit="50:1:0.98:-0.5:0.5 77:2:0.97:-1:1 111:1:0.97:-0.3:0.6")}),
    "ma136": ("case136ma", "J. R. S. Mantovani, F. Casari and R. A. Romero, Reconfiguração de sistemas de distribuição radiais utilizando o critério de queda de tensão, Rev. Bras. Controle Autom. 11, 2000, 150–159", RADIAL | {"ties": dict(close=" ".join(map(str, range(136, 157))))}),
    "ieee141": ("case141", "H. M. Khodr, F. G. Olsina, P. M. De Oliveira-De Jesus and J. M. Yusta, Maximum savings approach for location and sizing of capacitors in distribution systems, Electr. Power Syst. Res. 78(7), 2008, 1192–1203", RADIAL | BEYOND | {"voltage-dependent": dict(current=0.3, impedance=0.4)}),
    "feeder1041": (None, OURS + ": 1,041 buses and 1,040 branches, with eight ties that close loops; loads and solar plants at three quarter-hours of a year",
                   profiles(FEEDER) | profiles(FEEDER, "-loops", close=LOOPS)
                   | profiles(FEEDER, "-units", "-units", close=LOOPS, unit="132:0:1.015:-inf:inf 392:0:1.015:-inf:inf 652:0:1.015:-inf:inf 912:0:1.015:-inf:inf")),
    "wscc9": ("case9", "J. H. Chow (ed.), Time-Scale Modeling of Dynamic Networks with Applications to Power Systems, Springer, 1982, p. 70", MESHED | BEYOND_MESHED | {
        "shift": dict(shift="2:5 5:-3", ratio="8:0.97"), "two-sources": dict(source="9:1:-4"), "outage": dict(open="5"),
        "shared": dict(shared="1:1 2:2 3:1", load=1.2), "shared-not-by-source": dict(shared="2:1 3:3")}),
    "ieee14": ("case14", IEEE.format(14), MESHED | BEYOND_MESHED | {
        "outage": dict(open="1"), "island": dict(open="14"), "two-sources": dict(source="12:1.05:-14"), "shift": dict(shift="8:10 9:8 10:-6"),
        "shared": dict(shared="1:3.324 2:1.4 3:1 6:1 8:1"), "shared-limits": dict(shared="1:1 2:1 3:1", limits=1, load=1.3)}),
    "rts24": ("case24_ieee_rts", "IEEE Reliability Test System Task Force, IEEE reliability test system, IEEE Trans. Power App. Syst. 98(6), 1979, 2047–2054", MESHED | BEYOND_MESHED | {"outage": dict(open="7 27"), "limits-light": dict(limits=1, load=0.5), "island": dict(open="11")}),
    "ieee30": ("case_ieee30", IEEE.format(30), MESHED | BEYOND_MESHED | {"outage": dict(open="5"), "island": dict(open="34")}),
    "ne39": ("case39", "T. Athay, R. Podmore and S. Virmani, A practical method for the direct analysis of transient stability, IEEE Trans. Power App. Syst. 98(2), 1979, 573–584 (New England 39 bus system)", MESHED | BEYOND_MESHED | {"outage": dict(open="3")}),
    "ieee57": ("case57", IEEE.format(57), MESHED | BEYOND_MESHED | {"outage": dict(open="8")}),
    "ieee118": ("case118", IEEE.format(118), MESHED | BEYOND_MESHED | {"outage": dict(open="8"), "island": dict(open="9"), "two-sources": dict(source="10:1.05:30"),
        "limits-light": dict(limits=1, load=0.4), "limits-heavy": dict(limits=1, load=1.1, generation=1.1),
        "shared": dict(shared="69:805.2 10:550 26:414 80:577 89:707", load=1.05)}),
    "ieee300": ("case300", IEEE.format(300), MESHED | BEYOND_MESHED | {"outage": dict(open="3")}),
    # Of these only the answers are kept here; the cases come from the package when the tests run.
    "case1354pegase": ("case1354pegase", PEGASE, {"nominal": {}, "voltage-dependent": dict(current=0.3, impedance=0.4)}),
    "case2869pegase": ("case2869pegase", PEGASE, {"nominal": {}}),
    "case8387pegase": ("case8387pegase", PEGASE, {"nominal": {}}),
    "case9241pegase": ("case9241pegase", PEGASE, {"nominal": {}}),
    "case13659pegase": ("case13659pegase", PEGASE, {"nominal": {}}),
    "case_ACTIVSg2000": ("case_ACTIVSg2000", ACTIVSG, {"nominal": {}, "light": dict(load=0.8, generation=0.8)}),
    "case_ACTIVSg10k": ("case_ACTIVSg10k", ACTIVSG, {"nominal": {}}),
}
NOT_KEPT = {name for name in CASES if name.startswith("case")}
