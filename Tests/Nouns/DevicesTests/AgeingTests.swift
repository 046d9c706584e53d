import Devices
import Grid
import TestSupport
import Testing

@Suite("Ageing of batteries")
struct AgeingTests {
    private static func count(_ series: [Double]) -> (closed: [Rainflow.Cycle], residue: [Rainflow.Cycle]) {
        var (counter, closed) = (Rainflow(), [Rainflow.Cycle]())
        for value in series { counter.add(value) { closed.append($0) } }
        return (closed, counter.residue)
    }

    @Test("the example of ASTM E1049 has its cycles")
    func standard() {
        let (closed, residue) = Self.count([-2, 1, -3, 5, -1, 3, -4, 4, -2])
        var counts: [Double: Double] = [:]
        for cycle in closed + residue { counts[cycle.range, default: 0] += cycle.count }
        #expect(counts == [3: 0.5, 4: 1.5, 6: 0.5, 8: 1, 9: 0.5])
    }

    /// NatLabRockies/ssc #564: charge by 80 %, rest, discharge by 80 %, rest.
    @Test("two cycles with rests between are two, also over midnight")
    func rests() {
        let (closed, residue) = Self.count([0.1, 0.9, 0.9, 0.1, 0.1, 0.9, 0.9, 0.1, 0.1])
        let cycles = closed + residue
        #expect(cycles.reduce(0) { $0 + $1.count } == 2)
        #expect(cycles.allSatisfy { near($0.range, 0.8, relative: 1e-12) })
    }

    @Test("a long series has the cycles of the package rainflow, whatever lies between reversals")
    func series() throws {
        let values = try GoldenTable("devices/rainflow_input_soc").rows.map { $0["soc"] }
        let expected = try GoldenTable("devices/rainflow_cycles")
        let keys = expected.rows.map { [$0["range"], $0["mean"], $0["count"]] }
        func sorted(_ rows: [[Double]]) -> [[Double]] { rows.sorted { $0.lexicographicallyPrecedes($1) } }
        let between = zip(values, values.dropFirst()).flatMap { [$0, ($0 + $1) / 2, $1] }
        for series in [values, between] {
            let (closed, residue) = Self.count(series)
            let found = sorted((closed + residue).map { [$0.range, $0.mean, $0.count] })
            #expect(found.count == keys.count)
            for (a, b) in zip(found, sorted(keys)) {
                for (x, y) in zip(a, b) { #expect(near(x, y, absolute: 1e-9)) }
            }
        }
    }

    @Test(
        "the loss is that of BLAST-Lite within 1.5 % of it, which takes the mean rate of 23 hours a day",
        arguments: [
            ("calendar_soc50", 25.0), ("calendar_soc90", 40), ("daily_90_20", 10), ("daily_90_20", 25),
            ("daily_90_20", 40),
        ])
    func life(profile: String, temperature: Double) throws {
        let day = try GoldenTable("devices/battery_life_profiles").rows.map { $0[profile] }
        var ageing = BatteryAgeing(temperature: temperature, stateOfCharge: day[0])
        var (days, checked) = (0.0, 0)
        for row in try GoldenTable("devices/battery_life").rows
        where row.text("profile") == profile && row["temp_c"] == temperature {
            let until = row["t_days"]
            guard until <= 3650 else { continue }
            while days < until {
                for stateOfCharge in day.dropFirst() { ageing.add(stateOfCharge, hours: 1) }
                days += 1
            }
            let loss = 1 - row["capacity_fraction"]
            #expect(near(ageing.loss, loss, relative: 0.015), "\(until): \(ageing.loss) \(loss)")
            #expect(near(ageing.fullCycles, row["equivalent_full_cycles"], relative: 0.001))
            checked += 1
        }
        #expect(checked == 3)
    }

    @Test("a half cycle that is open counts as if the series ended")
    func open() {
        var half = BatteryAgeing(temperature: 25, stateOfCharge: 0.9)
        half.add(0.2, hours: 4)
        #expect(half.useLoss > 0 && half.timeLoss > 0)
        let before = half.useLoss
        // Going on in the same direction deepens the same half cycle.
        half.add(0.1, hours: 1)
        #expect(half.useLoss > before)
    }

    @Test("the price of wear spreads a new battery over the energy of its life")
    func wear() {
        let price = BatteryAgeing.wear(
            replacing: EnergyCost(yuanPerKilowattHour: 900), depth: 0.8, rate: 0.25, temperature: 25)
        // k = (4.38e-8 + 1.24e-8 + 4.2e-8) · e^(2190/298.15) = 1.5210e-4; (0.2/k)^(1/0.828) = 5,845 cycles.
        #expect(near(price.yuanPerKilowattHour, 900.0 / 5845.5, relative: 1e-3), "\(price)")
    }
}
