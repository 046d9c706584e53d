import Grid
import TextFile

/// Which load shapes elements follow over a day and a year.
struct DSSShapes {
    /// What follows a shape, by its index in the feeder.
    enum Element: Hashable {
        case load(Int)
        case generator(Int)
        case inverter(Int)
    }

    /// The shapes of an element by `daily` and `yearly`.
    private(set) var used: [(element: Element, daily: DSSFields.Field?, yearly: DSSFields.Field?)] = []

    /// Notes the shapes of an element.
    mutating func note(
        _ shapes: [String: DSSFields.Field], _ element: Element, _ fields: inout DSSFields
    ) {
        guard !shapes.isEmpty else { return }
        used.append((element, shapes["daily"], shapes["yearly"]))
    }
}

/// Factors over time.
struct DSSShape {
    /// Of the active power.
    var active: [Double] = []
    /// Of the reactive power; empty where it follows the active one.
    var reactive: [Double] = []
    /// Length of a step, s.
    var interval = 3600.0
    /// Whether the values are kW and kvar instead of factors.
    var isActual = false

    /// The daily curve that every script knows, by hours (assumed as OpenDSS documents it).
    static let standard = DSSShape(active: [
        0.677, 0.6256, 0.6087, 0.5833, 0.58028, 0.6025, 0.657, 0.7477, 0.832, 0.88, 0.94, 0.989, 0.985, 0.98,
        0.9898, 0.999, 1, 0.958, 0.936, 0.913, 0.876, 0.876, 0.828, 0.756,
    ])

    /// The value of the step that ends at `time` s; shapes repeat.
    static func value(_ values: [Double], _ interval: Double, at time: Double) -> Double {
        let place = Int((time / interval).rounded(.toNearestOrEven)) % values.count
        return values[(place + values.count - 1) % values.count]
    }
}

extension DSSBuilder {
    /// The demand of the feeder over the shapes that its elements follow; nil, with a mistake, where none
    /// follows one. The longest shape says how many steps there are and how long each is.
    mutating func demand(_ cycle: LoadedScript.Cycle) -> DemandSeries? {
        var known: [String: DSSShape?] = [:]
        var followers: [(element: DSSShapes.Element, shape: DSSShape)] = []
        for (element, daily, yearly) in shapes.used {
            let field = cycle == .daily ? daily : yearly ?? daily
            guard let field, field.word.value.lowercased() != "none" else { continue }
            let key = field.word.value.lowercased()
            if known[key] == nil { known[key] = .some(shape(field)) }
            if let shape = known[key] ?? nil { followers.append((element, shape)) }
        }
        guard mistakes.isEmpty, codeMistakes.isEmpty else { return nil }
        guard let longest = followers.map(\.shape).max(by: { $0.active.count < $1.active.count }) else {
            mistakes.append(
                FileMistake(
                    file: script.files[0], message: "no element follows a load shape by '\(cycle.rawValue)='")
            )
            return nil
        }
        let (steps, interval) = (longest.active.count, longest.interval)
        var series = DSSDemand(feeder, steps: steps)
        for (element, shape) in followers {
            let times = (1...steps).map { Double($0) * interval }
            let active = times.map { DSSShape.value(shape.active, shape.interval, at: $0) }
            let reactive =
                shape.reactive.isEmpty
                ? nil : times.map { DSSShape.value(shape.reactive, shape.interval, at: $0) }
            series.follow(element, active, reactive, isActual: shape.isActual)
        }
        return DemandSeries(
            shapes: series.shapes, active: series.active, reactive: series.reactive, interval: interval)
    }

    /// The shape that a field names; nil, with a mistake, where it is not there.
    private mutating func shape(_ field: DSSFields.Field) -> DSSShape? {
        guard let object = script.circuit.object("loadshape", field.word.value) else {
            if field.word.value.lowercased() == "default" { return .standard }
            mistakes.append(script.message(unknown("LoadShape", field.word.value), field.word.place))
            return nil
        }
        var fields = DSSFields(object, files: script.files)
        defer { mistakes += fields.mistakes }
        var draft = DSSShapeDraft()
        for field in fields.all {
            draft.read(field, &fields) { name throws(DSSFolder.Refusal) in
                try script.contents(of: name, for: object)
            }
        }
        return draft.shape(&fields)
    }
}

/// The demand of a feeder while shapes are given to its elements.
private struct DSSDemand {
    private let feeder: Feeder
    /// The first is 1 in every step.
    var shapes: [[Double]]
    var active: [Int]
    var reactive: [Int]
    private var indices: [[Double]: Int] = [:]

    init(_ feeder: Feeder, steps: Int) {
        self.feeder = feeder
        shapes = [[Double](repeating: 1, count: steps)]
        active = Array(repeating: 0, count: feeder.loads.count + feeder.inverters.count)
        reactive = active
    }

    mutating func follow(
        _ element: DSSShapes.Element, _ active: [Double], _ reactive: [Double]?, isActual: Bool
    ) {
        let place: Int
        var (watts, vars) = (0.0, 0.0)
        switch element {
        case .load(let index), .generator(let index):
            place = index
            watts = feeder.loads[index].active.reduce(0) { $0 + abs($1.value) }
            vars = feeder.loads[index].reactive.reduce(0) { $0 + abs($1.value) }
        case .inverter(let index): place = feeder.loads.count + index
        }
        guard isActual else {
            self.active[place] = shape(active)
            self.reactive[place] = shape(reactive ?? active)
            return
        }
        // kW and kvar; reactive power that is not given is none.
        self.active[place] = shape(active.map { watts > 0 ? $0 * 1000 / watts : 0 })
        self.reactive[place] = shape(
            (reactive ?? []).isEmpty
                ? active.map { _ in 0 } : reactive!.map { vars > 0 ? $0 * 1000 / vars : 0 })
    }

    private mutating func shape(_ values: [Double]) -> Int {
        if let known = indices[values] { return known }
        indices[values] = shapes.count
        shapes.append(values)
        return shapes.count - 1
    }
}
