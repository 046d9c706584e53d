import Grid
import Monitoring
import Testing

@Suite("Monitoring")
struct MonitorTests {
    private let network = Network(
        buses: (0..<2).map {
            Bus(name: "\($0)", nominalVoltage: Voltage(10_000), limits: 0.93...1.07)
        },
        branches: [
            Branch(
                name: "0-1", from: 0, to: 1, resistance: Impedance(1), reactance: Impedance(1),
                ampacity: Current(100))
        ],
        source: 0, sourceVoltage: 1)

    private func alarms(_ change: (inout OperatingPoint) -> Void) -> [Alarm] {
        var point = OperatingPoint(buses: 2, branches: 1)
        point.status = .converged
        point.voltage = [Voltage(10_000), Voltage(10_000)]
        change(&point)
        return monitor(network).inspect(point, exchanges: [point.sourcePower])
    }

    @Test("at the limits there is no alarm")
    func quiet() {
        #expect(
            alarms {
                $0.voltage = [Voltage(10_700), Voltage(9300)]
                $0.current = [Current(100)]
                $0.sourcePower = Power(1e6)
            }.isEmpty)
    }

    @Test("at a limit of zero less than a watt is rounding, as it is at any limit of power")
    func zeroLimit() {
        func kinds(_ watts: Double) -> [Alarm.Kind] {
            var point = OperatingPoint(buses: 2, branches: 1)
            point.status = .converged
            point.voltage = [Voltage(10_000), Voltage(10_000)]
            point.sourcePower = Power(watts)
            return monitor(network, .zero, .zero).inspect(point, exchanges: [point.sourcePower]).map(\.kind)
        }
        #expect(kinds(0.2).isEmpty && kinds(-0.99).isEmpty)
        #expect(kinds(1.01) == [.importLimit] && kinds(-1.01) == [.exportLimit])
    }

    @Test("beyond each limit there is one alarm, which names the place, the value and the limit")
    func each() {
        #expect(
            alarms { $0.voltage[1] = Voltage(9290) }
                == [Alarm(kind: .undervoltage, place: 1, value: 0.929, limit: 0.93)])
        #expect(alarms { $0.voltage[0] = Voltage(10_710) }.map(\.kind) == [.overvoltage])
        #expect(
            alarms { $0.current[0] = Current(101) }
                == [Alarm(kind: .overload, place: 0, value: 101, limit: 100)])
        #expect(alarms { $0.sourcePower = Power(1.1e6) }.map(\.kind) == [.importLimit])
        #expect(
            alarms { $0.sourcePower = Power(-6e5) }
                == [Alarm(kind: .exportLimit, place: 0, value: 6e5, limit: 5e5)])
        #expect(alarms { $0.voltage[1] = .zero }.map(\.kind) == [.deenergised])
    }

    @Test("every alarm of one step names its own place, value and limit: buses, branches, the connection")
    func all() {
        let network = Network(
            buses: (0..<4).map {
                Bus(name: "\($0)", nominalVoltage: Voltage(10_000), limits: 0.93...1.07)
            },
            branches: [(2, 0), (2, 1), (1, 3)].map { from, to in
                Branch(
                    name: "", from: from, to: to, resistance: Impedance(1), reactance: Impedance(1),
                    ampacity: Current(100))
            }, source: 2, sourceVoltage: 1)
        var point = OperatingPoint(buses: 4, branches: 3)
        point.status = .islanded
        point.voltage = [9000, 10_800, 10_000, 0].map { Voltage($0) }
        point.current = [99, 101, 150].map { Current($0) }
        point.sourcePower = Power(1.2e6)
        let monitor = monitor(network)
        let expected = [
            Alarm(kind: .undervoltage, place: 0, value: 0.9, limit: 0.93),
            Alarm(kind: .overvoltage, place: 1, value: 1.08, limit: 1.07),
            Alarm(kind: .deenergised, place: 3, value: 0, limit: 0.93),
            Alarm(kind: .overload, place: 1, value: 101, limit: 100),
            Alarm(kind: .overload, place: 2, value: 150, limit: 100),
            Alarm(kind: .importLimit, place: 2, value: 1.2e6, limit: 1e6),
        ]
        #expect(monitor.inspect(point, exchanges: [point.sourcePower]) == expected)
        point.status = .diverged
        #expect(monitor.inspect(point, exchanges: [point.sourcePower]).map(\.place) == [2])
    }

    @Test("a rating counts beside the ampacity: the alarm names the limit that is exceeded by more")
    func rating() {
        func alarms(_ ampacity: Double?, _ rating: Double?) -> [Alarm] {
            var network = network
            network.branches[0].ampacity = ampacity.map { Current($0) }
            network.branches[0].rating = rating.map { ApparentPower($0) }
            var point = OperatingPoint(buses: 2, branches: 1)
            point.status = .converged
            point.voltage = [Voltage(10_000), Voltage(10_000)]
            point.powerFrom = [Power(3e5)]
            point.reactiveFrom = [ReactivePower(4e5)]
            point.powerTo = [Power(-2.9e5)]
            point.current = [Current(29)]
            return monitor(network).inspect(point, exchanges: [point.sourcePower])
        }
        let byPower = [Alarm(kind: .powerOverload, place: 0, value: 5e5, limit: 4e5)]
        #expect(alarms(nil, 4e5) == byPower && alarms(28, 4e5) == byPower && alarms(100, 4e5) == byPower)
        #expect(alarms(10, 4e5) == [Alarm(kind: .overload, place: 0, value: 29, limit: 10)])
        #expect(alarms(29, 5e5).isEmpty && alarms(nil, nil).isEmpty && alarms(0, 0).isEmpty)
    }

    @Test("a diverged point says so and nothing else")
    func diverged() {
        #expect(alarms { $0.status = .diverged }.map(\.kind) == [.diverged])
    }

    /// A monitor with one connection, at the source bus.
    private func monitor(
        _ network: Network, _ importLimit: Power = Power(1e6), _ exportLimit: Power = Power(5e5)
    ) -> Monitor {
        Monitor(
            network: network,
            connections: [
                .init(bus: network.source, importLimit: importLimit, exportLimit: exportLimit)
            ])
    }
}
