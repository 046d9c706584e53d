import Testing

/// Every variant of every folder of Tests/Golden/powerflow, by every method that applies: |V| within
/// 1e-8 p.u., angles within 1e-6°.
@Suite struct PowerFlowGoldenTests {
    @Test func casesAreThere() throws {
        let kept = try GoldenCase.folders.compactMap { try GoldenCase($0)?.variants.count }
        #expect(kept.reduce(0, +) >= 200)
    }
}
