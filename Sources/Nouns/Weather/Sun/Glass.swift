import Glibc

/// Glass cover of a photovoltaic module.
public struct Glass: Hashable, Sendable {
    /// Refractive index.
    public let refractiveIndex: Double
    /// Extinction coefficient of the glass, 1/m.
    public let extinction: Double
    /// Thickness, m.
    public let thickness: Double

    /// Creates a cover; the defaults are those of De Soto, Klein and Beckman (2006).
    public init(refractiveIndex: Double = 1.526, extinction: Double = 4, thickness: Double = 0.002) {
        self.refractiveIndex = refractiveIndex
        self.extinction = extinction
        self.thickness = thickness
    }

    /// Returns the incidence angle modifier: direct light transmitted at `incidence` degrees divided by that
    /// transmitted at normal incidence.
    ///
    /// Fresnel reflection of both polarisations and absorption after Bouguer (De Soto, Klein and Beckman,
    /// Solar Energy 80, 2006). 0 at 90° and beyond.
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
