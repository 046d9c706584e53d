public import Clearing
public import Devices
public import EconomicDispatch
public import Events
public import Forecasting
import Glibc
public import Grid
public import Islanding
import Market
public import Messaging
public import Planning
public import Scheduling
public import Settlement
public import Simulator
import Timeline
import Weather

/// A hamlet for the laws: six devices on four buses of a cable, with a sun that shines by a formula.
public struct SmallWorld: Sendable {
    public var link = Link.perfect
    /// Time after which agents repeat what is not answered, s; nil: they do not.
    public var tick: Double?
    public var deadline = 10.0
    public var hold = 3600
    public var seed: UInt64 = 1
    public var method = DispatchMethod.rollingOptimum
    public var forecast = ForecastMethod.perfect
    public var days = 2
    /// Length of a step, s.
    public var stepLength = Self.step
    public var horizonSteps = 96
    /// Steps of the run in one of a plan.
    public var stepsInPlanStep = 1
    public var importLimit = Power(kilowatts: 200)
    public var exportLimit = Power(kilowatts: 100)
    public var feedIn = 0.23
    public var batteryStart = 0.3
    /// Whether a month that is simulated in part is billed whole.
    public var billsWholeMonths = false
    /// Of every load, and of every cable's resistance.
    public var loadFactor = 1.0
    public var wireFactor = 1.0
    /// Of every load from the second day on, which no forecast by the day before foresees.
    public var laterLoadFactor = 1.0
    /// Of every cable.
    public var ampacity: Current? = Current(120)
    public var rating: ApparentPower?
    public var rules = PlanRules()
    public var clearing = ClearingSettings()
    /// Of the roof and the battery; nil: they give no reactive power.
    public var capability: ReactiveCapability?
    /// Steps of the first day that are left out.
    public var firstStep = 0
    public var events: [Event] = []
    /// Devices that are absent before the first step.
    public var absent: [Int] = []
    /// How battery and genset form islands.
    public var forming: [Int: GridForming] = [:]
    public var islanding = IslandSettings()
    /// Without the grid connection the source bus is that of the battery.
    public var hasGrid = true
    /// Whether all devices are at one bus, without wires.
    public var isOneBus = false
    /// Losses where there are no wires.
    public var lossShare = 0.0
    /// Of every cable, ohm.
    public var reactance = 0.7
    /// Of the houses; the workshop has 0.
    public var priority = 1

    /// A second grid connection; nil: there is none.
    public var second: Second?
    /// Tariff at both connections; nil: that of the rules.
    public var tariff: Tariff?

    /// A second grid connection, `feeder`.
    public struct Second: Sendable {
        public var bus = 3
        public var importLimit = Power(kilowatts: 60)
        public var exportLimit = Power.zero
        /// Nil: that of the first.
        public var tariff: Tariff?

        public init() {}
    }
    /// The phases of the cable; nil: it is balanced.
    public var phases: Phases?

    public init() {}

    public static let step = 900
    public static let solar = 2
    public static let battery = 3
    public static let genset = 4
    public static let connection = 5
    public static let feeder = 6

    public var scenario: Scenario {
        let zone = TimeZoneTable(name: "Asia/Shanghai", initialOffset: 8 * 3600, transitions: [])
        // 30 July, local midnight: the second day ends a month after the third step is counted.
        let start = CivilTime(iso8601: "2026-07-30")!.instant(offset: 8 * 3600)
        let horizon = Horizon(start: start, step: stepLength, count: days * 86_400 / stepLength)
            .part(firstStep..<days * 86_400 / stepLength)
        let place = Place(latitude: 27.06, longitude: 106.98, elevation: 1070)
        let weather = WeatherSeries(
            place: place, horizon: horizon, windHeight: 10, conditions: horizon.map { sky(of: $0, at: place) }
        )
        let devices = devices(over: horizon, in: zone).filter { hasGrid || $0.name != "grid" }
            .map { isOneBus ? $0.moved(to: 0) : $0 }
        let own = phases.map { feeder($0, devices) }
        var scenario = Scenario(
            name: "small-world", description: "", seed: seed, zone: zone, weather: weather,
            network: own?.equivalent.network ?? network, devices: devices,
            communication: Communication(
                devices: devices.count, link: link, deadline: deadline, hold: hold, tick: tick),
            planning: PlanSettings(
                method: method, forecast: forecast, horizonSteps: horizonSteps * Self.step / stepLength,
                replanSteps: 3600 / stepLength, stepsInPlanStep: stepsInPlanStep,
                rules: rules, clearing: clearing),
            terms: terms(of: devices, in: zone))
        scenario.events = EventSchedule(
            events, devices: devices.count, absentAtFirst: absent,
            fibreRoutes: devices.map { Array(0..<$0.bus) })
        scenario.islanding = islanding
        (scenario.lossShare, scenario.feeder) = (lossShare, own)
        return scenario
    }

    private func sky(of interval: Interval, at place: Place) -> Conditions {
        let sun = place.sun(at: interval.start + interval.seconds / 2)
        let height = max(0, cos(sun.zenith * .pi / 180))
        return Conditions(
            globalHorizontal: 800 * height, directNormal: height > 0 ? 600 : 0,
            diffuseHorizontal: 200 * height,
            extraterrestrial: 1330, airTemperature: 24, windSpeed: 2, pressure: 89_000, riverFlow: 0, sun: sun
        )
    }

    var network: Network {
        let resistance = isOneBus ? [] : [0.8, 1.1, 1.6]
        return Network(
            buses: (0...resistance.count).map {
                Bus(name: "\($0)", nominalVoltage: Voltage(10_000), limits: 0.93...1.07)
            },
            branches: resistance.indices.map {
                Branch(
                    name: "\($0)-\($0 + 1)", from: $0, to: $0 + 1,
                    resistance: Impedance(resistance[$0] * wireFactor),
                    reactance: Impedance(reactance), ampacity: ampacity, rating: rating)
            },
            source: hasGrid || isOneBus ? 0 : 3, sourceVoltage: 1)
    }

    /// Of import, by step; nil: of the tariff at both connections.
    private func prices(_ tariff: Tariff?, _ horizon: Horizon, _ zone: TimeZoneTable) -> [EnergyCost] {
        let tariff = tariff ?? self.tariff ?? RuleSet.guizhouSample2026.tariff
        return horizon.map {
            EnergyCost(
                yuanPerKilowattHour: tariff.price(of: tariff.segment(at: zone.civil($0.start)))
                    .yuanPerKilowattHour)
        }
    }

    private func devices(over horizon: Horizon, in zone: TimeZoneTable) -> [Device] {
        func load(_ peak: Double, phase: Double, priority: Int = 0) -> Device.Kind {
            .load(
                Load(
                    demand: horizon.map {
                        let hour = Double(zone.civil($0.start).secondOfDay) / 3600
                        let isLater = $0.start.seconds(since: horizon.start) >= 86_400
                        return Power(
                            kilowatts: loadFactor * (isLater ? laterLoadFactor : 1) * peak
                                * (0.7 + 0.3 * sin((hour - phase) * .pi / 12)))
                    }, reactiveRatio: 0.3, valueOfLostLoad: EnergyCost(yuanPerKilowattHour: 20),
                    priority: priority))
        }
        let other = second.map {
            Device(
                name: "feeder", bus: $0.bus,
                kind: .grid(
                    ExternalGrid(
                        importLimit: $0.importLimit, exportLimit: $0.exportLimit,
                        importPrice: prices($0.tariff, horizon, zone),
                        feedIn: EnergyCost(yuanPerKilowattHour: feedIn))))
        }
        return [
            Device(name: "houses", bus: 1, kind: load(150, phase: 13, priority: priority)),
            Device(name: "workshop", bus: 3, kind: load(80, phase: 6)),
            Device(
                name: "roof", bus: 2,
                kind: .solar(
                    Solar(
                        capacity: Power(kilowatts: 150), inverterCapacity: Power(kilowatts: 120), tilt: 15,
                        azimuth: 180)), capability: capability),
            Device(
                name: "battery", bus: 3,
                kind: .battery(
                    Battery(
                        capacity: Energy(kilowattHours: 200), chargePower: Power(kilowatts: 60),
                        dischargePower: Power(kilowatts: 60), chargeEfficiency: 0.95,
                        dischargeEfficiency: 0.95,
                        selfDischarge: 0, stateOfCharge: 0.1...0.95, initialStateOfCharge: batteryStart,
                        wear: EnergyCost(yuanPerKilowattHour: 0.1))), capability: capability,
                forming: forming[Self.battery]),
            Device(
                name: "standby", bus: 2,
                kind: .genset(
                    Genset(
                        capacity: Power(kilowatts: 80), minimumLoad: 0.3, ramp: 700, fuelIntercept: 2e-5,
                        fuelSlope: 2.5e-4, fuelPrice: 7.6)), forming: forming[Self.genset]),
            Device(
                name: "grid", bus: 0,
                kind: .grid(
                    ExternalGrid(
                        importLimit: importLimit, exportLimit: exportLimit,
                        importPrice: prices(nil, horizon, zone),
                        feedIn: EnergyCost(yuanPerKilowattHour: feedIn)))),
        ] + [other].compactMap(\.self)
    }

    private func terms(of devices: [Device], in zone: TimeZoneTable) -> Terms {
        let owners = ["community", "works", "sun", "operator", "operator", "grid", "grid"]
        let points = zip(devices, owners).map {
            MeteringPoint(name: $0.name, owner: Participant($1), isGreenPlant: $1 == "sun")
        }
        let contract = GreenPowerContract(
            name: "green-1", seller: Participant("sun"), buyer: Participant("works"),
            volume: WattHours(5_000_000), energyPrice: Price(microyuanPerKilowattHour: 380_000),
            environmentalPrice: Price(microyuanPerKilowattHour: 30_000),
            deviationPrice: Price(microyuanPerKilowattHour: 30_000))
        var terms = Terms(
            rules: .guizhouSample2026, zone: zone, gridCompany: Participant("grid"),
            microgridOperator: Participant("operator"), meteringPoints: points, purchase: tariff,
            feedIn: Price(microyuanPerKilowattHour: Int64((feedIn * 1e6).rounded())), contracts: [contract],
            partialMonths: billsWholeMonths ? .full : .prorated)
        if let second {
            terms.connections = [
                .init(
                    meteringPoint: Self.feeder, purchase: second.tariff ?? terms.purchase,
                    feedIn: terms.feedIn)
            ]
        }
        return terms
    }
}

extension Device {
    /// The same device at another bus.
    fileprivate func moved(to bus: Int) -> Device {
        Device(name: name, bus: bus, kind: kind, capability: capability, forming: forming)
    }
}
