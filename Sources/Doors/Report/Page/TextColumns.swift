/// Tables for a terminal.
enum TextColumns {
    /// Returns one line for each list of cells, indented by two spaces and with two between columns; the
    /// first
    /// `left` columns are aligned to the left, the others to the right. All lists are equally long.
    static func aligned(_ lines: [[String]], left: Int) -> [String] {
        let widths = (lines.first ?? []).indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        return lines.map { cells in
            let padded = zip(cells, widths).enumerated().map { column, cell in
                let pad = String(repeating: " ", count: cell.1 - cell.0.count)
                return column < left ? cell.0 + pad : pad + cell.0
            }
            return "  " + padded.joined(separator: "  ")
        }
    }
}
