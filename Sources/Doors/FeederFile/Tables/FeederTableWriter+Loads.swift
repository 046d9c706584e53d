import Grid
import LinearAlgebra

// What stands at a bus, as rows.
extension FeederTableWriter {
    /// The part a, b, c or ab, bc, ca that each pair is, and whether they are between phases.
    static func parts(_ pairs: [Feeder.Pair]) -> (parts: [Int], isDelta: Bool)? {
        let wye = pairs.compactMap { pair in
            pair.minus == 0 && (1...3).contains(pair.plus) ? pair.plus - 1 : nil
        }
        if wye.count == pairs.count { return (wye, false) }
        let delta = pairs.compactMap { pair in
            Feeder.Pair.delta.firstIndex {
                Set([$0.plus, $0.minus]) == Set([pair.plus, pair.minus])
            }
        }
        return delta.count == pairs.count ? (delta, true) : nil
    }

    mutating func write(_ load: Feeder.Load) {
        let element = "load \(load.name)"
        guard let (parts, isDelta) = Self.parts(load.pairs) else {
            return refuse(element, "is connected to a neutral, which the tables do not have")
        }
        guard case .polynomial(let active, let reactive, let cutoff) = load.dependence, cutoff == 0 else {
            return refuse(
                element, "its dependence on voltage is not that of constant power, current and impedance")
        }
        let bus = feeder.buses[load.bus]
        let nominal = isDelta ? bus.nominalVoltage.value : bus.nominalPhaseVoltage
        let rise = nominal / load.voltage.value
        let models = [
            ("PQ", active.power, reactive.power), ("I", active.current * rise, reactive.current * rise),
            ("Z", active.impedance * rise * rise, reactive.impedance * rise * rise),
        ]
        let used = models.filter { $0.1 != 0 || $0.2 != 0 }
        for (model, activeShare, reactiveShare) in used {
            var cells = [String](repeating: "0", count: 6)
            var sums = [Double](repeating: 0, count: 6)
            for (place, part) in parts.enumerated() {
                sums[2 * part] += load.active[place].kilowatts * activeShare
                sums[2 * part + 1] += load.reactive[place].kilovars * reactiveShare
            }
            for index in cells.indices { cells[index] = "\(sums[index])" }
            let name = used.count == 1 ? load.name : "\(load.name)-\(model)"
            add([loadName(name), bus.name, isDelta ? "delta" : "wye", model] + cells, to: "load")
        }
    }

    /// Capacitors, added up by bus and connection.
    mutating func writeShunts() {
        var sums: [Int: [Bool: [Double]]] = [:]
        for shunt in feeder.shunts {
            guard let (parts, isDelta) = Self.parts(shunt.pairs) else {
                refuse("shunt \(shunt.name)", "is connected to a neutral, which the tables do not have")
                continue
            }
            guard shunt.admittance.allSatisfy({ $0.real == 0 }) else {
                refuse("shunt \(shunt.name)", "has a conductance, and the tables know capacitors only")
                continue
            }
            let bus = feeder.buses[shunt.bus]
            let nominal = isDelta ? bus.nominalVoltage.value : bus.nominalPhaseVoltage
            let closed = Double(shunt.closed) / Double(shunt.steps)
            for (place, part) in parts.enumerated() {
                sums[shunt.bus, default: [:]][isDelta, default: [0, 0, 0]][part] +=
                    shunt.admittance[place].imaginary * nominal * nominal / 1000 * closed
            }
        }
        for (bus, kinds) in sums.sorted(by: { $0.key < $1.key }) {
            for isDelta in [false, true] {
                guard let powers = kinds[isDelta], powers.contains(where: { $0 != 0 }) else { continue }
                add([name(bus), isDelta ? "delta" : "wye"] + powers.map { "\($0)" }, to: "capacitor")
            }
        }
        if !feeder.shuntControls.isEmpty {
            warn("switched capacitors stay as they are; their controls are left out")
        }
    }
}
