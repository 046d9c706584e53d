import Foundation

/// `datapackage.json`: the CSV files as a Tabular Data Package (Frictionless Data), so that pandas, R and
/// others know columns, types and units.
struct DataPackage: Encodable {
    let profile = "tabular-data-package"
    let name = "run"
    let title: String
    let description = """
        Every row is one interval. A value is the mean over [time, time + step), labelled by its begin; a \
        state of charge is the value at the end of the interval. Positive power is given to the network; \
        branch flow is positive from the first bus to the second.
        """
    let resources: [Resource]

    struct Resource: Encodable {
        let profile = "tabular-data-resource"
        let name: String
        let path: String
        let title: String
        let format = "csv"
        let mediatype = "text/csv"
        let encoding = "utf-8"
        let schema: Schema
    }

    struct Schema: Encodable {
        let fields: [Field]
        let missingValues = [""]
    }

    struct Field: Encodable {
        let name: String
        let type: String
        /// `any` lets readers take ISO 8601 with an offset.
        let format: String?
        let title: String
        let unit: String?
    }

    init(title: String, tables: [Table]) {
        self.title = title
        resources = tables.map { table in
            Resource(
                name: table.name.replacing("_", with: "-"), path: table.path, title: table.title,
                schema: Schema(
                    fields: table.fields.map {
                        Field(
                            name: $0.name, type: $0.form.rawValue,
                            format: $0.form == .datetime ? "%Y-%m-%dT%H:%M:%S%z" : nil, title: $0.title,
                            unit: $0.unit)
                    }))
        }
    }
}

extension Encodable {
    /// As a JSON text with sorted keys: the same value, the same bytes.
    func json() throws(ExportError) -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            return try encoder.encode(self) + Data([10])
        } catch {
            throw ExportError("cannot encode: \(error)")
        }
    }
}
