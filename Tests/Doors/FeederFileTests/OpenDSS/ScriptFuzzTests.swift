import FeederFile
import Foundation
import TestSupport
import Testing

/// Scripts of noise are refused or read, and never end the program.
@Suite struct ScriptFuzzTests {
    private static let words = [
        "New", "Edit", "~", "Line.l", "Load.a", "Transformer.t", "Capacitor.c", "RegControl.r", "XYCurve.x",
        "Reactor.r", "Vsource.v", "PVSystem.p", "Storage.s", "Generator.g", "LineGeometry.g", "WireData.w",
        "LineCode.k", "LineSpacing.s", "InvControl.i", "CapControl.c", "SwtControl.s", "LoadShape.h",
        "CNData.n",
        "bus1=m", "bus2=s.1.0.99", "phases=0", "phases=12", "kv=1e300", "kv=-1", "kw=nan",
        "kw=(1 2 3 sqrt ^ ln)",
        "like=l", "like=a", "windings=3", "wdg=3", "buses=[s m x]", "kvs=[0 0]", "xhl=0", "%r=1e9",
        "conn=delta",
        "rmatrix=[1 | 2 3 | 4 5 6]", "xmatrix=(", "cmatrix=[|||]", "linecode=k", "geometry=g", "nconds=0",
        "nconds=5", "cond=4", "wire=w", "x=0", "h=0", "gmr=0", "diam=1", "rac=1", "units=in", "units=parsec",
        "kron=yes", "neutral=1", "switch=y", "length=-1", "enabled=maybe", "numsteps=3", "states=[1 0 1]",
        "kvar=[1 2 3 4 5]", "zipv=[1 2]", "model=8", "taps=[1e9 0]", "maxtap=0.1", "transformer=t",
        "winding=9",
        "ptratio=0", "r1=1e308", "mvasc1=1e9", "mvasc3=1e-9", "z1=[1]", "xarray=[3 2 1]", "yarray=[1 2 3]",
        "npts=1e9", "mult=(file=x)", "Open Line.l 1", "Close Line.l 3 7", "BatchEdit Load.[ kw=1", "Clear",
        "Set voltagebases=[0 -1]", "Set defaultbasefrequency=0", "\"", "[", "(", "=", "==", "?", "...", ".",
        "*/",
        "/*", "//", "!", "\u{0}", "é", "\r", "\n", "\n", "\n", "\n", "99999999999999999999", "-",
        "%loadloss=5",
    ]

    @Test func noiseNeverTraps() throws {
        var random = SplitMix64(seed: 20261130)
        for _ in 0..<150 {
            let count = Int.random(in: 1...120, using: &random)
            let text = (0..<count).map { _ in Self.words.randomElement(using: &random)! }
                .joined(separator: " ")
            let (feeder, messages) = try SampleScript.load(SampleScript.start + text + "\n")
            #expect(feeder != nil || !messages.isEmpty)
            #expect(feeder.map { !"\($0)".contains("nan") } ?? true, "\(text)")
        }
    }

    /// Bytes changed, left out or doubled in a sound script.
    @Test(arguments: ["secondaries", "wires", "network", "banks", "plants"])
    func damagedScriptsNeverTrap(name: String) throws {
        let file = Checkout.golden.appending(path: "opendss/\(name).dss")
        let sound = Array(try Data(contentsOf: file))
        var random = SplitMix64(seed: 7)
        for _ in 0..<15 {
            var bytes = sound
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                let at = Int.random(in: bytes.indices, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: at)
                default: bytes.insert(contentsOf: bytes[at..<min(at + 9, bytes.count)], at: at)
                }
            }
            let text = String(decoding: bytes, as: UTF8.self)
            let (feeder, messages) = try SampleScript.load(text)
            #expect(feeder != nil || messages.allSatisfy { $0.hasPrefix("main.dss") })
        }
    }
}
