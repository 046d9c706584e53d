import Devices
import Foundation
import Grid
import ScenarioFile
import Simulator
import Testing
import TextFile
import Timeline

@Suite("Flexible demand in a scenario")
struct FlexibleDemandTests {
    private let workshop: Workshop

    init() throws { workshop = try Workshop() }

    private static let vans =
        "kind: ev-fleet, bus: 2, capacity: 60 kWh, power: 15 kW, energy: 24 kWh, departure: 08:00, arrival: 17:00"
    private static let kiln =
        "kind: shiftable, bus: 2, energy: 20 kWh, power: 10 kW, from: 09:00, deadline: 15:00"
    private static let hall = """
        kind: heat-pump, bus: 3, power: 20 kW, cop: 3, heat_loss: 1.5 kW/K, heat_capacity: 30 kWh/K, \
        temperature: {min: 19 degC, max: 22 degC}
        """

    private func write(_ devices: String, replacing changes: [(String, String)] = []) throws {
        var text = Workshop.good.replacingOccurrences(of: "devices:", with: "devices:\n" + devices)
        for (old, new) in changes {
            precondition(text.contains(old))
            text = text.replacingOccurrences(of: old, with: new)
        }
        try workshop.write("scenario.yaml", text)
    }

    /// Energy missed, kWh, and the greatest lack of balance of a step, W.
    private func run(_ scenario: Scenario) -> (missed: Double, imbalance: Double, taken: [String: Double]) {
        var (missed, imbalance, taken) = (0.0, 0.0, [String: Double]())
        var stored = scenario.devices.map(\.initialState.stored)
        for record in Simulation(scenario) {
            let hours = record.interval.hours
            imbalance = max(
                imbalance, abs((record.power.reduce(.zero, +) - record.point.losses).value))
            for (index, device) in scenario.devices.enumerated() {
                guard let demand = device.flexible else { continue }
                missed +=
                    device.missed(
                        record.power[index], potential: record.potential[index], after: stored[index],
                        hours: hours
                    ).kilowattHours
                let bounds = demand.bounds(at: record.step)
                #expect(bounds.contains(record.power[index]))
                #expect(
                    record.stored[index] >= .zero && record.stored[index] <= demand.capacity + Energy(1e-6))
                taken[device.name, default: 0] -= record.power[index].energy(hours: hours).kilowattHours
            }
            stored = record.stored
        }
        return (missed, imbalance, taken)
    }

    @Test(
        "the energy is there by its deadline, by every method, with and without clearing",
        arguments: [
            "method: rolling-optimum, horizon: 24 h, replan: 1 h",
            "method: rolling-optimum, horizon: 6 h, replan: 3 h, clear: none",
            "method: merit-order, horizon: 24 h, replan: 1 h",
            "method: self-consumption, horizon: 4 h, replan: 1 h",
            "method: load-following, horizon: 24 h, replan: 2 h",
            "method: stochastic-optimum, horizon: 12 h, replan: 2 h",
        ])
    func deadlines(dispatch: String) throws {
        try write(
            "  vans: {\(Self.vans)}\n  kiln: {\(Self.kiln)}\n  hall: {\(Self.hall)}\n",
            replacing: [
                ("method: rolling-optimum, horizon: 24 h, replan: 1 h", dispatch), ("loss: 2 %", "loss: 0 %"),
                ("climatology.csv", "cold.csv"),
            ])
        try workshop.write(
            "cold.csv", Workshop.climatology.replacingOccurrences(of: ",15,8,", with: ",5,8,"))
        #expect(workshop.mistakes() == [])
        let (missed, imbalance, taken) = run(try workshop.load().scenario)
        #expect(missed < 0.02, "kWh missed")
        #expect(imbalance < 1)
        #expect(abs(taken["kiln"]! - 20) < 0.05)
        // The vans leave once, with 24 kWh for the day; they begin with 30.
        #expect(taken["vans"]! > -30 && taken["vans"]! < 64)
        // 1.5 kW/K · (19 − 5) K / 3 is 7 kW on average; the band stores 30 kWh.
        #expect(taken["hall"]! > 24 * 7 - 45 && taken["hall"]! < 24 * 7 + 45)
    }

    @Test("without any setpoint, vehicles charge at once and the house stays in its band")
    func silence() throws {
        try write(
            "  vans: {\(Self.vans)}\n  kiln: {\(Self.kiln)}\n  hall: {\(Self.hall)}\n",
            replacing: [("loss: 2 %", "loss: 100 %")])
        #expect(run(try workshop.load().scenario).missed == 0)
    }

    @Test("sessions follow the clock, and workdays the calendar")
    func days() throws {
        // 2026-07-18 is a Saturday.
        try write(
            "  vans: {\(Self.vans), days: workdays}\n",
            replacing: [
                ("start: 2026-07-15", "start: 2026-07-17"),
                ("duration: 1 day", "duration: 3 days"),
            ])
        let vans = try #require(try workshop.load().scenario.devices.first?.flexible)
        guard case .sessions(let sessions) = vans.use else { return #expect(Bool(false)) }
        #expect(sessions.isConnected.indices.filter { !sessions.isConnected[$0] } == Array(32..<68))
        #expect(sessions.need.indices.filter { sessions.need[$0] > .zero } == [32])
    }

    @Test(
        "every mistake has its place",
        arguments: [
            (
                vans.replacingOccurrences(of: "energy: 24", with: "energy: 80"),
                "energy: 80 kWh with the reserve is more"
            ),
            (
                vans.replacingOccurrences(of: "08:00", with: "8 o'clock"),
                "departure: '8 o'clock' is not a clock time such as 07:30"
            ),
            (
                vans.replacingOccurrences(of: "08:00", with: "17:00"),
                "arrival: arrival is the same time as departure"
            ),
            (kiln.replacingOccurrences(of: "deadline", with: "until"), "the key 'deadline' is missing"),
            (
                hall.replacingOccurrences(of: "max: 22", with: "max: 19"),
                "min 19 degC must be less than max 19 degC"
            ),
            (hall.replacingOccurrences(of: "1.5 kW/K", with: "1.5 kW"), "heat_loss"),
            (kiln.replacingOccurrences(of: "shiftable", with: "shiftible"), "did you mean 'shiftable'?"),
            (
                kiln + ", days: sundays",
                "'sundays' is not a choice of days; allowed are all, workdays, weekends"
            ),
        ])
    func refusals(device: String, message: String) throws {
        try write("  extra: {\(device)}\n")
        let mistakes = workshop.mistakes()
        #expect(mistakes.contains { $0.hasPrefix("scenario.yaml:") && $0.contains(message) }, "\(mistakes)")
    }

    @Test("a session that is too short for its energy warns")
    func short() throws {
        try write("  kiln: {\(Self.kiln.replacingOccurrences(of: "20 kWh", with: "90 kWh"))}\n")
        #expect(
            try workshop.load().warnings.contains {
                $0.message.contains("10 kW for 6 h charge 60 kWh; the rest is never delivered")
            })
    }
}
