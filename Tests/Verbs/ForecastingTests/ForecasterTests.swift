import Devices
import Forecasting
import Grid
import Scheduling
import Testing
import Timeline

@Suite struct ForecasterTests {
    @Test func perfectIsTheTruth() {
        var forecaster = forecaster(.perfect)
        for device in forecaster.devices.indices {
            let believed = forecaster.potential(of: DeviceID(device), over: 7..<61)
            #expect(believed == Array(forecaster.truth[device][7..<61]))
        }
    }

    @Test func sunAndLoadAreAsOnTheLastMeasuredDay() {
        var forecaster = forecaster(.persistence)
        for device in [0, 1] {
            let truth = forecaster.truth[device]
            let believed = forecaster.potential(of: DeviceID(device), over: 30..<80)
            for step in 30..<54 { #expect(believed[step - 30] == truth[step - 24]) }
            for step in 54..<78 { #expect(believed[step - 30] == truth[step - 48]) }
            for step in 78..<80 { #expect(believed[step - 30] == truth[step - 72]) }
        }
    }

    @Test func windAndWaterStayAsLastMeasured() {
        var forecaster = forecaster(.persistence)
        for device in [2, 3] {
            let believed = forecaster.potential(of: DeviceID(device), over: 30..<60)
            #expect(believed == Array(repeating: forecaster.truth[device][29], count: 30))
        }
    }

    @Test func spinUpBelievesTheTruth() {
        var forecaster = forecaster(.persistence)
        let (sun, wind) = (forecaster.truth[0], forecaster.truth[2])
        #expect(forecaster.potential(of: DeviceID(0), over: 0..<24) == Array(sun[0..<24]))
        #expect(forecaster.potential(of: DeviceID(2), over: 0..<24) == Array(wind[0..<24]))
        // At step 5 today is known up to step 4: tomorrow's first five hours are believed like today's.
        let believed = forecaster.potential(of: DeviceID(0), over: 5..<30)
        #expect(believed == Array(sun[5..<24] + sun[0..<5] + sun[29..<30]))
    }

    /// A forecast made at the beginning of step `now` depends on nothing that is measured then or later; that
    /// of persistence only when its spin-up is over.
    @Test(arguments: [("persistence", [40, 77]), ("smart", [1, 5, 24, 40, 77])])
    func whatComesChangesNoForecast(name: String, times: [Int]) {
        let method = name == "smart" ? ForecastMethod.smart : .persistence
        for now in times {
            var honest = forecaster(method)
            let changed = honest.truth.map { series in
                series.enumerated().map { $0.offset < now ? $0.element : $0.element + Power(1) }
            }
            var other = Forecaster(
                method: method, devices: honest.devices, horizon: honest.horizon, truth: changed)
            for device in 0..<4 {
                #expect(
                    honest.potential(of: DeviceID(device), over: now..<96)
                        == other.potential(of: DeviceID(device), over: now..<96))
            }
        }
    }

    /// At the beginning of the run the readings of the first step are known, and nothing else.
    @Test func smartBeginsWithTheFirstReadings() {
        var honest = forecaster(.smart)
        let changed = honest.truth.map { [$0[0]] + $0.dropFirst().map { $0 + Power(1) } }
        var other = Forecaster(
            method: .smart, devices: honest.devices, horizon: honest.horizon, truth: changed)
        for device in 0..<4 {
            let forecast = honest.potential(of: DeviceID(device), over: 0..<96)
            #expect(forecast == other.potential(of: DeviceID(device), over: 0..<96))
        }
    }

    /// A forecast of one's own: twice what was measured last. It is told what was measured, in order, and no
    /// more.
    @Test func aStrangersModelMakesTheOffers() {
        struct Twice: ForecastModel {
            var measured: [[Power]]
            mutating func measure(_ device: DeviceID, _ powers: ArraySlice<Power>) {
                measured[device.index] += powers
            }
            func forecast(of device: DeviceID, over steps: Range<Int>) -> [Power] {
                #expect(measured[device.index].count == steps.lowerBound)
                return Array(repeating: (measured[device.index].last ?? .zero) * 2, count: steps.count)
            }
        }
        let method = ForecastMethod(name: "twice") { site in
            #expect(site.devices.map(\.source) == [.sun, .demand, .wind, .water, nil])
            return Twice(measured: site.devices.map { _ in [] })
        }
        var forecaster = forecaster(method)
        let states = forecaster.devices.map(\.initialState)
        for step in [0, 5, 30] {
            let offers = forecaster.offers(over: step..<(step + 24), states: states)
            let last = forecaster.truth.map { step > 0 ? $0[step - 1] : .zero }
            #expect(offers[0].upper == Array(repeating: last[0] * 2, count: 24))
            #expect(offers[1].lower == Array(repeating: -(last[1] * 2), count: 24))
        }
    }

    @Test func stepsThatDoNotDivideADayLookBackToTheStepUnderWayADayAgo() {
        let horizon = Horizon(start: Instant(secondsSinceEpoch: 0), step: 25_000, count: 12)
        let truth = (0..<12).map { Power(Double($0)) }
        var forecaster = Forecaster(
            method: .persistence, devices: [devices[0]], horizon: horizon, truth: [truth])
        // Four steps of 25,000 s are the fewest that make a day.
        #expect(forecaster.potential(of: DeviceID(0), over: 6..<8) == [Power(2), Power(3)])
    }

    @Test func offersAreOneADeviceInOrder() {
        var forecaster = forecaster(.persistence)
        let states = forecaster.devices.map(\.initialState)
        let ahead = forecaster.horizon.part(30..<54)
        let offers = forecaster.offers(over: 30..<54, states: states)
        #expect(offers.map(\.device) == [0, 1, 2, 3, 4].map { DeviceID($0) })
        #expect(offers.allSatisfy { $0.horizon == ahead })
        #expect(offers[0].upper == forecaster.potential(of: DeviceID(0), over: 30..<54))
        #expect(offers[1].lower == forecaster.potential(of: DeviceID(1), over: 30..<54).map { -$0 })
        #expect(
            offers[4].cost.deliver(at: 0) == EnergyCost(30)
                && offers[4].cost.deliver(at: 23) == EnergyCost(53))
    }

    private func forecaster(_ method: ForecastMethod) -> Forecaster {
        let horizon = Horizon(start: Instant(secondsSinceEpoch: 0), step: 3600, count: 96)
        // No value twice, so that a wrong step shows.
        let truth = devices.indices.map { device in
            (0..<horizon.count).map { Power(Double(device * 1000 + $0)) }
        }
        return Forecaster(method: method, devices: devices, horizon: horizon, truth: truth)
    }

    private var devices: [Device] {
        let curve = [Wind.CurvePoint(speed: 3, power: .zero), Wind.CurvePoint(speed: 12, power: Power(150))]
        let kinds: [Device.Kind] = [
            .solar(Solar(capacity: Power(100), inverterCapacity: Power(80), tilt: 20, azimuth: 180)),
            .load(Load(demand: [Power(1)], reactiveRatio: 0.3, valueOfLostLoad: EnergyCost(0.02))),
            .wind(Wind(turbines: 1, rated: Power(150), curve: curve, hubHeight: 40, roughness: 0.1)),
            .hydro(Hydro(capacity: Power(90), head: 42, designFlow: 1, residualFlow: 0, turbine: .kaplan)),
            .grid(
                ExternalGrid(
                    importLimit: Power(5), exportLimit: Power(5),
                    importPrice: (0..<96).map { EnergyCost(Double($0)) }, feedIn: .zero)),
        ]
        return kinds.map { Device(name: "it", bus: 0, kind: $0) }
    }
}
