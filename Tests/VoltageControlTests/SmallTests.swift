import Grid
import Testing
import VoltageControl

@Test func x() {}
