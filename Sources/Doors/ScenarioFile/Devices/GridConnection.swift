import Devices
import Grid
import Market
import Settlement
import TextFile
import Timeline
import YAMLFile

/// The tariff and the feed-in price of a grid connection, for the market.
struct Connection {
    let tariff: Tariff
    let feedIn: Price
    let partialMonths: Terms.PartialMonths
    /// W.
    let peakSoFar: Int64

    /// The tariffs, by the names that are written in the file.
    static let tariffs: [(String, Tariff)] = [("guizhou-tou", RuleSet.guizhouSample2026.tariff)]

    /// `tariff: guizhou-tou`, or one price at all times: `price: 0.52 yuan/kWh`.
    static func tariff(_ section: Mapping) -> Tariff? {
        let named = section.optional("price") == nil ? section.required("tariff") : section.optional("tariff")
        guard let field = section.optional("price") else {
            return named?.reference("tariff", in: tariffs)
        }
        if let named {
            named.mistake("'tariff' is not allowed beside 'price'; write one of them")
            return nil
        }
        return field.price().map { price in
            Tariff(
                charges: [.init(.energy, price, floats: false)], windows: [.init(hour: 0, .flat)],
                factors: [.flat: 1000], demand: nil)!
        }
    }
}

extension ExternalGrid {
    init?(_ section: Mapping, _ context: DeviceContext, _ connection: inout Connection?) {
        let importLimit = section.quantity("import_limit", .power, in: .notNegative)
        let exportLimit = section.quantity("export_limit", .power, in: .notNegative)
        let tariff = Connection.tariff(section)
        let feedInField = section.required("feed_in")
        let feedIn = feedInField?.price()
        let chargeField = section.optional("demand_charge")
        let partialMonths =
            chargeField == nil
            ? .prorated
            : chargeField?.choice(
                "a reckoning of the demand charge in a part of a month", of: Terms.PartialMonths.self)
        let peak = section.quantity("peak_so_far", .power, in: .notNegative, default: 0)
        guard let importLimit, let exportLimit, let tariff, let feedInField, let feedIn, let partialMonths,
            let peak,
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
                "feed_in is above the lowest import price, \(QuantityKind.energyPrice.shown(cheapest.value)); "
                    + "in such a step, a plan decides whether it buys or sells, which takes far longer")
        }
        connection = Connection(
            tariff: tariff, feedIn: feedIn, partialMonths: partialMonths, peakSoFar: Int64(peak.rounded()))
        self.init(
            importLimit: Power(importLimit), exportLimit: Power(exportLimit), importPrice: importPrice,
            feedIn: export)
    }
}

extension Device {
    /// The device; a grid connection with the prices of the terms of its metering point as they grow.
    func grown(_ terms: Terms, at meteringPoint: Int, over horizon: Horizon) -> Device {
        guard let growth = terms.growth, case .grid(let grid) = kind else { return self }
        let own = terms.connection(at: meteringPoint)
        var (month, tariff, feedIn) = (nil as CivilMonth?, own.purchase, EnergyCost.zero)
        var prices: (imported: [EnergyCost], exported: [EnergyCost]) = ([], [])
        for step in horizon {
            let time = terms.zone.civil(step.start)
            if month != CivilMonth(of: time.date) {
                month = CivilMonth(of: time.date)
                let factor = growth.factor(in: month!)
                tariff = own.purchase.grown(by: factor)
                feedIn = EnergyCost(own.feedIn.grown(by: factor))
            }
            prices.imported.append(EnergyCost(tariff.price(of: tariff.segment(at: time))))
            prices.exported.append(feedIn)
        }
        var grown = ExternalGrid(
            importLimit: grid.importLimit, exportLimit: grid.exportLimit, importPrice: prices.imported,
            feedIn: grid.feedIn)
        grown.feedIns = prices.exported
        return Device(
            name: name, bus: bus, kind: .grid(grown), capability: capability, forming: forming)
    }
}

extension EnergyCost {
    fileprivate init(_ price: Price) { self.init(yuanPerKilowattHour: price.yuanPerKilowattHour) }
}

extension Field {
    /// An energy price, exact to a millionth of a yuan per kWh.
    func price() -> Price? {
        guard let value = quantity(.energyPrice, in: Bounds(0...1)) else { return nil }
        let micro = value * 1e9
        guard abs(micro - micro.rounded()) < 1e-3 else {
            mistake("\(quoted(text ?? "")) has more than six decimals in yuan/kWh")
            return nil
        }
        return Price(microyuanPerKilowattHour: Int64(micro.rounded()))
    }
}
