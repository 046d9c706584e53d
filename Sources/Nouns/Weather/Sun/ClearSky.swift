extension WeatherSeries {
    /// Returns the weather of a step under a sky without clouds, W/m² by Ineichen and Perez. It needs no
    /// measurement: the sun's position, a Linke turbidity of 3, the pressure of the standard atmosphere, air
    /// of 15 °C and a wind of 2 m/s, all assumed.
    public func clearSky(at step: Int) -> Conditions {
        var clear = conditions[step]
        let pressure = Atmosphere.pressure(elevation: place.elevation)
        let light = Irradiance.clearSky(
            apparentZenith: clear.sun.apparentZenith, turbidity: 3, elevation: place.elevation,
            pressure: pressure, extraterrestrial: clear.extraterrestrial)
        clear.globalHorizontal = light.globalHorizontal
        clear.directNormal = light.directNormal
        clear.diffuseHorizontal = light.diffuseHorizontal
        clear.airTemperature = 15
        clear.windSpeed = 2
        clear.pressure = pressure
        return clear
    }
}
