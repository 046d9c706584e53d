import Market
import Timeline

extension RuleSet {
    /// Sample rules with Guizhou's time-of-use windows and factors and the prices of one month of 2026. The
    /// sums of the floating and of the fixed components are published; the split into components is an
    /// assumption.
    public static let guizhouSample2026 = RuleSet(
        name: "guizhou-sample-2026",
        validity: CivilDate(year: 2026, month: 1, day: 1)!...CivilDate(year: 2026, month: 12, day: 31)!,
        isSample: true,
        tariff: Tariff(
            charges: [
                .init(.energy, Price(microyuanPerKilowattHour: 386_667), floats: true),
                .init(.loss, Price(microyuanPerKilowattHour: 20_000), floats: true),
                .init(.transmission, Price(microyuanPerKilowattHour: 100_000), floats: true),
                .init(.systemOperation, Price(microyuanPerKilowattHour: 30_000), floats: true),
                .init(.funds, Price(microyuanPerKilowattHour: 25_333), floats: false),
            ],
            windows: [
                .init(hour: 0, .valley), .init(hour: 8, .flat), .init(hour: 10, .peak),
                .init(hour: 13, .flat), .init(hour: 17, .peak), .init(hour: 22, .flat),
            ],
            factors: [.peak: 1600, .flat: 1000, .valley: 400],
            demand: .init(price: Money(fen: 3500)))!,
        carbon: CarbonFactors(imported: 0.5683, diesel: 2.65),
        sources: [
            "黔发改价格〔2023〕481号: windows and factors",
            "a third party's price table for Guizhou, 2026-08: floating 0.536667, fixed 0.025333 yuan/kWh, "
                + "demand 35 yuan/kW·month",
            "发改能源规〔2025〕1656号: green power, in force from 2026-03-01",
            "Shaanxi's settlement rules V2 (2025-12), as third parties quote them: proportional cut, deviation, "
                + "rounding",
            "Guizhou's average grid factor of 2023, published by the Ministry of Ecology and Environment on "
                + "2025-12-31; diesel at 2.65 kg CO₂ per litre",
            "发改价格规〔2023〕1044号, 国能发新能规〔2024〕67号: one certificate is 1,000 kWh of on-grid energy",
        ],
        unsettled: [
            "the prices of one month, and green rules in force from March, stand for the whole year",
            "which components float, and how their sum splits into energy, loss, transmission and operation",
            "that Guizhou's green rules match Shaanxi's",
            "carrying what is below one MWh to the next month",
            "when both sides of a green contract fall short, nobody pays on the common part",
            "the grid factor of 2023 stands for 2026",
            "energy bought green keeps the segment's factor on the other floating components",
            "a month that is only partly simulated bears the demand charge and the contract volumes of its "
                + "simulated days, unless the grid connection has demand_charge: full",
        ])

    /// The same rules and prices in every year from 1950 to 2200: for studies of other and of several years.
    /// Nobody has published them.
    public static let guizhouSampleAnyYear = RuleSet(
        name: "guizhou-sample-any-year",
        validity: CivilDate(year: 1950, month: 1, day: 1)!...CivilDate(year: 2200, month: 12, day: 31)!,
        isSample: true, tariff: guizhouSample2026.tariff, carbon: guizhouSample2026.carbon,
        sources: guizhouSample2026.sources,
        unsettled: ["rules, prices and the grid factor of 2026 stand for every year"]
            + guizhouSample2026.unsettled)
}
