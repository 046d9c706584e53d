import Foundation
import ScenarioFile
import TestSupport
import Testing

@Suite("The scenarios of the house")
struct ShippedScenarioTests {
    private static var folder: String {
        Checkout.root.appending(path: "Scenarios").path
    }

    @Test(
        "are read without a mistake or a warning, with each of their overrides",
        arguments: [
            ("first-day", [[]]), ("greensboro-campus", [[]]), ("two-villages", [[], ["one-place"]]),
            ("typhoon-week", [[], ["calm"], ["no-batteries"]]),
            (
                "wujiang-valley",
                [
                    [], ["perfect-forecast"], ["last-day-forecast"], ["outage-ready"], ["bad-comms"],
                    ["no-battery"], ["bad-comms", "no-battery"], ["outage"], ["cut-line"],
                ]
            ),
        ])
    func good(name: String, overrides: [[String]]) throws {
        for names in overrides {
            let path = "\(Self.folder)/\(name)/scenario.yaml"
            #expect(try ScenarioFile.load(path: path, overrides: names).warnings.isEmpty)
        }
    }
}
