import Glibc

/// Irradiance in the plane of a tilted array (POA), W/m².
public struct PlaneOfArray: Hashable, Sendable {
    /// Direct (beam) component, before reflection at the glass.
    public let direct: Double
    /// Diffuse component from the sky, with the circumsolar part.
    public let sky: Double
    /// Diffuse component reflected by the ground.
    public let ground: Double
    /// Angle of incidence between the sun and the plane's normal, 0 … 180 degrees.
    public let incidence: Double

    /// Diffuse irradiance: sky and ground.
    public var diffuse: Double { sky + ground }
    /// Global irradiance: direct and diffuse.
    public var global: Double { direct + sky + ground }
}

extension SolarPosition {
    /// Returns the angle between the apparent sun and the normal of a plane tilted `tilt` degrees from
    /// horizontal towards `azimuth`, degrees.
    public func incidence(tilt: Double, azimuth: Double) -> Double {
        degrees(acos(cosineOfIncidence(tilt: tilt, azimuth: azimuth)))
    }

    fileprivate func cosineOfIncidence(tilt: Double, azimuth: Double) -> Double {
        let (zenith, tilt) = (radians(apparentZenith), radians(tilt))
        let cosine =
            cos(tilt) * cos(zenith) + sin(tilt) * sin(zenith) * cos(radians(self.azimuth - azimuth))
        return min(max(cosine, -1), 1)
    }
}

extension Conditions {
    /// Returns the irradiance in a tilted plane (Hay and Davies, 1980): the diffuse light of the sky is
    /// partly circumsolar, in proportion to the transmittance of the direct light, and partly isotropic; the
    /// ground reflects the fraction `albedo` of the global irradiance.
    ///
    /// - Parameters:
    ///   - tilt: from horizontal, degrees.
    ///   - azimuth: direction the plane faces, clockwise from north, degrees.
    ///   - albedo: reflectance of the ground, 0 … 1.
    public func planeOfArray(tilt: Double, azimuth: Double, albedo: Double = 0.2) -> PlaneOfArray {
        let cosine = sun.cosineOfIncidence(tilt: tilt, azimuth: azimuth)
        let facing = max(cosine, 0)
        let seenSky = (1 + cos(radians(tilt))) / 2
        let ring = directNormal / extraterrestrial
        // When the sun is less than 1° above the horizon the ratio of the planes is limited: it would grow
        // without bound.
        let ratio = facing / max(cos(radians(sun.apparentZenith)), 0.01745)
        return PlaneOfArray(
            direct: directNormal * facing,
            sky: diffuseHorizontal * (ring * ratio + (1 - ring) * seenSky),
            ground: globalHorizontal * albedo * (1 - seenSky),
            incidence: degrees(acos(cosine)))
    }
}
