import Grid
import Monitoring
import Testing

@Suite("Violations")
struct ViolationTests {
    private let network = Network(
        buses: (0..<3).map { Bus(name: "\($0)", nominalVoltage: Voltage(10_000), limits: 0.93...1.07) },
        branches: (0..<2).map {
            Branch(
                name: "", from: $0, to: $0 + 1, resistance: Impedance(1), reactance: Impedance(1),
                ampacity: Current(100), rating: ApparentPower(1e6))
        }, source: 0, sourceVoltage: 1)

    private func point(_ change: (inout OperatingPoint) -> Void) -> OperatingPoint {
        var point = OperatingPoint(buses: 3, branches: 2)
        point.status = .converged
        point.voltage = Array(repeating: Voltage(10_000), count: 3)
        change(&point)
        return point
    }

    @Test("overloads by current and by power, then voltages, each with its value and limit")
    func each() {
        let point = point {
            $0.current = [Current(150), Current(20)]
            $0.powerTo[1] = Power(-1.2e6)
            $0.voltage = [10_800, 10_000, 9200].map { Voltage($0) }
        }
        let expected: [Violation] = [
            .init(kind: .overload, place: 0, value: 1.5, limit: 1),
            .init(kind: .overload, place: 1, value: 1.2, limit: 1),
            .init(kind: .overvoltage, place: 0, value: 1.08, limit: 1.07),
            .init(kind: .undervoltage, place: 2, value: 0.92, limit: 0.93),
        ]
        #expect(network.violations(at: point) == expected)
        #expect(abs(expected[3].excess - 0.01) < 1e-15)
    }

    @Test("a limit holds up to the tolerance, and a de-energised bus breaks none")
    func tolerance() {
        let within = 0.9 * Violation.tolerance
        let inside = point {
            $0.current[0] = Current(100 * (1 + within))
            $0.powerFrom[1] = Power(1e6 * (1 + within))
            $0.voltage = [10_000 * (1.07 + within), 10_000 * (0.93 - within), 0].map { Voltage($0) }
        }
        #expect(network.violations(at: inside).isEmpty)
        let beyond = 1.1 * Violation.tolerance
        let outside = point {
            $0.current[0] = Current(100 * (1 + beyond))
            $0.powerFrom[1] = Power(1e6 * (1 + beyond))
            $0.voltage = [10_000 * (1.07 + beyond), 10_000 * (0.93 - beyond), 0].map { Voltage($0) }
        }
        #expect(network.violations(at: outside).count == 4)
        #expect(Violation.exceeds(2 * (1 + beyond), 2) && !Violation.exceeds(2 * (1 + within), 2))
    }

    @Test("without a solution nothing is judged")
    func unsolved() {
        #expect(network.violations(at: OperatingPoint(buses: 3, branches: 2)).isEmpty)
    }

    @Test("the monitor rings where violations are, and nowhere else")
    func monitor() {
        let monitor = Monitor(network: network, connections: [])
        for current in stride(from: 90.0, through: 110, by: 5) {
            for power in stride(from: 0.9e6, through: 1.1e6, by: 0.05e6) {
                for voltage in stride(from: 9000.0, through: 11_000, by: 250) {
                    let point = point {
                        $0.current[1] = Current(current)
                        $0.powerFrom[1] = Power(power)
                        $0.voltage[2] = Voltage(voltage)
                    }
                    let violations = network.violations(at: point)
                    let alarms = monitor.inspect(point, exchanges: [])
                    #expect(alarms.count == violations.count)
                    #expect(Set(alarms.map(\.place)) == Set(violations.map(\.place)))
                    #expect(
                        alarms.contains { $0.kind.isOfBranch } == violations.contains { $0.kind == .overload }
                    )
                }
            }
        }
    }
}
