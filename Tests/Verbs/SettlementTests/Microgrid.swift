import Market
import Settlement
import Timeline

/// A county microgrid for tests: the connection, a village, a works, a solar plant, the operator's battery.
enum Microgrid {
    static let county = Participant("county-grid")
    static let valley = Participant("valley-microgrid")
    static let village = Participant("village")
    static let works = Participant("works")
    static let sun = Participant("sun")
    static let zone = TimeZoneTable(name: "Asia/Shanghai", initialOffset: 8 * 3600, transitions: [])

    static func terms(
        volumes: [Int64] = [6], retail: Tariff? = nil, purchase: Tariff? = nil,
        zone: TimeZoneTable = zone, partialMonths: Terms.PartialMonths = .full
    ) -> Terms {
        Terms(
            rules: .guizhouSample2026, zone: zone, gridCompany: county, microgridOperator: valley,
            meteringPoints: [
                MeteringPoint(name: "connection", owner: county),
                MeteringPoint(name: "houses", owner: village),
                MeteringPoint(name: "kiln", owner: works),
                MeteringPoint(name: "slope", owner: sun, isGreenPlant: true),
                MeteringPoint(name: "battery", owner: valley),
            ],
            purchase: purchase, retail: retail, feedIn: yuan(0.23),
            contracts: volumes.enumerated().map {
                contract("green-\($0 + 1)", seller: sun, buyer: works, megawattHours: $1)
            }, partialMonths: partialMonths)
    }

    static func contract(
        _ name: String, seller: Participant, buyer: Participant, megawattHours: Int64
    ) -> GreenPowerContract {
        GreenPowerContract(
            name: name, seller: seller, buyer: buyer, volume: WattHours(megawattHours: megawattHours),
            energyPrice: yuan(0.38), environmentalPrice: yuan(0.03), deviationPrice: yuan(0.03))
    }

    static func yuan(_ price: Double) -> Price {
        Price(microyuanPerKilowattHour: Int64((price * 1e6).rounded()))
    }

    static func instant(_ civil: String) -> Instant {
        zone.instant(CivilTime(iso8601: civil)!)!
    }

    /// Positive kWh are given to the network.
    static func readings(_ kilowattHours: [Int64]) -> [Reading] {
        kilowattHours.map {
            Reading(
                given: WattHours(kilowattHours: max(0, $0)), taken: WattHours(kilowattHours: max(0, -$0)))
        }
    }

    /// Hourly steps of whole kWh from midnight of `day`; connection first.
    static func settle(
        _ terms: Terms, from day: String, hours: Int, _ kilowattHours: (_ hour: Int) -> [Int64]
    ) -> (settler: Settler, months: [MonthlySettlement]) {
        var settler = Settler(terms)
        var months: [MonthlySettlement] = []
        for (index, interval) in Horizon(start: instant(day), step: 3600, count: hours).enumerated() {
            let month = settler.add(readings(kilowattHours(index)), losses: .zero, over: interval)
            months += [month].compactMap { $0 }
        }
        months += [settler.close()].compactMap { $0 }
        return (settler, months)
    }

    /// Of a day that repeats: village 10 kW, works 20 kW, sun 24 kW from 10 to 17 o'clock.
    static func plainDay(_ hour: Int) -> [Int64] {
        let sun: Int64 = (10..<17).contains(hour % 24) ? 24 : 0
        return [30 - sun, -10, -20, sun, 0]
    }
}
