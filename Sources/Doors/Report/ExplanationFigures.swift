import Devices
import EconomicDispatch
public import Foundation
import Grid
import Monitoring
import Planning
import Results
import Scheduling
public import Simulator
public import Studies
import Timeline

/// The figures of an explanation, for programs: kW, kWh and yuan.
public struct ExplanationFigures: Encodable {
    private let time, planMade, dispatch, status: String
    private let area: String?
    private let priceYuanPerKwh, savingYuanPerKwh: Double
    private let priceParts: [PricePart]
    private let bindings: [Binding]
    private let devices: [Device]
    private let lossDeviationKw, plannedShortageKw: Double
    private let plannedPriceYuanPerKwh: Double
    private let clearingPriceYuanPerKwh: Double?
    private let alarms: [AlarmFigures]

    private struct PricePart: Encodable {
        let device: String?
        let source: String
        let yuanPerKwh: Double
        let energyKwh: Double?
    }

    private struct Binding: Encodable {
        let device, limit: String
        let until: String?
    }

    private struct Device: Encodable {
        let name: String
        let plannedKw, realKw: Double
        let forecastErrorKw: Double?
        let cause: String?
    }

    private struct AlarmFigures: Encodable {
        let kind, place, unit: String
        let value, limit: Double
    }

    /// Collects the figures of one step.
    public init(_ scenario: Scenario, _ explanation: Explanation, _ reality: PlanAndReality) {
        let plan = explanation.plan
        func name(_ offer: Int) -> String { scenario.devices[plan.problem.offers[offer].device.index].name }
        func clock(_ step: Int) -> String { scenario.zone.iso8601(plan.horizon[step].start) }
        (time, planMade) = (clock(explanation.step), clock(0))
        (dispatch, status) = (scenario.planning.dispatcher.name, plan.status.rawValue)
        area = scenario.planning.rules.areas?.names[explanation.area]
        (priceYuanPerKwh, savingYuanPerKwh) = (
            explanation.price.yuanPerKilowattHour, explanation.saving.yuanPerKilowattHour
        )
        priceParts =
            explanation.makers.map {
                PricePart(
                    device: name($0.offer), source: "device",
                    yuanPerKwh: $0.cost.yuanPerKilowattHour,
                    energyKwh: $0.energy)
            }
            + explanation.shares.map {
                PricePart(
                    device: nil, source: $0.source.rawValue, yuanPerKwh: $0.cost.yuanPerKilowattHour,
                    energyKwh: nil)
            }
        bindings =
            explanation.bindings.map {
                Binding(device: name($0.offer), limit: $0.limit.rawValue, until: $0.until.map(clock))
            }
        devices = reality.parts.map {
            Device(
                name: scenario.devices[$0.device].name, plannedKw: $0.planned.kilowatts,
                realKw: $0.real.kilowatts, forecastErrorKw: $0.forecastError?.kilowatts,
                cause: $0.cause?.rawValue)
        }
        lossDeviationKw = reality.lossDeviation.kilowatts
        plannedShortageKw = reality.shortage.kilowatts
        plannedPriceYuanPerKwh = reality.plannedPrice[explanation.area].yuanPerKilowattHour
        clearingPriceYuanPerKwh =
            reality.clearingPrice.indices.contains(explanation.area)
            ? reality.clearingPrice[explanation.area].yuanPerKilowattHour : nil
        alarms = reality.alarms.map {
            AlarmFigures(
                kind: $0.kind.rawValue, place: scenario.network.placeName(of: $0), unit: $0.kind.unit,
                value: $0.value / $0.kind.scale, limit: $0.limit / $0.kind.scale)
        }
    }

    /// One JSON object with sorted keys.
    public var json: Data {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        // Names, dates and finite numbers: nothing in them can fail to be encoded.
        return try! encoder.encode(self)
    }
}
