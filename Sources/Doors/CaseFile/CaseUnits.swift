/// How the units of MATPOWER and pandapower become SI.
enum CaseUnits {
    /// Ω that are 1 p.u., of V and VA.
    static func impedance(_ voltage: Double, _ base: Double) -> Double { voltage * voltage / base }
    /// S of what takes `power` MW or Mvar at `voltage`.
    static func admittance(_ power: Double, _ voltage: Double) -> Double { power * 1e6 / (voltage * voltage) }
    /// `base` multiplied by itself `count` times.
    static func power(_ base: Double, _ count: Int) -> Double {
        (0..<count).reduce(1) { result, _ in result * base }
    }
    static func radians(_ degrees: Double) -> Double { degrees * .pi / 180 }
}
