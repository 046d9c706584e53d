import Glibc

/// The cover of a module.
public struct Glass: Hashable, Sendable {
    public let refractiveIndex: Double
    /// Absorption on the way, 1/m.
    public let extinction: Double
    /// m.
    public let thickness: Double

    public init(refractiveIndex: Double = 1.526, extinction: Double = 4, thickness: Double = 0.002) {
        self.refractiveIndex = refractiveIndex
        self.extinction = extinction
        self.thickness = thickness
    }

    /// Direct light that passes at `incidence` degrees over that which passes straight on: Fresnel's
    /// reflection of both polarisations and Bouguer's absorption (De Soto, Klein and Beckman, Solar Energy
    /// 80, 2006). 0 at 90° and behind.
    public func incidenceModifier(_ incidence: Double) -> Double {
        guard incidence < 90 else { return 0 }
        let cosine = cos(radians(incidence))
        let inside = (1 - (1 - cosine * cosine) / (refractiveIndex * refractiveIndex)).squareRoot()
        let across = (cosine - refractiveIndex * inside) / (cosine + refractiveIndex * inside)
        let along = (refractiveIndex * cosine - inside) / (refractiveIndex * cosine + inside)
        let straight = (refractiveIndex - 1) / (refractiveIndex + 1)
        let passed = 1 - (across * across + along * along) / 2
        let absorbed = exp(-extinction * thickness * (1 / inside - 1))
        return passed / (1 - straight * straight) * absorbed
    }
}
