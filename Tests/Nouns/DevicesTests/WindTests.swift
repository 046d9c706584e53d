import Devices
import Grid
import TestSupport
import Testing
import Weather

@Suite struct WindTests {
    @Test func logarithmicProfileIsMet() throws {
        for row in try GoldenTable("devices/wind_profile").rows {
            let wind = turbine(hub: row["hub_height_m"], roughness: row["roughness_m"])
            let speed = wind.hubSpeed(row["wind_speed_m_s"], at: row["height_m"])
            #expect(near(speed, row["logarithmic_d0"], relative: 1e-8))
        }
    }

    /// The gas law and the standard atmosphere differ by 3e-5.
    @Test func densityIsMet() throws {
        for row in try GoldenTable("devices/wind_density").rows {
            // The vector's pressure may hold above ground: move it there by our own 1 hPa in 8 m.
            let ground = row["pressure_pa"] + 100 * row["pressure_height_m"] / 8
            let density = turbine(hub: row["hub_height_m"], roughness: 0.1).hubDensity(
                temperature: row["temperature_at_2m_k"] - 273.15, pressure: ground)
            #expect(near(density, row["density_barometric_kg_m3"], relative: 1e-8))
            #expect(near(density, row["density_ideal_gas_kg_m3"], relative: 4e-5))
        }
    }

    @Test(arguments: [
        ("power_w_rho1225", 1.225), ("power_w_density_corrected_1.225", 1.225),
        ("power_w_density_corrected_1.1", 1.1), ("power_w_density_corrected_0.95", 0.95),
    ])
    func curveIsMet(column: String, density: Double) throws {
        let wind = try vectorTurbine()
        for row in try GoldenTable("devices/wind_power_curve").rows {
            let power = wind.output(speed: row["wind_speed_m_s"], density: density)
            #expect(near(power.value, row[column], relative: 1e-8, absolute: 1e-3))
        }
    }

    @Test func chainIsMet() throws {
        let wind = try vectorTurbine()
        for row in try GoldenTable("devices/wind_chain_48h").rows {
            var air = Conditions.calm
            air.windSpeed = row["wind_speed_10m"]
            air.airTemperature = row["temperature_2m_k"] - 273.15
            air.pressure = row["pressure_0m_pa"]
            let power = wind.potential(under: air, windHeight: 10)
            // Two turbines of the same kind.
            #expect(near(power.value, 2 * row["power_w_log_barometric_dens"], relative: 1e-7, absolute: 0.1))
        }
    }

    @Test func standsStillOutsideItsCurveAndNeverPassesItsRating() throws {
        let wind = try vectorTurbine()
        #expect(wind.output(speed: 25.1, density: 1.225) == .zero)
        #expect(wind.output(speed: -1, density: 1.225) == .zero)
        for speed in [Double.nan, .infinity, 0, 12, 24, 400] {
            var air = Conditions.calm
            air.windSpeed = speed
            for pressure in [101_325.0, 60_000, 0, -5] {
                air.pressure = pressure
                let power = wind.potential(under: air, windHeight: 10)
                #expect((.zero...wind.rated * 2).contains(power))
            }
        }
    }

    /// Two turbines stand in winds of 1 ∓ 0.674 · spread: the quartiles of the normal distribution.
    @Test func turbinesOfASiteAreNotIdentical() throws {
        var site = try vectorTurbine()
        let air = { (speed: Double) in
            Conditions(
                globalHorizontal: 0, directNormal: 0, diffuseHorizontal: 0, extraterrestrial: 1361,
                airTemperature: 15, windSpeed: speed, pressure: 95_000, riverFlow: 0,
                sun: SolarPosition(zenith: 90, apparentZenith: 90, azimuth: 0))
        }
        let even = site.potential(under: air(9), windHeight: 98)
        site.spread = 0.08
        let own = site.hubDensity(temperature: 15, pressure: 95_000)
        let each = [-1.0, 1].map { site.output(speed: 9 * (1 + 0.08 * 0.6744897502 * $0), density: own) }
        #expect(
            near(
                site.potential(under: air(9), windHeight: 98).value, (each[0] + each[1]).value, relative: 1e-6
            ))
        // Where the curve bends upward the mean of the winds gives more, at rated power less.
        #expect(site.potential(under: air(6), windHeight: 98) > .zero)
        #expect(site.potential(under: air(9), windHeight: 98) != even)
        (site.turbines, site.spread) = (100, 0.1)
        var last = Power.zero
        for speed in stride(from: 2.0, through: 14, by: 0.5) {
            let power = site.potential(under: air(speed), windHeight: 98)
            #expect(power >= last && power <= site.rated * 100)
            last = power
        }
        site.turbines = 1
        #expect(near(site.potential(under: air(9), windHeight: 98).value, even.value / 2))
    }

    private func turbine(hub: Double, roughness: Double) -> Wind {
        Wind(
            turbines: 1, rated: Power(1),
            curve: [.init(speed: 3, power: .zero), .init(speed: 4, power: Power(1))],
            hubHeight: hub, roughness: roughness)
    }

    private func vectorTurbine() throws -> Wind {
        let curve = try GoldenTable("devices/wind_turbine_curve").rows.map {
            Wind.CurvePoint(speed: $0["wind_speed_m_s"], power: Power($0["power_w"]))
        }
        return Wind(turbines: 2, rated: Power(kilowatts: 2000), curve: curve, hubHeight: 98, roughness: 0.15)
    }
}
