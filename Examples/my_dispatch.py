#!/usr/bin/env python3
"""A dispatch of your own, asked by karst line by line (see docs/own-dispatcher.md).

    karst run Scenarios/first-day/scenario.yaml --dispatch "external:python3 Examples/my_dispatch.py"

The rule: sun, wind and water give all; stores charge in steps cheaper than the horizon's mean and discharge in
dearer ones; the connection takes what is left over or lacking; gensets run where it cannot.
"""
import json
import sys


def plan(problem):
    steps, hours = problem["steps"], problem["step_s"] / 3600
    devices = problem["devices"]
    stores = [d for d in devices if d["role"] == "store"]
    gensets = [d for d in devices if "minimum_when_on_kw" in d]
    loads = [d for d in devices if d["role"] == "load"]
    connection = next(d for d in devices if d["role"] == "connection")
    price = connection["deliver_yuan_per_kwh"]
    middle = sum(price) / steps
    power = {d["name"]: [0.0] * steps for d in devices}
    content = {d["name"]: d["store"]["stored_kwh"] for d in stores}
    for t in range(steps):
        for d in devices:
            if d in loads:
                power[d["name"]][t] = d["lower_kw"][t]
            elif d not in stores and d not in gensets and d is not connection:
                power[d["name"]][t] = d["upper_kw"][t]
        # What the network lacks: losses less all that is given so far.
        lack = problem["losses_kw"][t] - sum(p[t] for p in power.values())
        for d in stores:
            s, name = d["store"], d["name"]
            content[name] *= (1 - s["self_discharge_per_h"]) ** hours
            room = max(s["maximum_kwh"] - content[name], 0) / s["charge_efficiency"] / hours
            held = max(content[name] - s["minimum_kwh"], 0) * s["discharge_efficiency"] / hours
            if price[t] < middle or lack < 0:
                power[name][t] = -min(room, -d["lower_kw"][t])
            elif price[t] > middle:
                power[name][t] = min(held, d["upper_kw"][t], max(lack, 0))
            lack -= power[name][t]
            p = power[name][t]
            content[name] -= hours * (p / s["discharge_efficiency"] if p > 0 else p * s["charge_efficiency"])
        for d in gensets:
            missing = lack - connection["upper_kw"][t]
            if missing > 0:
                power[d["name"]][t] = min(max(missing, d["minimum_when_on_kw"]), d["upper_kw"][t])
                lack -= power[d["name"]][t]
        power[connection["name"]][t] = min(max(lack, connection["lower_kw"][t]), connection["upper_kw"][t])
    return {"id": problem["id"], "power_kw": power}


json.loads(sys.stdin.readline())  # karst greets and names its devices
print(json.dumps({"karst_dispatch": 1}), flush=True)
for line in sys.stdin:
    print(json.dumps(plan(json.loads(line))), flush=True)
