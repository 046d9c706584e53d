import Devices
import EconomicDispatch
import Forecasting
import Grid
import Market
import Messaging
import Metering
import Monitoring
import Planning
public import Scheduling
import Settlement
public import Simulator
public import Timeline
import Weather

/// A run made by hand: known powers on three buses, no solver anywhere. Every quarter of an hour the sun
/// gives 40 of 50 kW, the house takes 90 of 100 kW, the battery gives 20 kW by day and takes 20 kW by night,
/// 1 kW is lost.
public struct SampleRun: Sendable {
    /// Names of the seven devices: sun, wind, water, battery, genset, load, grid connection.
    public var names: [String]
    public var steps: Int
    /// Local time at which it begins.
    public var start: String
    public var title: String

    /// Reactive capability of the first device; nil: it has none.
    public var capability: ReactiveCapability?
    /// How far its clocks are ahead of UTC, s.
    public var offset = 8 * 3600

    public init(
        names: [String] = ["roof", "mill", "weir", "store", "standby", "house", "grid"], steps: Int = 96,
        start: String = "2026-01-31", title: String = "Sample run", capability: ReactiveCapability? = nil
    ) {
        self.names = names
        self.steps = steps
        self.start = start
        self.title = title
        self.capability = capability
    }

    public var zone: TimeZoneTable { TimeZoneTable(name: "here", initialOffset: offset, transitions: []) }

    public var horizon: Horizon {
        Horizon(start: CivilTime(iso8601: start)!.instant(offset: offset), step: 900, count: steps)
    }

    public var scenario: Scenario {
        let sun = SolarPosition(zenith: 90, apparentZenith: 90, azimuth: 180)
        let sky = Conditions(
            globalHorizontal: 0, directNormal: 0, diffuseHorizontal: 0, extraterrestrial: 1361,
            airTemperature: 20,
            windSpeed: 5, pressure: 101_325, riverFlow: 2, sun: sun)
        return Scenario(
            name: title, description: "Made by hand.", seed: 7, zone: zone,
            weather: WeatherSeries(
                place: Place(latitude: 27, longitude: 107, elevation: 1000), horizon: horizon, windHeight: 10,
                conditions: Array(repeating: sky, count: steps)),
            network: network, devices: devices,
            communication: Communication(devices: devices.count, link: .perfect, deadline: 10, hold: 3600),
            planning: PlanSettings(
                method: .rollingOptimum, forecast: .perfect, horizonSteps: 96, replanSteps: 4),
            terms: terms)
    }

    private var network: Network {
        Network(
            buses: ["1", "2", "3"].map {
                Bus(name: $0, nominalVoltage: Voltage(10_000), limits: 0.93...1.07)
            },
            branches: [
                Branch(name: "1-2", from: 0, to: 1, resistance: Impedance(1), reactance: Impedance(1)),
                Branch(name: "2-3", from: 1, to: 2, resistance: Impedance(1), reactance: Impedance(1)),
                Branch(name: "2-3b", from: 1, to: 2, resistance: Impedance(1), reactance: Impedance(1)),
            ], source: 0, sourceVoltage: 1)
    }

    private var devices: [Device] {
        let prices = Array(repeating: EnergyCost(yuanPerKilowattHour: 0.5), count: steps)
        let kinds: [Device.Kind] = [
            .solar(
                Solar(
                    capacity: Power(kilowatts: 100), inverterCapacity: Power(kilowatts: 80), tilt: 20,
                    azimuth: 180)),
            .wind(
                Wind(
                    turbines: 2, rated: Power(kilowatts: 10),
                    curve: [
                        .init(speed: 3, power: .zero), .init(speed: 12, power: Power(kilowatts: 10)),
                    ], hubHeight: 30, roughness: 0.1)),
            .hydro(
                Hydro(
                    capacity: Power(kilowatts: 30), head: 20, designFlow: 0.2, residualFlow: 0.1,
                    turbine: .francis)),
            .battery(
                Battery(
                    capacity: Energy(kilowattHours: 100), chargePower: Power(kilowatts: 40),
                    dischargePower: Power(kilowatts: 40), chargeEfficiency: 0.9, dischargeEfficiency: 0.8,
                    selfDischarge: 0, stateOfCharge: 0...1, initialStateOfCharge: 0.5, wear: .zero)),
            .genset(
                Genset(
                    capacity: Power(kilowatts: 50), minimumLoad: 0.3, ramp: 1000, fuelIntercept: 2e-5,
                    fuelSlope: 2.5e-4, fuelPrice: 7,
                    starting: .init(minimumUp: 0, minimumDown: 0, hot: 30, cold: 70, coldAfter: 4))),
            .load(
                Load(
                    demand: Array(repeating: Power(kilowatts: 100), count: steps), reactiveRatio: 0.3,
                    valueOfLostLoad: EnergyCost(yuanPerKilowattHour: 20))),
            .grid(
                ExternalGrid(
                    importLimit: Power(kilowatts: 200), exportLimit: Power(kilowatts: 100),
                    importPrice: prices,
                    feedIn: EnergyCost(yuanPerKilowattHour: 0.2))),
        ]
        return zip(names, zip([2, 2, 1, 1, 1, 2, 0], kinds)).map {
            Device(name: $0, bus: $1.0, kind: $1.1, capability: $0 == names[0] ? capability : nil)
        }
    }

    private var terms: Terms {
        let owners = ["sun", "valley", "valley", "valley", "valley", "village", "grid company"]
        return Terms(
            rules: .guizhouSample2026, zone: zone, gridCompany: Participant("grid company"),
            microgridOperator: Participant("valley"),
            meteringPoints: zip(names, owners).map {
                MeteringPoint(name: $0, owner: Participant($1), isGreenPlant: $1 == "sun")
            }, feedIn: Price(microyuanPerKilowattHour: 200_000))
    }

    /// One record a step, settled at the end of each month.
    public func records() -> [Record] {
        let scenario = scenario
        var meters = MeterBank(count: scenario.devices.count)
        var settler = Settler(scenario.terms)
        return horizon.indices.map { step in
            let interval = horizon[step]
            let hour = scenario.zone.civil(interval.start).hour
            let isDay = (6..<18).contains(hour)
            let battery = isDay ? 20.0 : -20.0
            let genset = step == 0 ? 25.0 : 0
            let power = [40, 3, 7, battery, genset, -90, 41 - battery - genset].map { Power(kilowatts: $0) }
            meters.read(power, over: interval)
            let month = settler.add(meters.readings, losses: .zero, over: interval)
            var record = Record(step: step, interval: interval, point: point(step))
            record.potential = [50, 3, 7, 40, 50, 100, 200].map { Power(kilowatts: $0) }
            record.sent = Array(repeating: nil, count: 7)
            record.inForce = record.sent
            record.power = power
            record.reactive = Array(repeating: .zero, count: 7)
            record.stored = [0, 0, 0, 50_000 + Double(step), 0, 0, 0].map { Energy($0) }
            if step < 3 {
                record.alarms = [
                    Alarm(kind: .undervoltage, place: 2, value: 0.92 - Double(step) / 1000, limit: 0.93)
                ]
            }
            record.readings = meters.readings[...]
            record.settlement = step == steps - 1 ? month ?? settler.close() : month
            record.conversation = talk
            return record
        }
    }

    private func point(_ step: Int) -> OperatingPoint {
        var point = OperatingPoint(buses: 3, branches: 3)
        point.status = .converged
        point.voltage = [1, 0.98, 0.95 - Double(step % 5) / 1000].map { Voltage($0 * 10_000) }
        point.powerFrom = [Power(21_000), Power(-20_500), Power(-0.0001)]
        point.current = [Current(1.25), Current(1.2), Current(0)]
        point.losses = Power(kilowatts: 1)
        return point
    }

    private var talk: Record.Conversation {
        var talk = Record.Conversation()
        talk.traffic.sent.messages = 14
        talk.traffic.delivered.messages = 13
        talk.traffic.lost.messages = 1
        (talk.held, talk.fallback) = (2, 1)
        return talk
    }
}
