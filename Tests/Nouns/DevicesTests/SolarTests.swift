import Devices
import Grid
import TestSupport
import Testing
import Weather

@Suite struct SolarTests {
    @Test func inverterVectorIsMet() throws {
        for row in try GoldenTable("devices/pvwatts").rows {
            let plant = Solar(
                capacity: Power(row["pdc0_w"]), inverterCapacity: Power(row["pac0_w"]), tilt: 25,
                azimuth: 180,
                losses: row["losses_fraction"], temperatureCoefficient: row["gamma_pdc_per_c"])
            let direct = plant.directCurrent(
                effective: row["effective_irradiance_w_m2"], cell: row["cell_temp_c"])
            #expect(near(direct.value, row["pdc_after_losses_w"], relative: 1e-9))
            #expect(near(plant.alternatingCurrent(direct).value, row["pac_w"], relative: 1e-9))
        }
    }

    /// Sun position and extraterrestrial irradiance come from the file: all that follows is ours.
    @Test(arguments: [
        ("pv_chain_guiyang_15min", 20.0, 100_000.0, 85_000.0), ("pv_chain_tmy3_greensboro", 25, 5000, 4200),
    ])
    func chainIsMet(file: String, tilt: Double, direct: Double, alternating: Double) throws {
        let plant = Solar(
            capacity: Power(direct), inverterCapacity: Power(alternating), tilt: tilt, azimuth: 180,
            losses: 0.14075660688264469)
        for row in try GoldenTable("devices/" + file).rows {
            let cell = Solar.cellTemperature(
                irradiance: row["poa_global"], air: row["temp_air"], wind: row["wind_speed"])
            #expect(near(cell, row["cell_temp_c"], relative: 1e-8))
            let power = plant.potential(under: conditions(row)).value
            #expect(near(power, row["pac_w"], relative: 1e-6, absolute: direct * 1e-9))
        }
    }

    @Test func nightGivesNothingAndNoonNoMoreThanTheInverter() {
        let plant = Solar(capacity: Power(10_000), inverterCapacity: Power(4000), tilt: 30, azimuth: 180)
        var sky = Conditions(
            globalHorizontal: 1000, directNormal: 900, diffuseHorizontal: 150, extraterrestrial: 1361,
            airTemperature: 20, windSpeed: 3, pressure: 90_000, riverFlow: 0,
            sun: SolarPosition(zenith: 20, apparentZenith: 20, azimuth: 180))
        #expect(plant.potential(under: sky) == Power(4000))
        (sky.globalHorizontal, sky.directNormal, sky.diffuseHorizontal) = (0, 0, 0)
        #expect(plant.potential(under: sky) == .zero)
        sky.globalHorizontal = .nan
        #expect(plant.potential(under: sky) == .zero)
    }

    private func conditions(_ row: GoldenTable.Row) -> Conditions {
        Conditions(
            globalHorizontal: row["ghi"], directNormal: row["dni"], diffuseHorizontal: row["dhi"],
            extraterrestrial: row["dni_extra"], airTemperature: row["temp_air"], windSpeed: row["wind_speed"],
            pressure: 98_000, riverFlow: 0,
            sun: SolarPosition(
                zenith: row["apparent_zenith_deg"], apparentZenith: row["apparent_zenith_deg"],
                azimuth: row["azimuth_deg"]))
    }
}
