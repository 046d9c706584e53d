import Foundation
import Grid
import Scheduling
import TextFile
import Timeline

/// A problem as one line of JSON; the units are in the names.
struct ProblemLine {
    let text: String

    init(_ problem: DispatchProblem, _ names: [String], id: Int) {
        let horizon = problem.horizon
        let start = Date(timeIntervalSince1970: Double(horizon.start.secondsSinceEpoch))
        let devices = problem.offers.indices.map { Self.device(problem, $0, names) }
        text = """
            {"id":\(id),"start":"\(start.ISO8601Format())","step_s":\(horizon.step),"steps":\(horizon.count),\
            "losses_kw":\(Self.losses(problem)),\(Self.ties(problem))\
            "devices":[\(devices.joined(separator: ","))]}
            """
    }

    /// One list of losses; with several areas, one list for each.
    private static func losses(_ problem: DispatchProblem) -> String {
        let steps = problem.horizon.count
        let lists = (0..<problem.areas.count).map { area in
            JSONText.list(problem.losses[area * steps..<(area + 1) * steps]) { JSONText.number($0.kilowatts) }
        }
        return lists.count == 1 ? lists[0] : "[\(lists.joined(separator: ","))]"
    }

    /// Empty if there is one area.
    private static func ties(_ problem: DispatchProblem) -> String {
        guard problem.areas.count > 1 else { return "" }
        let ties = problem.areas.ties.map { tie in
            func limits(_ values: [Power]) -> String {
                JSONText.list(problem.horizon.indices) {
                    JSONText.number(values[values.count == 1 ? 0 : $0].kilowatts)
                }
            }
            let reactance = tie.reactance.map { ",\"reactance_ohm\":\(JSONText.number($0))" } ?? ""
            return "{\"from\":\(tie.from),\"to\":\(tie.to),\"forward_kw\":\(limits(tie.forward)),"
                + "\"backward_kw\":\(limits(tie.backward))\(reactance)}"
        }
        return "\"ties\":[\(ties.joined(separator: ","))],"
    }

    private static func device(_ problem: DispatchProblem, _ i: Int, _ names: [String]) -> String {
        let offer = problem.offers[i]
        func powers(_ values: [Power]) -> String { JSONText.list(values) { JSONText.number($0.kilowatts) } }
        func prices(_ at: (Int) -> EnergyCost) -> String {
            JSONText.list(problem.horizon.indices.map(at)) { JSONText.number($0.yuanPerKilowattHour) }
        }
        var parts = [
            "\"name\":\(JSONText.quoted(names[offer.device.index]))", "\"role\":\"\(offer.role.rawValue)\"",
            "\"lower_kw\":\(powers(offer.lower))", "\"upper_kw\":\(powers(offer.upper))",
            "\"deliver_yuan_per_kwh\":\(prices(offer.cost.deliver))",
            "\"absorb_yuan_per_kwh\":\(prices(offer.cost.absorb))",
            "\"power_now_kw\":\(JSONText.number(offer.power.kilowatts))",
        ]
        if problem.areas.count > 1 { parts.append("\"area\":\(problem.areas.area(of: i))") }
        if offer.cost.quadratic != 0 {
            parts.append("\"quadratic_yuan_per_kw2_h\":\(JSONText.number(offer.cost.quadratic * 1e6))")
        }
        if let minimum = offer.minimumWhenOn {
            parts.append("\"minimum_when_on_kw\":\(JSONText.number(minimum.kilowatts))")
            parts.append("\"on_yuan_per_h\":\(JSONText.number(offer.cost.perHourOn))")
        }
        if let cycling = offer.cycling { parts += Self.cycling(cycling) }
        if let ramp = offer.ramp { parts.append("\"ramp_kw_per_min\":\(JSONText.number(ramp * 60 / 1000))") }
        if let store = offer.reservoir { parts.append("\"store\":\(Self.store(store, problem, i))") }
        return "{\(parts.joined(separator: ","))}"
    }

    private static func cycling(_ cycling: Cycling) -> [String] {
        let figures = [
            ("minimum_up_h", cycling.minimumUp), ("minimum_down_h", cycling.minimumDown),
            ("hot_start_yuan", cycling.hotStart), ("cold_start_yuan", cycling.coldStart),
            ("cold_after_h", cycling.coldAfter), ("since_h", cycling.since),
        ]
        return ["\"is_on\":\(cycling.isOn)"] + figures.map { "\"\($0)\":\(JSONText.number($1))" }
    }

    private static func store(_ store: Reservoir, _ problem: DispatchProblem, _ i: Int) -> String {
        let figures = [
            ("stored_kwh", store.stored.kilowattHours), ("minimum_kwh", store.minimum.kilowattHours),
            ("maximum_kwh", store.maximum.kilowattHours), ("charge_efficiency", store.chargeEfficiency),
            ("discharge_efficiency", store.dischargeEfficiency),
            ("self_discharge_per_h", store.selfDischarge),
            ("value_at_end_yuan_per_kwh", problem.storedValue(of: i).yuanPerKilowattHour),
        ]
        let series = [("drain_kwh", store.drain), ("required_kwh", store.required)].filter { !$1.isEmpty }
        let parts =
            figures.map { "\"\($0)\":\(JSONText.number($1))" }
            + series.map { name, values in
                "\"\(name)\":[\(values.map { JSONText.number($0.kilowattHours) }.joined(separator: ","))]"
            }
        return "{\(parts.joined(separator: ","))}"
    }
}

/// The answer of a program.
struct AnswerLine {
    private struct Body: Decodable {
        let id: Int?
        let power_kw: [String: [Double]]
        let flow_kw: [[Double]]?
    }

    /// The members that are written, whatever they hold.
    private struct Members: Decodable {
        struct Key: CodingKey {
            let stringValue: String
            let intValue: Int? = nil
            init(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }
        let names: [String]

        init(from decoder: any Decoder) throws {
            names = try decoder.container(keyedBy: Key.self).allKeys.map(\.stringValue)
        }
    }

    private let powers: [String: [Double]]
    /// Flow over each tie, positive from → to; empty if the answer has none.
    let flows: [[Power]]

    /// The answer to question `id`: it need not repeat the number, but it may not have another.
    init(_ line: [UInt8], id: Int) throws(ProgramFailure) {
        let (decoder, data) = (JSONDecoder(), Data(line))
        guard let body = try? decoder.decode(Body.self, from: data),
            let members = try? decoder.decode(Members.self, from: data)
        else {
            throw ProgramFailure(
                "its answer is not {\"power_kw\": {device: [numbers]}} but \(Self.excerpt(line))")
        }
        guard body.id ?? id == id else {
            throw ProgramFailure("it answers question \(body.id ?? 0) in place of question \(id)")
        }
        if let stranger = members.names.filter({ !["id", "power_kw", "flow_kw"].contains($0) }).min() {
            throw ProgramFailure(
                "its answer has the unknown key \(quoted(stranger)); allowed are id, power_kw, flow_kw")
        }
        powers = body.power_kw
        flows = (body.flow_kw ?? []).map { $0.map { Power(kilowatts: $0) } }
    }

    /// The powers in the order of the offers.
    func powers(of problem: DispatchProblem, _ names: [String]) throws(ProgramFailure) -> [[Power]] {
        var found: [[Power]] = []
        for offer in problem.offers {
            let name = names[offer.device.index]
            guard let own = powers[name] else {
                throw ProgramFailure("its answer has no powers of \(quoted(name))")
            }
            guard own.count == problem.horizon.count else {
                throw ProgramFailure(
                    "its answer has \(own.count) powers of \(quoted(name)) for \(problem.horizon.count) steps"
                )
            }
            found.append(own.map { Power(kilowatts: $0) })
        }
        let known = Set(problem.offers.map { names[$0.device.index] })
        if let stranger = powers.keys.filter({ !known.contains($0) }).min() {
            throw ProgramFailure("its answer has powers of \(quoted(stranger)), which is not in the problem")
        }
        return found
    }

    /// The version in a greeting.
    static func version(_ line: [UInt8]) throws(ProgramFailure) -> Int? {
        struct Greeting: Decodable {
            let karst_dispatch: Int
        }
        guard let greeting = try? JSONDecoder().decode(Greeting.self, from: Data(line)) else {
            throw ProgramFailure("its greeting is not {\"karst_dispatch\": 1} but \(excerpt(line))")
        }
        return greeting.karst_dispatch
    }

    private static func excerpt(_ line: [UInt8]) -> String {
        quoted(String(decoding: line.prefix(300), as: UTF8.self))
    }
}

/// Writes JSON directly: the plans of a year are many numbers of one kind, and JSONEncoder is slow for them.
enum JSONText {
    /// A number; an infinite one, such as a missing bound, becomes `null`.
    static func number(_ value: Double) -> String { value.isFinite ? "\(value)" : "null" }

    static func list<Values: Sequence>(_ values: Values, _ text: (Values.Element) -> String) -> String {
        "[\(values.map(text).joined(separator: ","))]"
    }

    static func quoted(_ text: String) -> String {
        var safe = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": safe += "\\\(scalar)"
            case _ where scalar.value < 32:
                let digits = String(scalar.value, radix: 16)
                safe += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: safe.unicodeScalars.append(scalar)
            }
        }
        return safe + "\""
    }
}
