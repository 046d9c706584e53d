extension Corpus {
    static let time: [Spoilt] = [
        Spoilt(
            "2026-07-15", "2026-02-30",
            "5:15: error: time.start: '2026-02-30' is not a date such as '2026-07-03' or '2026-07-03T14:00'"),
        Spoilt(
            "2026-07-15", "15.7.2026",
            "5:15: error: time.start: '15.7.2026' is not a date such as '2026-07-03' or '2026-07-03T14:00'"),
        Spoilt(
            "2026-07-15", "0026-07-15",
            "5:15: error: time.start: 0026-07-15 is not between the years 1900 and 2200"),
        Spoilt(
            "Asia/Shanghai", "Asia/Shangai",
            "4:74: error: place.timezone: no time zone is called 'Asia/Shangai'; did you mean 'Asia/Shanghai'?"
        ),
        Spoilt(
            "duration: 1 day", "duration: 1",
            "5:37: error: time.duration: '1' has no unit; a duration is written in s, min, h, day, days, week, weeks, month, months, year, years"
        ),
        Spoilt(
            "duration: 1 day", "duration: 1 moon",
            "5:37: error: time.duration: 'moon' is not a unit for a duration, which is written in s, min, h, day, days, week, weeks, month, months, year, years"
        ),
        Spoilt(
            "duration: 1 day", "duration: 0 days",
            "5:37: error: time.duration: '0 days' is not a whole number of days, at least 1"),
        Spoilt(
            "duration: 1 day", "duration: 1.5 days",
            "5:37: error: time.duration: '1.5 days' is not a whole number of days, at least 1"),
        Spoilt(
            "duration: 1 day", "duration: 1000 years",
            "5:37: error: time.duration: 1000 years is more than 100 years"),
        Spoilt(
            "duration: 1 day, step: 15 min", "duration: 20 min, step: 15 min",
            "5:51: error: time.step: the duration, 1200 s, must be a whole number of steps"),
        Spoilt(
            "duration: 1 day, step: 15 min", "duration: 1 year, step: 1 s",
            "5:51: error: time.step: the scenario has 31536000 steps; at most 10000000 are allowed"),
        Spoilt(
            "step: 15 min", "step: 0 min",
            "5:50: error: time.step: 0 min is not allowed; it must be more than 0 s"),
        Spoilt("step: 15 min", "step: -15 min", "5:50: error: time.step: -15 min is less than 0 s"),
        Spoilt(
            "step: 15 min", "step: 7 min",
            "5:50: error: time.step: '7 min' is not a step that divides a day into whole seconds, such as '15 min' or '1 h'"
        ),
        Spoilt(
            "step: 15 min", "step: 2 days",
            "5:50: error: time.step: '2 days' is not a step that divides a day into whole seconds, such as '15 min' or '1 h'"
        ),
        Spoilt(
            "horizon: 24 h", "horizon: 30 min",
            "43:46: error: dispatch.horizon: the horizon of a plan must not be shorter than replan, the time until the next plan"
        ),
        Spoilt(
            "horizon: 24 h", "horizon: 100 min",
            "43:46: error: dispatch.horizon: 6000 s is not a whole number of steps of 900 s, from 1 to 100000"
        ),
        Spoilt(
            "duration: 1 day", "duration: 1 year",
            "46:10: error: market.rules: the rules 'guizhou-sample-2026' hold from 2026-01-01 to 2026-12-31, not from 2026-07-15 to 2027-07-14; a study of other years takes 'guizhou-sample-any-year'"
        ),
    ]

    static let starts: [Spoilt] = [
        Spoilt(
            "dispatch: {method: rolling-optimum, horizon: 24 h", "dispatch: {gap: 101 %, horizon: 24 h",
            "43:17: error: dispatch.gap: 101 % is more than 100 %"),
        Spoilt(
            "dispatch: {method: rolling-optimum, horizon: 24 h", "dispatch: {time_limit: 10, horizon: 24 h",
            "43:24: error: dispatch.time_limit: '10' has no unit; a duration is written in s, ms, min, h, day or days, such as '10 s'"
        ),
        Spoilt(
            "    minimum_load: 30 %", "    minimum_load: 30 %\n    start_cost: {hot: 40 yuan, cold: 30 yuan}",
            "37:38: error: devices.standby.start_cost.cold: a cold start must not cost less than a hot start"),
        Spoilt(
            "    minimum_load: 30 %", "    minimum_load: 30 %\n    start_cost: {hot: 40}",
            "37:23: error: devices.standby.start_cost.hot: '40' has no unit; an amount of money is written in yuan, such as '40 yuan'"
        ),
        Spoilt(
            "    minimum_load: 30 %", "    minimum_load: 30 %\n    minimum_up_time: 3 kW",
            "37:22: error: devices.standby.minimum_up_time: 'kW' is a unit for a power; a duration is written in s, ms, min, h, day or days"
        ),
    ]

    static let names: [Spoilt] = [
        Spoilt(
            "houses:", "Houses:",
            "19:3: error: devices.Houses: 'Houses' is not a name; a name has small letters, digits and hyphens, begins with a letter and has at most 64 characters"
        ),
        Spoilt(
            "houses:", "no:",
            "19:3: error: devices.no: 'no' is read as true, false or null by many programs; choose another name"
        ),
        Spoilt(
            "houses:", "'../etc':",
            "19:3: error: devices.../etc: '../etc' is not a name; a name has small letters, digits and hyphens, begins with a letter and has at most 64 characters"
        ),
        Spoilt(
            "houses:", "\"a\\0b\":",
            "19:3: error: devices.a\\u{0}b: 'a\\u{0}b' is not a name; a name has small letters, digits and hyphens, begins with a letter and has at most 64 characters"
        ),
        Spoilt(
            "houses:", "\"a\\u202Eb\":",
            "19:3: error: devices.a\\u{202e}b: 'a\\u{202e}b' is not a name; a name has small letters, digits and hyphens, begins with a letter and has at most 64 characters"
        ),
        Spoilt(
            "kind: solar", "kind: soler",
            "21:16: error: devices.roof.kind: 'soler' is not a kind of device; did you mean 'solar'?"),
        Spoilt(
            "kind: solar", "kind: fusion",
            "21:16: error: devices.roof.kind: 'fusion' is not a kind of device; allowed are solar, wind, hydro, genset, battery, grid, load, ev-fleet, shiftable, heat-pump"
        ),
        Spoilt(
            "{kind: load, bus: 2", "{kind: load, bus: 4",
            "19:29: error: devices.houses.bus: no bus is called '4'; there are '1', '2', '3'"),
        Spoilt(
            "shape: flat}", "shape: flatt}",
            "19:75: error: devices.houses.shape: no shape is called 'flatt'; did you mean 'flat'?"),
        Spoilt(
            "buyer: cement-works", "buyer: cement-work",
            "48:63: error: market.contracts[0].buyer: no participant is called 'cement-work'; did you mean 'cement-works'?"
        ),
        Spoilt(
            "seller: roof", "seller: microgrid",
            "48:50: error: market.contracts[0].seller: the seller must own a solar or wind plant with 'meter: on-grid'"
        ),
        Spoilt(
            "buyer: cement-works", "buyer: microgrid",
            "48:63: error: market.contracts[0].buyer: the buyer must own a load and must not be the seller, the operator or the grid company"
        ),
        Spoilt(
            "turbine: francis", "turbine: frances",
            "23:94: error: devices.gorge.turbine: 'frances' is not a turbine type; did you mean 'francis'?"),
        Spoilt(
            "tariff: guizhou-tou", "tariff: guizhou-2023",
            "39:80: error: devices.grid.tariff: no tariff is called 'guizhou-2023'; did you mean 'guizhou-tou'?"
        ),
        Spoilt(
            "rules: guizhou-sample-2026", "rules: guizhou",
            "46:10: error: market.rules: no rule set is called 'guizhou'; there are 'guizhou-sample-2026', 'guizhou-sample-any-year'"
        ),
        Spoilt(
            "method: rolling-optimum", "method: rolling-optimun",
            "43:20: error: dispatch.method: 'rolling-optimun' is not a dispatch method; did you mean 'rolling-optimum'?"
        ),
        Spoilt(
            "method: persistence", "method: oracle",
            "44:20: error: forecast.method: 'oracle' is not a forecast method; allowed are smart, perfect, persistence, noisy"
        ),
        Spoilt(
            "method: persistence", "method: smart, solar: 15 %",
            "44:34: error: forecast.solar: states an error of the method 'noisy', but the method is 'smart'; leave it out, or write 'method: noisy'"
        ),
        Spoilt(
            "{method: persistence}", "{solar: 15 %}", "44:11: error: forecast: the key 'method' is missing"),
        Spoilt(
            "method: persistence", "method: noisy, sun: 15 %",
            "44:27: error: forecast: unknown key 'sun'; allowed are method, solar, wind, water, load, within, between"
        ),
        Spoilt(
            "method: persistence", "method: noisy, wind: 25 kW",
            "44:33: error: forecast.wind: 'kW' is a unit for a power; a fraction is written in %"),
        Spoilt(
            "method: persistence", "method: noisy, load: 120 %",
            "44:33: error: forecast.load: 120 % is more than 100 %"),
        Spoilt(
            "method: persistence", "method: noisy, within: 6",
            "44:35: error: forecast.within: '6' has no unit; a duration is written in s, ms, min, h, day or days, such as '6 s'"
        ),
        Spoilt(
            "{from: 1, to: 2,", "{from: 1 a, to: 2,",
            "11:14: error: network.branches[0].from: '1 a' is not the name of a bus; a name has letters, digits, '-', '_' and '.', at most 64"
        ),
        Spoilt(
            "meter: on-grid", "meter: off-grid",
            "21:106: error: devices.roof.meter: 'off-grid' is not a place of the meter; did you mean 'on-grid'?"
        ),
    ]

    static let values: [Spoilt] = [
        Spoilt(
            "min: 10 %, max: 95 %", "min: 95 %, max: 10 %",
            "30:22: error: devices.battery.state_of_charge: min 95 % must be less than max 10 %"),
        Spoilt(
            "initial: 30 %", "initial: 5 %",
            "30:32: error: devices.battery.state_of_charge.initial: 5 % is not between 10 % and 95 %"),
        Spoilt(
            "resistance: 1.1 ohm, reactance: 0.7 ohm", "resistance: 0 ohm, reactance: 0 ohm",
            "12:7: error: network.branches[1]: a branch must have an impedance; merge buses '2' and '3' into one"
        ),
        Spoilt(
            "{from: 2, to: 3,", "{from: 2, to: 2,",
            "12:7: error: network.branches[1]: a branch must join two buses; this one begins and ends at '2'"),
        Spoilt(
            "{from: 2, to: 3,", "{from: 4, to: 3,",
            "11:5: error: network.branches: buses '4', '3' have no path to the source bus '1'"),
        Spoilt(
            "nominal_voltage: 10 kV", "nominal_voltage: 0 kV",
            "8:20: error: network.nominal_voltage: 0 kV is less than 0.001 kV"),
        Spoilt(
            "{kind: grid, bus: 1", "{kind: grid, bus: 2",
            "39:3: error: devices.grid: a device of kind 'grid' must be on the source bus '1'"),
        Spoilt(
            "  grid: {kind: grid",
            "  grid-2: {kind: grid, bus: 2, import_limit: 5 MW, export_limit: 0 kW, tariff: guizhou-tou, feed_in: 0.2 yuan/kWh}\n  grid: {kind: grid",
            "39:3: error: devices.grid-2: the first device of kind 'grid' must be on the source bus '1'; it holds the voltage first"
        ),
        Spoilt(
            "{kind: grid, bus: 1", "{demand_charge: half, kind: grid, bus: 1",
            "39:25: error: devices.grid.demand_charge: 'half' is not a reckoning of the demand charge in a part of a month; allowed are prorated, full"
        ),
        Spoilt(
            "rated: 250 kW", "rated: 200 kW",
            "22:66: error: devices.ridge.curve: a power of the curve is more than the rated 200 kW"),
        Spoilt(
            "name: green-1", "name: Green 1",
            "48:14: error: market.contracts[0].name: 'Green 1' is not a name; a name has small letters, digits and hyphens, begins with a letter and has at most 64 characters"
        ),
        Spoilt(
            "    - {name: green-1",
            "    - {name: green-1, kind: green-power, seller: roof, buyer: cement-works, volume: 60 MWh/month, energy_price: 0.38 yuan/kWh, environmental_price: 0.03 yuan/kWh, deviation_price: 0.03 yuan/kWh}\n    - {name: green-1",
            "49:14: error: market.contracts[1].name: two contracts are called 'green-1'"),
    ]
}
