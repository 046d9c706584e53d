import Grid
import Simulator
import TextFile
import YAMLFile

/// `model: phases` of a balanced network: its three phases are alike, devices may stand on one of them, and
/// `controls` act: tap changers and switched capacitors.
struct PhaseModel {
    struct Tap {
        /// Index of the branch, whose `to` has the tap.
        let branch: Int
        /// Index of the bus whose voltage is held.
        let bus: Int
        /// Fractions of nominal: setpoint, whole band, and one step.
        let voltage: Double
        let band: Double
        let step: Double
        /// Steps to either side.
        let steps: Int
        let delay: Double
    }

    struct Capacitor {
        /// Index of the bus.
        let bus: Int
        /// Of all steps, var.
        let power: Double
        let steps: Int
        /// Fractions of nominal: a step closes below `on` and opens above `off`.
        let on: Double
        let off: Double
        let delay: Double
    }

    let field: Field
    let zeroSequence: Double
    let unbalanceLimit: Double
    private(set) var taps: [Tap] = []
    private(set) var capacitors: [Capacitor] = []

    /// The keys beside the network, before its buses and branches are known.
    struct Written {
        fileprivate let field: Field
        fileprivate let zeroSequence: Double
        fileprivate let unbalanceLimit: Double
        fileprivate let controls: Field?
    }

    /// Reads the keys of `model: phases`; nil where they are wrong.
    static func written(_ section: Mapping) -> Written? {
        let zero = section.optional("zero_sequence").map { $0.number(in: 0.1...20) } ?? usualZeroSequence
        let unbalance = section.quantity(
            "unbalance", .fraction, in: Bounds(0...1), default: ScenarioFeeder.usualUnbalanceLimit)
        let controls = section.optional("controls")
        guard let zero, let unbalance else { return nil }
        return Written(
            field: section.field, zeroSequence: zero, unbalanceLimit: unbalance, controls: controls)
    }

    /// Ratio of zero- to positive-sequence impedance of lines, assumed.
    private static let usualZeroSequence = 3.0

    /// The controls of a network; nil, with the reasons reported, where one of them is wrong.
    init?(_ written: Written, _ network: Network, _ buses: [(String, Int)]) {
        (field, zeroSequence, unbalanceLimit) = (
            written.field, written.zeroSequence, written.unbalanceLimit
        )
        guard let controls = written.controls else { return }
        guard let items = controls.list() else { return nil }
        var isGood = true
        let branches = NameTable(network.branches.enumerated().map { ($1.name, $0) })
        for item in items {
            let isRead: Void? = item.mapping { section in
                if let branch = section.optional("tap") {
                    return Self.tap(branch, section, branches, buses).map { taps.append($0) }
                }
                guard let bus = section.optional("capacitor") else {
                    item.mistake("what is controlled is missing; write 'tap' or 'capacitor'")
                    section.allowAllKeys()
                    return nil
                }
                return Self.capacitor(bus, section, buses).map { capacitors.append($0) }
            }
            isGood = isGood && isRead != nil
        }
        for (index, tap) in taps.enumerated()
        where taps[..<index].contains(where: { $0.branch == tap.branch }) {
            controls.mistake("branch \(quoted(network.branches[tap.branch].name)) has two tap changers")
            isGood = false
        }
        guard isGood else { return nil }
    }

    private static func tap(
        _ field: Field, _ section: Mapping, _ branches: NameTable<Int>, _ buses: [(String, Int)]
    ) -> Tap? {
        let branch = field.reference("branch", in: branches)
        let bus = section.required("bus")?.reference("bus", in: buses)
        let voltage = section.quantity("voltage", .perUnitVoltage, in: Bounds(0.8...1.2))
        let band = section.quantity("band", .fraction, in: Bounds(0.001...0.2))
        let step = section.quantity("step", .fraction, in: Bounds(0.001...0.05), default: 0.00625)
        let steps = section.optional("steps").map { $0.integer(in: 1...40) } ?? 16
        let delay = section.quantity("delay", .duration, in: Bounds(0...86_400), default: 30)
        guard let branch, let bus, let voltage, let band, let step, let steps, let delay else { return nil }
        guard step * Double(steps) < 0.5 else {
            section.field.mistake("the tap would change the voltage by half and more")
            return nil
        }
        return Tap(
            branch: branch, bus: bus, voltage: voltage, band: band, step: step, steps: steps, delay: delay)
    }

    private static func capacitor(
        _ field: Field, _ section: Mapping, _ buses: [(String, Int)]
    ) -> Capacitor? {
        let bus = field.reference("bus", in: buses)
        let power = section.quantity("power", .reactivePower, in: .positive)
        let steps = section.optional("steps").map { $0.integer(in: 1...100) } ?? 1
        let on = section.quantity("on", .perUnitVoltage, in: Bounds(0.5...1.5))
        let off = section.quantity("off", .perUnitVoltage, in: Bounds(0.5...1.5))
        let delay = section.quantity("delay", .duration, in: Bounds(0...86_400), default: 30)
        guard let bus, let power, let steps, let on, let off, let delay else { return nil }
        guard on < off else {
            section.field.mistake("'on' must be below 'off': a step closes at a low voltage")
            return nil
        }
        return Capacitor(bus: bus, power: power, steps: steps, on: on, off: off, delay: delay)
    }

    /// The feeder with these controls.
    func controlling(_ feeder: Feeder, _ equivalent: FeederEquivalent) -> Feeder {
        var feeder = feeder
        for tap in taps {
            guard case .transformer(let index, _) = equivalent.elements[tap.branch] else { continue }
            feeder.transformers[index].windings[1].tapRange =
                1 - Double(tap.steps) * tap.step...1 + Double(tap.steps) * tap.step
            feeder.transformers[index].windings[1].tapSteps = 2 * tap.steps
            let volts = feeder.buses[tap.bus].nominalPhaseVoltage
            feeder.tapControls.append(
                Feeder.TapControl(
                    name: equivalent.network.branches[tap.branch].name, transformer: index, winding: 1,
                    voltage: Feeder.VoltagePoint(bus: tap.bus, pairs: Feeder.Pair.wye), potentialRatio: 1,
                    currentRating: 1,
                    setting: Feeder.TapControl.Setting(
                        level: tap.voltage * volts, bandwidth: tap.band * volts),
                    delay: tap.delay))
        }
        for capacitor in capacitors {
            let volts = feeder.buses[capacitor.bus].nominalPhaseVoltage
            let name = "capacitor-\(feeder.buses[capacitor.bus].name)"
            feeder.shuntControls.append(
                Feeder.ShuntControl(
                    name: name, shunt: feeder.shunts.count,
                    kind: .voltage(
                        Feeder.VoltagePoint(bus: capacitor.bus, pairs: Feeder.Pair.wye), ratio: 1,
                        on: capacitor.on * volts, off: capacitor.off * volts), delay: capacitor.delay,
                    delayOff: capacitor.delay, deadTime: capacitor.delay))
            feeder.shunts.append(
                Feeder.Shunt(
                    name: name, bus: capacitor.bus, voltage: Voltage(volts),
                    reactive: (0..<3).map { _ in ReactivePower(capacitor.power / 3) },
                    steps: capacitor.steps, closed: 0))
        }
        return feeder
    }
}
