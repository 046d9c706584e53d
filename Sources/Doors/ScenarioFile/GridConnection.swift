import Devices
import Grid
import Market
import Settlement
import Timeline

/// What the market learns from the connection to the county grid.
struct Connection {
    let tariff: Tariff
    let feedIn: Price

    /// The tariffs there are, by the names people write.
    static let tariffs: [(String, Tariff)] = [("guizhou-tou", RuleSet.guizhouSample2026.tariff)]
}

extension ExternalGrid {
    init?(_ section: Mapping, _ context: DeviceContext, _ connection: inout Connection?) {
        let importLimit = section.quantity("import_limit", .power, in: .notNegative)
        let exportLimit = section.quantity("export_limit", .power, in: .notNegative)
        let tariff = section.required("tariff")?.reference("tariff", in: Connection.tariffs)
        let feedInField = section.required("feed_in")
        let feedIn = feedInField?.price()
        guard let importLimit, let exportLimit, let tariff, let feedInField, let feedIn,
            let horizon = context.horizon,
            let zone = context.zone
        else { return nil }
        let importPrice = horizon.map { step in
            EnergyCost(
                yuanPerKilowattHour: tariff.price(of: tariff.segment(at: zone.civil(step.start)))
                    .yuanPerKilowattHour)
        }
        let export = EnergyCost(yuanPerKilowattHour: feedIn.yuanPerKilowattHour)
        if let cheapest = importPrice.min(), cheapest < export {
            feedInField.warning(
                "energy sold earns more than the \(Dimension.energyPrice.shown(cheapest.value)) it costs at times; "
                    + "a plan is then not convex, and the energy bought may not be paid feed-in")
        }
        connection = Connection(tariff: tariff, feedIn: feedIn)
        self.init(
            importLimit: Power(importLimit), exportLimit: Power(exportLimit), importPrice: importPrice,
            feedIn: export)
    }
}

extension Field {
    /// A price of energy, exact to a millionth of a yuan per kWh.
    func price() -> Price? {
        guard let value = quantity(.energyPrice, in: Bounds(0...1)) else { return nil }
        let micro = value * 1e9
        guard abs(micro - micro.rounded()) < 1e-3 else {
            mistake("\(quoted(text ?? "")) is finer than 0.000001 yuan/kWh")
            return nil
        }
        return Price(microyuanPerKilowattHour: Int64(micro.rounded()))
    }
}
