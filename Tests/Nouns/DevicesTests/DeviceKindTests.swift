import Devices
import Grid
import Testing

@Suite struct DeviceKindTests {
    private let given = Power(kilowatts: 30)
    private let potential = Power(kilowatts: 50)

    @Test func onlySunWindAndWaterAreCurtailed() {
        for kind in DeviceKind.allCases {
            let expected = kind.isRenewable ? Power(kilowatts: 20) : .zero
            #expect(kind.curtailed(given, of: potential) == expected)
            #expect(kind.curtailed(potential, of: given) == .zero)
        }
    }

    @Test func onlyLoadsHaveDemandNotServed() {
        for kind in DeviceKind.allCases {
            let expected = kind == .load ? Power(kilowatts: 20) : .zero
            #expect(kind.unserved(-given, of: potential) == expected)
            #expect(kind.unserved(-potential, of: given) == .zero)
        }
    }

    @Test func indicesCountTheCases() {
        #expect(DeviceKind.allCases.map(\.index) == Array(0..<DeviceKind.allCases.count))
    }
}
