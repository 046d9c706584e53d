import Foundation
import TestSupport
import Testing
import TextFile

@Suite("Rounding of decimal numbers")
struct DecimalRoundingTests {
    /// Against the C library, in every notation a file may use.
    @Test func readsAsTheCLibraryDoes() {
        var random = SplitMix64(seed: 1)
        var wrong: [String] = []
        for _ in 0..<200_000 {
            let bits = random.next()
            let digits = String((bits >> 8) % 10_000_000_000_000_000_000).prefix(1 + Int(bits % 19))
            let places = Int((bits >> 20) % 22)
            var text = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
            if places > 0 { text.insert(".", at: text.index(text.endIndex, offsetBy: -places)) }
            if bits & 1 << 40 != 0 { text = "-" + text }
            if bits & 7 << 41 == 0 { text += "e-\((bits >> 44) % 30)" }
            if decimal(text.utf8) != strtod(text, nil) { wrong.append(text) }
        }
        #expect(wrong == [])
    }

    /// Halfway between two neighbours, and one digit beside it.
    @Test(arguments: [
        "9007199254740993", "9007199254740995", "900719925474099.3", "0.5000000000000000555",
        "1.000000000000000111", "1.000000000000000333", "18014398509481986", "4.503599627370497e15",
        "0.1000000000000000055", "0", "-0.0", "00012.50", ".5", "5.", "1e22",
        "123456789012345678901234567890",
    ])
    func tiesAndEdges(text: String) {
        #expect(decimal(text.utf8) == strtod(text, nil))
    }

    @Test func everyDoubleComesBack() {
        var random = SplitMix64(seed: 7)
        var wrong: [Double] = []
        for _ in 0..<100_000 {
            let bits = random.next()
            let value = Double(Int64(bitPattern: bits) >> 11) / Double(1 << 51)
            if decimal("\(value)".utf8) != value { wrong.append(value) }
        }
        #expect(wrong == [])
    }

    @Test(arguments: [
        "", "-", ".", "e5", "1e", "1e+", "nan", "inf", "0x10", "1_000", "1,5", "1 ", " 1", "1e400", "--1",
    ])
    func otherTextsAreNone(text: String) {
        #expect(decimal(text.utf8) == nil)
    }
}
