import LinearAlgebra

/// What `load` learns of a program.
struct LoadedScale {
    /// 1 + largest |b|, |c|.
    var ofB = 1.0
    var ofC = 1.0
    /// Finite bounds of variables that may move.
    var bounds = 0.0
    var isCurved = false
    /// Mean width of the variables bounded on both sides, or the size of b.
    var width = 1.0
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

/// Reading a program in: variables are measured from their lower bounds (else their upper, else zero), and
/// what is the same in every stage is kept once.
extension SegmentMemory {
    func load(_ program: StagedProgram) -> LoadedScale {
        let n = front.columns
        let stages = program.pattern.stages
        var scale = LoadedScale()
        var sum = 0.0
        var boxes = 0.0
        var (sameCost, sameCurve) = ([Bool](repeating: true, count: n), [Bool](repeating: true, count: n))
        var kinds = [UInt8](repeating: 0, count: n)
        let firstCost = (0..<min(n, program.cost.count)).map {
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
                if curve > 0 { scale.isCurved = true }
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
        scale.width = boxes > 0 ? sum / boxes : scale.ofB
        place(program, sameCost, sameCurve, kinds)
        loadNumbers(program)
        loadRight(program)
        return scale
    }

    /// Gives every number its place. Two constants come first: 0 and 1.
    private func place(
        _ program: StagedProgram, _ sameCost: [Bool], _ sameCurve: [Bool], _ kinds: [UInt8]
    ) {
        let isFilled = segments * length > program.pattern.stages || segments < 8
        (data[0], data[1]) = (Lanes(repeating: 0), Lanes(repeating: 1))
        var (constant, field) = (Int32(2), Int32(constants))
        func stream() -> Reference {
            defer { field += 1 }
            return Reference(at: field, stride: Int32(dataRecord))
        }
        func fixed(_ value: Double) -> Reference {
            if value == 0 || value == 1 { return Reference(at: Int32(value)) }
            defer { constant += 1 }
            data[Int(constant)] = Lanes(repeating: value)
            return Reference(at: constant)
        }
        for j in 0..<front.columns {
            let span = Span(program.lower[j], program.upper[j])
            let cost = program.cost[j] + program.quadratic[j] * span.shift
            columns[j].cost = sameCost[j] ? fixed(cost) : stream()
            columns[j].curve = sameCurve[j] ? fixed(program.quadratic[j]) : stream()
            let isUniform = !isFilled && kinds[j].nonzeroBitCount == 1
            let moves = isUniform ? fixed(span.moves ? 1 : 0) : stream()
            columns[j].moves = moves
            // Bounded on both sides or fixed, the three are the same.
            let isSame = kinds[j] & 0b1110 == 0
            columns[j].hasLower = isSame ? moves : isUniform ? fixed(span.hasLower ? 1 : 0) : stream()
            columns[j].hasUpper = isSame ? moves : isUniform ? fixed(span.hasUpper ? 1 : 0) : stream()
        }
        let count = program.pattern.entries.count
        for (e, entry) in front.entries.enumerated() {
            let varies = program.values.count != count
            // The last stage carries nothing into the empty ones.
            let ends = isFilled && program.pattern.entries[entry.source].isCarried
            entries[e].value = varies || ends ? stream() : fixed(program.values[entry.source])
        }
    }

    private func loadNumbers(_ program: StagedProgram) {
        let n = front.columns
        let zero = Lanes(repeating: 0)
        for at in constants..<constants + dataRecord * length { data[at] = zero }
        func write(_ reference: Reference, _ lane: Int, _ t: Int, _ value: Double) {
            if reference.stride != 0 { data[Int(reference.at) &+ Int(reference.stride) &* t][lane] = value }
        }
        for stage in 0..<program.pattern.stages {
            let (lane, t) = home(stage)
            for j in 0..<n {
                let k = stage &* n &+ j
                let plan = columns[j]
                guard plan.cost.stride | plan.curve.stride | plan.moves.stride | plan.hasLower.stride
                    | plan.hasUpper.stride != 0
                else { continue }
                let span = Span(program.lower[k], program.upper[k])
                write(plan.cost, lane, t, program.cost[k] + program.quadratic[k] * span.shift)
                write(plan.curve, lane, t, program.quadratic[k])
                write(plan.moves, lane, t, span.moves ? 1 : 0)
                write(plan.hasLower, lane, t, span.hasLower ? 1 : 0)
                write(plan.hasUpper, lane, t, span.hasUpper ? 1 : 0)
            }
            for (e, entry) in front.entries.enumerated() where entries[e].value.stride != 0 {
                let isCarried = program.pattern.entries[entry.source].isCarried
                var at = stage + (isCarried ? 1 : 0)
                if at == program.pattern.stages {
                    guard program.pattern.isCyclic else { continue }
                    at = 0
                }
                write(entries[e].value, lane, t, program.value(entry.source, at: at))
            }
        }
    }

    /// b − A·shift.
    private func loadRight(_ program: StagedProgram) {
        let (n, rows, stages) = (front.columns, front.rows, program.pattern.stages)
        right.update(repeating: Lanes(repeating: 0), count: (length + 1) * rows)
        for stage in 0..<stages {
            let (lane, t) = home(stage)
            for row in 0..<rows {
                right[t &* rows &+ front.place[row]][lane] = program.rightHandSide[stage &* rows &+ row]
            }
        }
        for (e, entry) in program.pattern.entries.enumerated() {
            for stage in 0..<stages {
                var from = stage
                if entry.isCarried { from = stage > 0 ? stage - 1 : program.pattern.isCyclic ? stages - 1 : -1 }
                guard from >= 0 else { continue }
                let k = from &* n &+ entry.column
                let shift = program.lower[k] == 0 ? 0 : Span(program.lower[k], program.upper[k]).shift
                guard shift != 0 else { continue }
                let (lane, t) = home(stage)
                right[t &* rows &+ front.place[entry.row]][lane] -= program.value(e, at: stage) * shift
            }
        }
    }
}
