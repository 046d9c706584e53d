import Devices
import Grid
import Scheduling
import Testing
import Timeline
import Weather

@Suite("Flexible demand follows its store")
struct FlexibleDemandTests {
    /// Connected in steps 0–3 and 6–9 of an hour; 20 kWh are needed in step 4.
    private static let vans = FlexibleDemand(
        use: .sessions(
            Sessions(
                isConnected: [true, true, true, true, false, false, true, true, true, true],
                energy: Energy(kilowattHours: 20))),
        power: Power(kilowatts: 10), feedPower: Power(kilowatts: 5), capacity: Energy(kilowattHours: 40),
        reserve: Energy(kilowattHours: 4), chargeEfficiency: 0.8, dischargeEfficiency: 0.5,
        initial: Energy(kilowattHours: 8))

    private static func device(_ demand: FlexibleDemand) -> Device {
        Device(name: "flexible", bus: 0, kind: .flexible(demand))
    }

    private static func conditions(_ temperature: Double) -> Conditions {
        var calm = Conditions.calm
        calm.airTemperature = temperature
        return calm
    }

    /// Contents, kWh, after each step at the setpoints, kW, and the energy missed.
    private static func run(
        _ demand: FlexibleDemand, _ setpoints: [Double?], temperature: Double = 0, hours: Double = 1
    ) -> (powers: [Double], contents: [Double], missed: Double) {
        let device = device(demand)
        var (state, missed) = (device.initialState, Energy.zero)
        var (powers, contents) = ([Double](), [Double]())
        for (step, setpoint) in setpoints.enumerated() {
            let potential = device.potential(
                at: step, under: conditions(temperature), windHeight: 10, hours: hours)
            let before = state.stored
            state = device.follow(
                setpoint.map { Power(kilowatts: $0) }, potential: potential, state: state, at: step,
                hours: hours)
            missed =
                missed + device.missed(state.power, potential: potential, after: before, hours: hours)
            powers.append(state.power.kilowatts)
            contents.append(state.stored.kilowattHours)
        }
        return (powers, contents, missed.kilowattHours)
    }

    @Test("a fleet charges, feeds the network, drives, and takes nothing while it is away")
    func fleet() {
        let day = Self.run(Self.vans, [-10, -10, 5, -10, -10, 5, 5])
        // 8 + 8 + 8 − 5/0.5 + 8 = 22, of which 20 are driven; below the reserve of 4 nothing is fed.
        #expect(day.contents == [16, 24, 14, 22, 2, 2, 2])
        #expect(day.powers == [-10, -10, 5, -10, 0, 0, 0])
        #expect(day.missed == 0)
    }

    @Test("without a setpoint it charges at once, up to its capacity")
    func fallback() {
        let day = Self.run(Self.vans, [nil, nil, nil, nil, nil])
        #expect(day.powers == [-10, -10, -10, -10, 0])
        #expect(day.contents == [16, 24, 32, 40, 20])
    }

    @Test("what a trip asks for beyond the content is missed, and not made up for")
    func missed() {
        let day = Self.run(Self.vans, [0, 0, 0, 0, 0, 0, -10])
        #expect(day.missed == 12)
        #expect(day.contents == [8, 8, 8, 8, 0, 0, 8])
    }

    @Test("an offer requires what later charging cannot make up for")
    func required() {
        let horizon = Horizon(start: Instant(secondsSinceEpoch: 0), step: 3600, count: 6)
        let device = Self.device(Self.vans)
        let offer = device.offer(
            as: DeviceID(0), over: horizon, firstStep: 0, potential: Array(repeating: .zero, count: 6),
            state: device.initialState)
        // 24 kWh, the trip and the reserve, at the end of step 3; 8 kWh less for each step before.
        #expect(offer.reservoir!.required.map(\.kilowattHours) == [4, 8, 16, 24, 4, 4])
        #expect(offer.reservoir!.drain.map(\.kilowattHours) == [0, 0, 0, 0, 20, 0])
        #expect(offer.lower.map(\.kilowatts) == [-10, -10, -10, -10, 0, 0])
    }

    @Test("a house in steady state takes what it loses, and cools with its time constant")
    func house() {
        let building = Building(
            heatLoss: 200, heatCapacity: 8000, temperatures: 19...22, performance: 4, gains: 800)
        let pump = FlexibleDemand(
            use: .heat(building), power: Power(kilowatts: 5), capacity: building.capacity,
            initial: building.capacity)
        #expect(building.capacity == Energy(kilowattHours: 6))
        // 200 W/K · 24 K − 800 W of gains = 4 kW of heat, 1 kW of electricity.
        #expect(building.need(at: -5) == Power(kilowatts: 1))
        #expect(building.need(at: 40) == .zero)
        // Unheated in air of 19 °C − 4 K, where the gains cover the loss: 3 K above fall by e^(−1/40 h⁻¹·t).
        let night = Self.run(pump, Array(repeating: 0, count: 40), temperature: 15)
        let end = building.temperature(with: Energy(kilowattHours: night.contents.last!))
        #expect(abs(end - (19 + 3 * 0.36787944117144233)) < 1e-9)
        // In frost it falls below the band: heat is missed, and the content stays zero.
        let frost = Self.run(pump, Array(repeating: 0, count: 10), temperature: -5)
        #expect(frost.contents.last == 0 && frost.missed > 3)
        // Without a setpoint the middle of the band is kept.
        let kept = Self.run(pump, Array(repeating: nil, count: 48), temperature: -5)
        #expect(abs(kept.contents.last! - 3) < 1e-9)
        #expect(kept.missed == 0)
    }
}
