import Lanes

/// What `load` learns of a program.
struct LoadedScale {
    /// 1 + largest |b|, |c|.
    var ofB = 1.0
    var ofC = 1.0
    /// Finite bounds of variables that may move.
    var bounds = 0.0
    /// Whether a curvature counts beside the costs, so that both steps must be one.
    var isCurved = false
    /// Mean width of the variables bounded on both sides, or the size of b.
    var width = 1.0
    /// Added to every curvature when a step is worked out: where many variables lie between their bounds, Θ
    /// would grow until the rounding of one large step is more than is left of A·x − b. It bends no optimum:
    /// what it holds back is nothing once steps are small.
    var damping: Double { 1e-8 * ofC / width }
    /// Part of the objective that the shift to the lower bounds takes out.
    var constant = 0.0
}

/// Where a variable may go.
private struct Span {
    let shift: Double
    let width: Double
    let moves, hasLower, hasUpper: Bool

    init(_ lower: Double, _ upper: Double) {
        moves = lower == -.infinity || upper - lower > 1e-12 * (1 + abs(lower))
        hasLower = moves && lower > -.infinity
        hasUpper = moves && upper < .infinity
        shift = lower > -.infinity ? lower : upper < .infinity ? upper : 0
        width = upper - lower
    }
}

/// A variable's fields.
private struct Numbers {
    let cost, curve, damping: Double
    let span: Span

    init(_ program: StagedProgram, _ k: Int, _ damping: Double) {
        self.damping = damping
        span = Span(program.lower[k], program.upper[k])
        curve = program.quadratic[k]
        cost = program.cost[k] + curve * span.shift
    }

    subscript(_ field: Field) -> Double {
        switch field {
        case .cost: cost
        case .curve: curve
        case .damped: curve + damping * (span.moves && !span.hasLower ? 1e2 : 1)
        case .hasLower: span.hasLower ? 1 : 0
        case .hasUpper: span.hasUpper ? 1 : 0
        case .moves: span.moves ? 1 : 0
        }
    }
}

extension StagedProgram {
    /// Value of an entry in the first stage where it counts, and whether it is the same in all.
    fileprivate func common(_ entry: Int) -> (Double, Bool) {
        let count = pattern.entries.count
        if values.count == count { return (values[entry], true) }
        let first = pattern.entries[entry].isCarried && !pattern.isCyclic ? 1 : 0
        guard first < pattern.stages else { return (0, true) }
        let value = values[first * count + entry]
        for stage in first..<pattern.stages where values[stage &* count &+ entry] != value {
            return (value, false)
        }
        return (value, true)
    }
}

/// Reading a program in: variables are measured from their lower bounds (else their upper, else zero), and
/// what is the same in every stage is kept once.
extension SegmentMemory {
    func load(_ program: StagedProgram) -> LoadedScale {
        let n = front.columns
        let stages = program.pattern.stages
        var scale = LoadedScale()
        var sum = 0.0
        var (boxes, bend) = (0.0, 0.0)
        var (sameCost, sameCurve) = ([Bool](repeating: true, count: n), [Bool](repeating: true, count: n))
        var kinds = [UInt8](repeating: 0, count: n)
        let firstCost = (0..<n).map {
            program.cost[$0] + program.quadratic[$0] * Span(program.lower[$0], program.upper[$0]).shift
        }
        for t in 0..<stages {
            for j in 0..<n {
                let k = t &* n &+ j
                let (lower, upper) = (program.lower[k], program.upper[k])
                let (cost, curve) = (program.cost[k], program.quadratic[k])
                precondition(lower <= upper && curve >= 0)
                let span = Span(lower, upper)
                let shifted = cost + curve * span.shift
                if shifted != firstCost[j] { sameCost[j] = false }
                if curve != program.quadratic[j] { sameCurve[j] = false }
                kinds[j] |= span.hasLower ? (span.hasUpper ? 1 : 2) : span.hasUpper ? 4 : span.moves ? 8 : 16
                scale.ofC = max(scale.ofC, 1 + abs(cost))
                if curve > 0 { bend = max(bend, curve * span.width) }
                scale.constant += (cost + curve * span.shift / 2) * span.shift
                if span.hasLower { scale.bounds += 1 }
                if span.hasUpper { scale.bounds += 1 }
                if span.hasLower, span.hasUpper {
                    sum += span.width
                    boxes += 1
                }
            }
        }
        for value in program.rightHandSide { scale.ofB = max(scale.ofB, 1 + abs(value)) }
        scale.isCurved = bend > 1e-5 * scale.ofC
        scale.width = boxes > 0 ? sum / boxes : scale.ofB
        place(program, sameCost, sameCurve, kinds, scale.damping)
        loadNumbers(program, scale.damping)
        loadRight(program)
        return scale
    }

    /// What is the same everywhere into `now`, a place in `data` for what is not: filled up with stages
    /// that hold nothing, the horizon is not the same everywhere.
    private func place(
        _ program: StagedProgram, _ sameCost: [Bool], _ sameCurve: [Bool], _ kinds: [UInt8],
        _ damping: Double
    ) {
        let isFilled = segments * length > program.pattern.stages || segments < 8
        var (count, records) = (0, 0)
        func place(_ field: Int, _ value: Double, same: Bool, asLast: Bool = false) {
            now[field] = Lanes(repeating: value)
            if same { return }
            if !asLast { records += 1 }
            count += 1
            varying[count] = Int32(field)
            origins[count] = Int32(records - 1)
        }
        for j in 0..<front.columns {
            let numbers = Numbers(program, j, damping)
            let isUniform = !isFilled && kinds[j].nonzeroBitCount == 1
            // Bounded on both sides or fixed, the three last are the same.
            let isBox = kinds[j] & 0b1110 == 0
            for field in Field.allCases {
                let same =
                    switch field {
                    case .cost: sameCost[j]
                    case .curve: sameCurve[j]
                    case .damped: sameCurve[j] && (isUniform || kinds[j] & 0b1100 == 0)
                    case .hasLower, .hasUpper, .moves: isUniform
                    }
                place(
                    j * Field.count + field.rawValue, numbers[field], same: same,
                    asLast: isBox && (field == .hasUpper || field == .moves))
            }
        }
        for (e, entry) in front.entries.enumerated() {
            // The last stage carries nothing into the empty ones.
            let ends = isFilled && program.pattern.entries[entry.source].isCarried
            let (value, same) = program.common(entry.source)
            place(front.columns * Field.count + e, value, same: same && !ends)
        }
        (varying[0], origins[0]) = (Int32(count), Int32(records))
    }

    private func loadNumbers(_ program: StagedProgram, _ damping: Double) {
        let (n, fields) = (front.columns, front.columns * Field.count)
        let records = Int(origins[0])
        for k in 1..<Int(varying[0]) + 1 {
            let field = Int(varying[k])
            // Where nothing stands Θ is 0/1.
            let isDamped = field < fields && field % Field.count == Field.damped.rawValue
            for t in 0..<length {
                data[t &* records &+ Int(origins[k])] = Lanes(repeating: isDamped ? 1 : 0)
            }
        }
        for stage in 0..<program.pattern.stages {
            let (lane, t) = home(stage)
            let record = data + t &* records
            var (column, numbers) = (-1, Numbers(program, stage &* n, damping))
            for k in 1..<Int(varying[0]) + 1 {
                let field = Int(varying[k])
                if field >= fields {
                    doubles(record)[Int(origins[k]) &* 8 &+ lane] = entryValue(
                        program, field &- fields, stage)
                    continue
                }
                if field / Field.count != column {
                    column = field / Field.count
                    numbers = Numbers(program, stage &* n &+ column, damping)
                }
                doubles(record)[Int(origins[k]) &* 8 &+ lane] = numbers[Field(rawValue: field % Field.count)!]
            }
        }
    }

    /// An entry of B belongs to the column's stage, but its value to the next.
    private func entryValue(_ program: StagedProgram, _ entry: Int, _ stage: Int) -> Double {
        let source = front.entries[entry].source
        guard program.pattern.entries[source].isCarried else { return program.value(source, at: stage) }
        if stage + 1 < program.pattern.stages { return program.value(source, at: stage + 1) }
        return program.pattern.isCyclic ? program.value(source, at: 0) : 0
    }

    /// b − A·shift.
    private func loadRight(_ program: StagedProgram) {
        let (n, rows, stages) = (front.columns, front.rows, program.pattern.stages)
        right.update(repeating: Lanes(repeating: 0), count: (length + 1) * rows)
        for stage in 0..<stages {
            let (lane, t) = home(stage)
            for row in 0..<rows {
                doubles(right)[(t &* rows &+ front.place[row]) &* 8 &+ lane] =
                    program.rightHandSide[stage &* rows &+ row]
            }
        }
        for (e, entry) in program.pattern.entries.enumerated() {
            for stage in 0..<stages {
                var from = stage
                if entry.isCarried {
                    from = stage > 0 ? stage - 1 : program.pattern.isCyclic ? stages - 1 : -1
                }
                guard from >= 0 else { continue }
                let k = from &* n &+ entry.column
                let shift = program.lower[k] == 0 ? 0 : Span(program.lower[k], program.upper[k]).shift
                guard shift != 0 else { continue }
                let (lane, t) = home(stage)
                doubles(right)[(t &* rows &+ front.place[entry.row]) &* 8 &+ lane] -=
                    program.value(e, at: stage) * shift
            }
        }
    }
}
