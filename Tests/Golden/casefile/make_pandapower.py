"""Writes everything.json and everything.csv: a made-up network with one of each element Karst reads, and the voltages
that pandapower 3.5.6 finds in it. Run once; needs pandapower."""
import csv
import pandapower as pp

net = pp.create_empty_network(name="everything", f_hz=50.0, sn_mva=1.0)
hv, hv2, mv, mv2, mv3, mv4, mv5, lv, lv2, lv3, twin, dead = (
    pp.create_bus(net, v, name=n)
    for n, v in [("hv", 110), ("hv2", 110), ("mv", 20), ("mv2", 20), ("mv3", 20), ("mv4", 20), ("mv5", 20), ("lv", 0.4),
                 ("lv2", 0.4), ("lv3", 10), ("twin", 20), ("dead", 20)])
net.bus.loc[dead, "in_service"] = False
pp.create_ext_grid(net, hv, vm_pu=1.02, va_degree=10.0)
line = dict(r_ohm_per_km=0.12, x_ohm_per_km=0.35, c_nf_per_km=210.0, g_us_per_km=2.0, max_i_ka=0.3)
pp.create_line_from_parameters(net, hv, hv2, 20.0, **{**line, "c_nf_per_km": 9.0}, parallel=2, df=0.9, name="H")
pp.create_line_from_parameters(net, mv, mv2, 3.0, **line, name="A")
pp.create_line_from_parameters(net, mv2, mv3, 2.0, **line, name="B")
pp.create_line_from_parameters(net, mv3, mv, 4.0, **line, name="C")
pp.create_line_from_parameters(net, mv3, mv4, 1.5, **line, name="open")
pp.create_line_from_parameters(net, mv2, dead, 1.0, **line, name="to dead")
pp.create_line_from_parameters(net, mv2, mv4, 1.0, **line, name="off", in_service=False)
pp.create_transformer_from_parameters(
    net, hv2, mv, 40.0, 115.0, 21.0, 0.4, 12.0, 30.0, 0.08, shift_degree=150.0, tap_side="hv", tap_neutral=0, tap_min=-9,
    tap_max=9, tap_step_percent=1.5, tap_step_degree=20.0, tap_pos=-3, tap_changer_type="Ratio", name="T", parallel=2)
pp.create_transformer_from_parameters(
    net, mv3, lv, 0.63, 20.0, 0.4, 1.1, 6.0, 1.2, 0.3, shift_degree=150.0, tap_side="lv", tap_neutral=1, tap_min=-2,
    tap_max=3, tap_step_percent=2.5, tap_pos=3, tap_changer_type="Ratio", name="D")
pp.create_transformer_from_parameters(
    net, mv2, lv2, 0.4, 20.0, 0.4, 1.4, 4.0, 0.9, 0.25, tap_side="hv", tap_neutral=0, tap_min=-5, tap_max=5,
    tap_step_degree=1.5, tap_step_percent=0.0, tap_pos=2, tap_changer_type="Ideal", name="P")
pp.create_transformer3w_from_parameters(
    net, hv2, mv4, lv3, vn_hv_kv=110.0, vn_mv_kv=20.5, vn_lv_kv=10.5, sn_hv_mva=40.0, sn_mv_mva=25.0, sn_lv_mva=15.0,
    vk_hv_percent=10.0, vk_mv_percent=11.0, vk_lv_percent=12.0, vkr_hv_percent=0.3, vkr_mv_percent=0.31,
    vkr_lv_percent=0.32, pfe_kw=25.0, i0_percent=0.1, shift_mv_degree=30.0, shift_lv_degree=0.0, tap_side="mv",
    tap_neutral=0, tap_min=-5, tap_max=5, tap_step_percent=1.2, tap_step_degree=0.0, tap_pos=2,
    tap_changer_type="Ratio", name="W")
pp.create_impedance(net, mv4, mv5, 0.01, 0.08, 30.0, gf_pu=0.001, bf_pu=0.002, gt_pu=0.003, bt_pu=-0.001, name="Z")
pp.create_load(net, mv2, 3.0, 1.0, name="plain", scaling=1.1)
pp.create_load(net, mv3, 2.0, 0.7, name="zip", const_z_p_percent=30, const_i_p_percent=20, const_z_q_percent=50,
               const_i_q_percent=10)
pp.create_load(net, lv, 0.2, 0.05, name="house")
pp.create_load(net, lv2, 0.1, 0.02, name="hall")
pp.create_load(net, lv3, 4.0, 1.5, name="works")
pp.create_load(net, twin, 1.0, 0.2, name="beside")
pp.create_load(net, mv5, 9.0, 9.0, name="off load", in_service=False)
pp.create_sgen(net, lv, 0.15, 0.01, name="roof", scaling=0.8)
pp.create_gen(net, mv5, 2.5, vm_pu=1.01, name="plant", min_q_mvar=-5.0, max_q_mvar=5.0)
pp.create_storage(net, mv2, 0.3, max_e_mwh=1.0, q_mvar=0.05, name="cell")
pp.create_motor(net, lv3, 0.5, 0.85, efficiency_percent=95.0, loading_percent=80.0, scaling=1.0, name="pump")
pp.create_shunt(net, mv, q_mvar=-1.2, p_mw=0.02, vn_kv=21.0, step=2, name="bank")
pp.create_ward(net, mv2, 0.4, 0.1, 0.2, -0.1, name="ward")
pp.create_xward(net, mv4, 0.6, 0.2, 0.1, 0.05, 1.5, 6.0, 1.0, name="xward")
pp.create_switch(net, mv4, twin, "b", closed=True, name="bar")
pp.create_switch(net, mv3, mv5, "b", closed=False, name="open bar")
pp.create_switch(net, mv4, net.line.index[net.line.name == "open"][0], "l", closed=False, name="end")

pp.runpp(net, calculate_voltage_angles=True, tolerance_mva=1e-11, max_iteration=50)
rows = [(net.bus.name[i], net.res_bus.vm_pu[i], net.res_bus.va_degree[i]) for i in net.bus.index
        if net.bus.in_service[i]]
rows.append(("W star", net.res_trafo3w.vm_internal_pu[0], net.res_trafo3w.va_internal_degree[0]))
rows.append(("xward inner", net.res_xward.vm_internal_pu[0], net.res_xward.va_internal_degree[0]))
for name in ("open", "to dead"):
    at = net.line.index[net.line.name == name][0]
    rows.append((name + " open end", net.res_line.vm_to_pu[at], net.res_line.va_to_degree[at]))
with open("everything.csv", "w", newline="") as file:
    out = csv.writer(file, lineterminator="\n")
    out.writerow(["bus", "vm_pu", "va_degree"])
    out.writerows((n, repr(float(v)), repr(float(a))) for n, v, a in rows)
for table in [t for t in net.keys() if t.startswith("res_") or t.startswith("_")] + ["std_types"]:
    if table in net:
        del net[table]
for table in list(net.keys()):
    if hasattr(net[table], "empty") and net[table].empty:
        del net[table]
pp.to_json(net, "everything.json")
