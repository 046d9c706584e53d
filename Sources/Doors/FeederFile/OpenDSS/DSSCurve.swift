import Foundation
import TextFile

/// A curve through points, straight between them and beyond the first and the last.
struct DSSCurve {
    /// x rises.
    let points: [(x: Double, y: Double)]

    /// The value at `x`.
    func value(at x: Double) -> Double {
        guard points.count > 1 else { return points.first?.y ?? 0 }
        let after = points.firstIndex { $0.x > x } ?? points.count - 1
        let (a, b) = (points[max(0, after - 1)], points[max(1, after)])
        return a.y + (x - a.x) / (b.x - a.x) * (b.y - a.y)
    }
}

extension DSSBuilder {
    /// The `XYCurve` that a field names; nil, with a mistake, where it is not there or not one.
    mutating func curve(_ field: DSSFields.Field, _ fields: inout DSSFields) -> DSSCurve? {
        guard let object = script.circuit.object("xycurve", field.word.value) else {
            fields.refuse(unknown("XYCurve", field.word.value), field)
            return nil
        }
        var inner = DSSFields(object, files: script.files)
        defer { codeMistakes.formUnion(inner.mistakes) }
        var (x, y): ([Double], [Double]) = ([], [])
        var (shift, scale) = ((x: 0.0, y: 0.0), (x: 1.0, y: 1.0))
        for field in inner.all {
            switch field.key {
            case "xarray": x = inner.numbers(field)
            case "yarray": y = inner.numbers(field)
            case "points":
                let values = inner.numbers(field)
                x = stride(from: 0, to: values.count - 1, by: 2).map { values[$0] }
                y = stride(from: 1, to: values.count, by: 2).map { values[$0] }
            case "xshift": inner.read(field, &shift.x)
            case "yshift": inner.read(field, &shift.y)
            case "xscale": inner.read(field, &scale.x)
            case "yscale": inner.read(field, &scale.y)
            case "csvfile": inner.refuse("points in a file are not read; write XArray and YArray", field)
            default: break
            }
        }
        guard !x.isEmpty, x.count == y.count, zip(x, x.dropFirst()).allSatisfy(<) else {
            inner.refuse("a curve needs as many x as y, and x that rise")
            return nil
        }
        return DSSCurve(
            points: zip(x, y).map { ($0 * scale.x + shift.x, $1 * scale.y + shift.y) })
    }
}
