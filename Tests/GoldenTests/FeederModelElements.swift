import Grid
import LinearAlgebra

// The elements of a feeder model, word by word.
extension Words {
    mutating func source() -> Feeder.Source {
        let (name, bus, count) = (text(), integer(), integer())
        let pairs = integers(count).map { Feeder.Pair($0) }
        var magnitude: [Voltage] = []
        var angle: [Double] = []
        for _ in 0..<count {
            magnitude.append(Voltage(number()))
            angle.append(number())
        }
        return Feeder.Source(
            name: name, bus: bus, pairs: pairs, magnitude: magnitude, angle: angle, impedance: matrix(count))
    }

    mutating func line() -> Feeder.Line {
        let (name, from, to, count, isClosed) = (text(), integer(), integer(), integer(), integer() == 1)
        let ends = [
            Feeder.End(bus: from, conductors: integers(count)),
            Feeder.End(bus: to, conductors: integers(count)),
        ]
        return Feeder.Line(
            name: name, from: ends[0], to: ends[1], impedance: matrix(count), admittance: matrix(count),
            isClosed: isClosed)
    }

    mutating func transformer() -> Feeder.Transformer {
        let (name, phases, windings, rating) = (text(), integer(), integer(), number())
        let (iron, magnetizing, tie) = (number(), number(), number())
        let reactances = (0..<windings * (windings - 1) / 2).map { _ in number() }
        let all = (0..<windings).map { _ in
            let (bus, voltage, resistance, tap) = (integer(), number(), number(), number())
            let (low, high, steps) = (number(), number(), integer())
            return Feeder.Transformer.Winding(
                bus: bus, pairs: pairs(phases), voltage: Voltage(voltage), resistance: resistance, tap: tap,
                tapRange: low...high, tapSteps: steps)
        }
        return Feeder.Transformer(
            name: name, windings: all, rating: ApparentPower(rating), reactances: reactances, ironLoss: iron,
            magnetizing: magnetizing, tie: tie)
    }

    mutating func load() -> Feeder.Load {
        let (name, bus, count, voltage) = (text(), integer(), integer(), number())
        let (active, reactive, model) = (number(), number(), integer())
        let range = Feeder.ModelRange(lower: number(), upper: number(), lowest: number())
        let (watts, vars) = (number(), number())
        let z = (0..<7).map { _ in number() }
        let dependence: Feeder.VoltageDependence =
            switch model {
            case 1: .constantPower
            case 2: .constantImpedance
            case 3: .exponential(active: 0, reactive: 2)
            case 4: .exponential(active: watts, reactive: vars)
            case 5: .constantCurrent
            case 8:
                .polynomial(
                    active: .init(impedance: z[0], current: z[1], power: z[2]),
                    reactive: .init(impedance: z[3], current: z[4], power: z[5]), cutoff: z[6])
            default: preconditionFailure("unknown load model \(model)")
            }
        return Feeder.Load(
            name: name, bus: bus, pairs: pairs(count), voltage: Voltage(voltage),
            active: Array(repeating: Power(active), count: count),
            reactive: Array(repeating: ReactivePower(reactive), count: count), dependence: dependence,
            range: range)
    }

    mutating func capacitor() -> Feeder.Shunt {
        let (name, bus, count, voltage) = (text(), integer(), integer(), number())
        let (reactive, steps, closed) = (number(), integer(), integer())
        return Feeder.Shunt(
            name: name, bus: bus, pairs: pairs(count), voltage: Voltage(voltage),
            reactive: Array(repeating: ReactivePower(reactive), count: count), steps: steps, closed: closed)
    }

    mutating func tapControl(_ transformers: [Feeder.Transformer]) -> Feeder.TapControl {
        let (name, transformer, winding, measured) = (text(), integer(), integer(), integer())
        let setting = Feeder.TapControl.Setting(
            level: number(), bandwidth: number(), resistance: number(), reactance: number())
        let (ratio, rating, delay, tapDelay) = (number(), number(), number(), number())
        let (most, phase, isReversible) = (integer(), integer() - 1, integer() == 1)
        let reverse = Feeder.TapControl.Reverse(
            setting: .init(level: number(), bandwidth: number(), resistance: number(), reactance: number()),
            threshold: Power(kilowatts: number()), delay: number(), isNeutral: integer() == 1)
        let place = transformers[transformer].windings[measured]
        return Feeder.TapControl(
            name: name, transformer: transformer, winding: winding, measured: measured,
            voltage: .init(bus: place.bus, pairs: [place.pairs[phase]]), currentPhase: phase,
            potentialRatio: ratio, currentRating: rating, setting: setting,
            reverse: isReversible ? reverse : nil, delay: delay, tapDelay: tapDelay, mostSteps: most)
    }

    mutating func shuntControl(_ feeder: Feeder, _ capacitors: [Int]) -> Feeder.ShuntControl {
        let (name, capacitor, type, ratio, currentRatio) = (text(), integer(), text(), number(), number())
        let (on, off, delay, delayOff, dead) = (number(), number(), number(), number(), number())
        precondition(text() == "line")
        let (line, atFrom, phase) = (integer(), integer() == 1, integer() - 1)
        let (hasOverride, least, most) = (integer() == 1, number(), number())
        let end = atFrom ? feeder.lines[line].from : feeder.lines[line].to
        let voltage = Feeder.VoltagePoint(bus: end.bus, pairs: [.init(end.conductors[phase])])
        func current(_ places: [Int]) -> Feeder.CurrentPoint { .line(line, atFrom: atFrom, places: places) }
        let kind: Feeder.ShuntControl.Kind =
            switch type {
            case "voltage": .voltage(voltage, ratio: ratio, on: on, off: off)
            case "current": .current(current([phase]), ratio: currentRatio, on: on, off: off)
            case "kvar":
                .reactive(
                    current(Array(end.conductors.indices)), on: .init(kilovars: on), off: .init(kilovars: off)
                )
            case "time": .time(on: on * 3600, off: off * 3600)
            default: preconditionFailure("unknown control \(type)")
            }
        return Feeder.ShuntControl(
            name: name, shunt: capacitors[capacitor], kind: kind,
            override: hasOverride
                ? .init(voltage: voltage, ratio: ratio, least: least, most: most) : nil,
            delay: delay, delayOff: delayOff, deadTime: dead)
    }
}
