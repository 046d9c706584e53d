import Glibc

/// Sunlight on a tilted plane, W/m².
public struct PlaneOfArray: Hashable, Sendable {
    /// Straight from the sun, before any loss at the glass.
    public let direct: Double
    /// From the sky, its bright ring around the sun included.
    public let sky: Double
    /// Thrown back by the ground.
    public let ground: Double
    /// Angle between the sun and the plane's normal, 0 … 180 degrees.
    public let incidence: Double

    public var diffuse: Double { sky + ground }
    public var global: Double { direct + sky + ground }
}

extension SolarPosition {
    /// Angle between the apparent sun and the normal of a plane tilted `tilt` from flat towards `azimuth`,
    /// degrees.
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
    /// Sunlight on a plane: the sky's light is part ring around the sun, in the measure that the direct light
    /// has passed the air, part even (Hay and Davies, 1980); the ground throws back `albedo` of the global.
    ///
    /// - Parameters:
    ///   - tilt: from flat, degrees.
    ///   - azimuth: where the plane looks, clockwise from north, degrees.
    ///   - albedo: 0 … 1.
    public func planeOfArray(tilt: Double, azimuth: Double, albedo: Double = 0.2) -> PlaneOfArray {
        let cosine = sun.cosineOfIncidence(tilt: tilt, azimuth: azimuth)
        let facing = max(cosine, 0)
        let seenSky = (1 + cos(radians(tilt))) / 2
        let ring = directNormal / extraterrestrial
        // Below 1° of height the ratio of the planes is held: it would grow without bound.
        let ratio = facing / max(cos(radians(sun.apparentZenith)), 0.01745)
        return PlaneOfArray(
            direct: directNormal * facing,
            sky: diffuseHorizontal * (ring * ratio + (1 - ring) * seenSky),
            ground: globalHorizontal * albedo * (1 - seenSky),
            incidence: degrees(acos(cosine)))
    }
}
