import Testing
import YAMLFile

@Suite("A value in a YAML file")
struct ValueTests {
    @Test(
        "is a quantity in the engine's unit",
        arguments: [
            ("50 kW", QuantityKind.power, 50_000), ("0.05 MW", .power, 50_000), ("-2 W", .power, -2),
            ("95 %", .fraction, 0.95), ("0.93 pu", .perUnitVoltage, 0.93), ("60 kW/min", .ramp, 1000),
            ("40 ms", .duration, 0.04), ("1e3 m", .length, 1000), ("+1.5 kV", .voltage, 1500),
            ("38 fen/kWh", .energyPrice, 0.38e-3), ("12 uS", .susceptance, 12e-6),
            ("80 yuan/t", .emissionPrice, 0.08),
        ] as [(String, QuantityKind, Double)])
    func quantity(text: String, kind: QuantityKind, value: Double) throws {
        let (found, mistake) = try Sample.value(of: text) { $0.quantity(kind, in: .any) }
        #expect(mistake == nil && abs((found ?? .nan) - value) <= 1e-15 * abs(value))
    }

    @Test(
        "that is not the quantity that is expected is an error that says what is allowed",
        arguments: [
            ("80", "'80' has no unit; a power is written in kW, W, MW or GW, such as '80 kW'"),
            ("80 kWh", "'kWh' is a unit for an energy; a power is written in kW, W, MW or GW"),
            (
                "80 kw",
                "'kw' is not a unit for a power, which is written in kW, W, MW or GW; did you mean 'kW'?"
            ),
            ("80 horses", "'horses' is not a unit for a power, which is written in kW, W, MW or GW"),
            ("-80 kW", "-80 kW is less than 0 kW"),
            ("0 kW", "0 kW is not allowed; it must be more than 0 kW"),
            ("1e300 kW", "1e300 kW is more than 1000000000 kW, the largest value allowed"),
            ("1e-300 kW", "1e-300 kW is too small; write 0 or a larger value"),
            ("[80 kW]", "found a list, expected a power such as '50 kW'"),
            ("", "found nothing, expected a power such as '50 kW'"),
        ])
    func wrongQuantity(text: String, message: String) throws {
        let (found, mistake) = try Sample.value(of: text) { $0.quantity(.power, in: .positive) }
        #expect(found == nil && mistake?.hasSuffix(message) == true, "\(mistake ?? "none")")
    }

    @Test(
        "begins with a plain decimal number",
        arguments: [
            "eighty kW", ".nan kW", ".inf", "1e999 kW", "0x50 kW", "080 kW", "1:30", "1,5 kW", "1_000 kW",
            "no", ".5 kW",
            "5. kW", "'x'",
        ])
    func noNumber(text: String) throws {
        let (found, mistake) = try Sample.value(of: text) { $0.quantity(.power, in: .positive) }
        let shown = text.replacing("'", with: "")
        #expect(
            found == nil && mistake == "'\(shown)' is not a power such as '50 kW'", "\(mistake ?? "none")")
    }

    @Test("is a range with both ends in one unit")
    func range() throws {
        func read(_ text: String) throws -> (ClosedRange<Double>?, String?) {
            try Sample.value(of: text) { $0.range(.perUnitVoltage, in: Bounds(0...2)) }
        }
        #expect(try read("0.93..1.07 pu").0 == 0.93...1.07)
        #expect(try read("93 %..107 %").0 == 0.93...1.07)
        #expect(
            try read("1.07..0.93 pu").1 == "'1.07..0.93 pu': the first value must be less than the second")
        for text in ["0.93-1.07 pu", "0.93 kV..1.07 pu"] {
            #expect(try read(text).1 == "'\(text)' is not a range such as '0.93..1.07 pu'")
        }
        #expect(try read("0.93..1.07").1?.contains("has no unit") == true)
    }

    @Test("is a number without unit, or a whole number")
    func numbers() throws {
        func number(_ text: String) throws -> (Double?, String?) {
            try Sample.value(of: text) { $0.number(in: -90...90) }
        }
        #expect(try number("27.06").0 == 27.06 && number("-3 deg").0 == -3)
        #expect(try number("127").1 == "127 is more than 90")
        #expect(try number("27.06 m").1 == "'27.06 m' has a unit; write the number alone")
        #expect(try number("'27'").1 == "'27' is not a number")
        func whole(_ text: String) throws -> (UInt64?, String?) {
            try Sample.value(of: text) { $0.integer(in: 0...UInt64.max) }
        }
        #expect(try whole("18446744073709551615").0 == .max)
        for text in ["010", "-1", "18446744073709551616", "1.5"] {
            #expect(
                try whole(text).1 == "'\(text)' is not a whole number from 0 to 18446744073709551615")
        }
    }

    @Test("is one of a few words, or a name that is defined elsewhere")
    func words() throws {
        let kinds = [("solar", 1), ("wind", 2)]
        func choice(_ text: String) throws -> (Int?, String?) {
            try Sample.value(of: text) { $0.choice("a kind", kinds) }
        }
        #expect(try choice("wind").0 == 2)
        #expect(try choice("soler").1 == "'soler' is not a kind; did you mean 'solar'?")
        #expect(try choice("fusion").1 == "'fusion' is not a kind; allowed are solar, wind")
        func reference(_ text: String, _ known: [(String, Int)] = kinds) throws -> (Int?, String?) {
            try Sample.value(of: text) { $0.reference("plant", in: known) }
        }
        #expect(try reference("solar").0 == 1)
        #expect(try reference("gorge").1 == "no plant is called 'gorge'; there are 'solar', 'wind'")
        #expect(try reference("gorge", []).1 == "no plant is called 'gorge'; none is defined")
    }

    /// Searching for the nearest of a thousand long names for a thousand mistakes took half a minute.
    @Test("that is one of many wrong names is told in time", .timeLimit(.minutes(1)))
    func manyWrongNames() throws {
        func name(_ side: String, _ number: Int) -> String {
            "transformer-station-of-the-\(side)-valley-secondary-side-\(number)"
        }
        let known = NameTable((0..<400).map { (name("northern", $0), $0) })
        let names = (0..<400).map { name("southern", $0) }.joined(separator: ", ")
        let mistakes = try Sample("names: [\(names)]\n").mistakes { mapping, _ in
            for field in mapping.required("names")?.list() ?? [] {
                _ = field.reference("bus", in: known)
            }
        }
        #expect(mistakes.count == 400)
        #expect(mistakes.count { $0.contains("did you mean") } == 20)
        #expect(
            mistakes[0].hasSuffix(
                "did you mean 'transformer-station-of-the-northern-valley-secondary-side-0'?"))
    }

    @Test(
        "that is a name is in kebab case",
        arguments: ["Houses", "../etc", "a b", "-a", "a--b", "9a", "\"a\\0b\"", "\"a\\u202Eb\""])
    func names(text: String) throws {
        let (found, mistake) = try Sample.value(of: text) { $0.name() }
        #expect(found == nil && mistake?.contains("is not a name; a name has small letters") == true)
        #expect(try Sample.value(of: "school-roof-2") { $0.name() }.0 == "school-roof-2")
    }

    @Test(
        "that many programs take for something else is not a name",
        arguments: ["no", "yes", "true", "'null'", "y"])
    func ordinary(text: String) throws {
        let (found, mistake) = try Sample.value(of: text) { $0.name() }
        #expect(found == nil && mistake?.contains("is read as true, false or null by many programs") == true)
    }
}
