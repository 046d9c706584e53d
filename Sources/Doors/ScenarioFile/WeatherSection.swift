import TextFile
import Timeline
import Weather
import WeatherFile
import YAMLFile

/// The section `weather`: a climatology, from which the weather is drawn later, or a file of typical or
/// measured hours.
enum WeatherSection {
    private enum Format: String, CaseIterable {
        case epw, tmy3, pvgis
    }

    /// Nil, too, without a horizon.
    static func read(
        _ root: Mapping, _ folder: InputFolder, _ when: PlaceAndTime, _ horizon: Horizon?,
        _ series: StepSeries
    ) -> WeatherSource? {
        root.required("weather")?.mapping { section in
            let (file, field) = (section.optional("file"), section.optional("climatology"))
            let ofFile = [section.optional("format"), section.optional("river")]
            if let file {
                field?.mistake("not allowed beside 'file'; the weather comes from one of them")
                return hourly(section, file, folder, when, horizon, series).map(WeatherSource.series)
            }
            guard let field else {
                section.field.mistake("the key 'climatology' or 'file' is missing")
                return nil
            }
            for extra in ofFile {
                extra?.mistake("only allowed with 'file'; a climatology has its own columns")
            }
            guard let climatology = climatology(field, folder), let place = when.place, let horizon
            else { return nil }
            return .climatology(climatology, place: place, horizon: horizon)
        }
    }

    private static func climatology(_ field: Field, _ folder: InputFolder) -> Climatology? {
        guard let bytes = field.fileBytes(in: folder), let name = field.text else { return nil }
        do throws(FileMistakes) {
            return try Climatology(csv: bytes, file: folder.prefix + name)
        } catch {
            field.collector.add(error.all)
            return nil
        }
    }

    private static func hourly(
        _ section: Mapping, _ file: Field, _ folder: InputFolder, _ when: PlaceAndTime,
        _ horizon: Horizon?, _ series: StepSeries
    ) -> WeatherSeries? {
        let format = section.required("format")?.choice("a format of weather files", of: Format.self)
        let river = section.optional("river").map { riverFlow($0, folder, series) }
        let bytes = file.fileBytes(in: folder)
        guard let format, let bytes, let name = file.text else { return nil }
        if format == .epw,
            let warning = HourlyWeather.headerWarning(epw: bytes, file: folder.prefix + name)
        {
            section.field.collector.add([warning])
        }
        do throws(FileMistakes) {
            let hours =
                switch format {
                case .epw: try HourlyWeather(epw: bytes, file: folder.prefix + name)
                case .pvgis: try HourlyWeather(pvgis: bytes, file: folder.prefix + name)
                case .tmy3: try HourlyWeather(tmy3: bytes, file: folder.prefix + name)
                }
            guard let place = when.place, let horizon, let zone = when.zone, river.map({ $0 != nil }) ?? true
            else { return nil }
            section.field.collector.add(hours.contradictions(to: place, zone: zone, from: horizon.start))
            return try hours.series(over: horizon, place: place, riverFlow: river ?? nil)
        } catch {
            section.field.collector.add(error.all)
            return nil
        }
    }

    /// `river: flow.csv` with the columns `time` and `flow_m3_s`, m³/s in each step.
    private static func riverFlow(_ field: Field, _ folder: InputFolder, _ series: StepSeries) -> [Double]? {
        InputTable(field, in: folder).flatMap { series.read("flow_m3_s", in: 0...1e6, of: $0) }
    }
}
