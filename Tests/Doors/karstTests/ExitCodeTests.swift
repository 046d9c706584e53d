import Testing

@Suite struct ExitCodeTests {
    @Test func version() throws {
        let told = try Karst.run("--version")
        #expect(told.code == 0)
        #expect(told.output.wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil)
    }
}
