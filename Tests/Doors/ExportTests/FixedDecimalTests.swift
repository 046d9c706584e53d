import Export
import Foundation
import TestSupport
import Testing

@Suite struct FixedDecimalTests {
    /// What C prints, but for the sign of a zero.
    private func reference(_ value: Double, _ decimals: Int) -> String {
        let text = String(format: "%.\(decimals)f", value)
        return text.contains { $0 != "-" && $0 != "0" && $0 != "." } ? text : text.replacing("-", with: "")
    }

    @Test func equalsTheSystemOnRandomNumbers() {
        var generator = SplitMix64(seed: 1)
        for round in 0..<100_000 {
            let decimals = round % 10
            let exponent = Double(generator.next() % 16) - 6
            let value = (Double(generator.next() >> 11) * 0x1p-52 - 1) * pow(10, exponent)
            #expect(FixedDecimal(decimals: decimals).text(value) == reference(value, decimals))
        }
    }

    @Test func equalsTheSystemAtHalves() {
        for decimals in 0...6 {
            let unit = pow(10, -Double(decimals))
            for count in -3000..<3000 {
                let value = (Double(count) + 0.5) * unit
                for near in [value, value.nextUp, value.nextDown] {
                    #expect(FixedDecimal(decimals: decimals).text(near) == reference(near, decimals))
                }
            }
        }
    }

    @Test(arguments: [
        (0.0005, "0.001"), (-0.0004, "0.000"), (-0.0, "0.000"), (1e-300, "0.000"), (999.9996, "1000.000"),
        (-12.3456, "-12.346"), (.nan, ""), (.infinity, ""), (4_503_599_627_370.496, "4503599627370.496"),
    ])
    func knownTexts(_ value: Double, _ text: String) {
        #expect(FixedDecimal(decimals: 3).text(value) == text)
    }

    @Test func largeNumbersAreWrittenInFull() {
        #expect(FixedDecimal(decimals: 3).text(1e22) == "10000000000000000000000.000")
    }
}
