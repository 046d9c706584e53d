import Grid
import OptimalPowerFlow
import Testing

@Suite struct NodalPriceTests {
    @Test("the parts are the price")
    func parts() {
        let price = NodalPrice(energy: EnergyCost(3), congestion: EnergyCost(-1), loss: EnergyCost(0.5))
        #expect(price.total == EnergyCost(2.5))
    }
}
