import TextFile
import Weather

/// The lines above the hours of a typical meteorological year of PVGIS.
struct PVGISHeader {
    let place: Place
    /// Hours from the time of a row to its irradiance, −1 … 1.
    let offset: Double
    /// Number of lines above that of the columns.
    let lines: Int
    /// The file without the legends at its end.
    let rows: [UInt8]

    init(_ bytes: [UInt8], _ file: String, _ mistakes: inout [FileMistake]) {
        let lines = bytes.split(separator: 10, omittingEmptySubsequences: false).map {
            $0.last == 13 ? $0.dropLast() : $0
        }
        let texts = lines.prefix(30).map { String(decoding: $0, as: UTF8.self) }
        func number(_ name: String, _ allowed: ClosedRange<Double>, isOptional: Bool = false) -> Double {
            let line = texts.firstIndex { $0.hasPrefix(name) }
            let value = line.flatMap { line in
                texts[line].split(separator: ":").dropFirst().first.flatMap { text in
                    Double(text.filter { $0 != " " })
                }
            }
            if let value, allowed.contains(value) { return value }
            if !isOptional || line != nil {
                let message =
                    "a line '\(name): …' with a number from \(allowed.lowerBound) to \(allowed.upperBound) is "
                    + "expected"
                mistakes.append(FileMistake(file: file, line: (line ?? 0) + 1, message: message))
            }
            return 0
        }
        place = Place(
            latitude: number("Latitude (decimal degrees)", -90...90),
            longitude: number("Longitude (decimal degrees)", -180...180),
            elevation: number("Elevation (m)", -450...9000))
        offset = number("Irradiance Time Offset (h)", -1...1, isOptional: true)
        let head = texts.firstIndex { $0.hasPrefix("time(UTC),") }
        if head == nil {
            let message =
                "no line begins with 'time(UTC),'; a typical meteorological year (TMY) of PVGIS in CSV is expected"
            mistakes.append(FileMistake(file: file, message: message))
        }
        self.lines = head ?? 0
        let end = lines.indices.dropFirst(self.lines).first { lines[$0].isEmpty } ?? lines.endIndex
        rows = Array(lines[..<end].joined(separator: [10])) + [10]
    }
}

extension Irradiance {
    /// The irradiance a part of the way to `other`.
    func between(_ other: Irradiance, _ part: Double) -> Irradiance {
        Irradiance(
            globalHorizontal: globalHorizontal * (1 - part) + other.globalHorizontal * part,
            directNormal: directNormal * (1 - part) + other.directNormal * part,
            diffuseHorizontal: diffuseHorizontal * (1 - part) + other.diffuseHorizontal * part)
    }
}
