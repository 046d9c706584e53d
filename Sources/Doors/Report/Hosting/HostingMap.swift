import Foundation
import Grid
import Studies

/// The network as a drawing: one circle a bus, the fuller the more solar it takes, what binds in red.
struct HostingMap {
    private static let rowHeight = 72
    private static let margin = 36
    private static let radius = 11

    private let network: Network
    private let diagram: OneLineDiagram
    private let rows: [Int: HostingTable.Row]
    private let most: Double
    private let decimals: Int
    /// For how many sites a bus or branch binds.
    private var bindingBuses: [Int: Int] = [:]
    private var bindingBranches: [Int: Int] = [:]

    init(_ network: Network, _ result: HostingCapacity.Result, _ table: HostingTable) {
        self.network = network
        diagram = OneLineDiagram(network)
        rows = Dictionary(zip(result.sites.map(\.bus), table.rows), uniquingKeysWith: { first, _ in first })
        decimals = table.decimals
        most = table.rows.map(\.capacityKilowatts).max() ?? 0
        for site in result.sites {
            switch site.finding.binding {
            case .overvoltage(let bus), .undervoltage(let bus): bindingBuses[bus, default: 0] += 1
            case .overload(let branch): bindingBranches[branch, default: 0] += 1
            case .export: bindingBuses[network.source, default: 0] += 1
            case .solvability, nil: break
            }
        }
    }

    private var columnWidth: Int {
        let longest = network.buses.map(\.name.count).max() ?? 0
        return max(54, min(150, longest * 7 + 16))
    }

    var svg: String {
        let width = max(1, diagram.columns - 1) * columnWidth + 2 * Self.margin
        let height = max(1, diagram.rows - 1) * Self.rowHeight + 2 * Self.margin
        let lines = diagram.tree.map { line($0.branch, $0.from, $0.to) } + diagram.chords.map(chord)
        let buses = network.buses.indices.compactMap(circle)
        return """
            <div class="scroll"><svg class="map" viewBox="0 0 \(width) \(height)" width="\(width)" height="\(height)" \
            role="img" aria-label="The network, its buses filled by how much solar they take">
            \((lines + buses).joined(separator: "\n"))
            </svg></div>
            """
    }

    private func point(_ bus: Int) -> (x: Int, y: Int)? {
        diagram.spots[bus].map {
            (Self.margin + $0.column * columnWidth, Self.margin + $0.row * Self.rowHeight)
        }
    }

    private func line(_ branch: Int, _ from: Int, _ to: Int) -> String {
        guard let a = point(from), let b = point(to) else { return "" }
        return path(branch, "M\(a.x) \(a.y)V\(b.y)H\(b.x)", isChord: false)
    }

    private func chord(_ branch: Int) -> String {
        guard let a = point(network.branches[branch].from), let b = point(network.branches[branch].to) else {
            return ""
        }
        let bend = (a.x + b.x) / 2 + Self.rowHeight / 2
        return path(branch, "M\(a.x) \(a.y)Q\(bend) \((a.y + b.y) / 2) \(b.x) \(b.y)", isChord: true)
    }

    private func path(_ branch: Int, _ steps: String, isChord: Bool) -> String {
        let bound = bindingBranches[branch]
        let marks = ["wire", isChord ? "chord" : nil, bound == nil ? nil : "binds"].compactMap { $0 }
        let binds = bound.map { ": binds for \($0) of \(rows.count)" } ?? ""
        let title = Markup.escaped("branch \(network.branches[branch].name)\(binds)")
        return "<path class=\"\(marks.joined(separator: " "))\" d=\"\(steps)\"><title>\(title)</title></path>"
    }

    private func circle(_ bus: Int) -> String? {
        guard let at = point(bus) else { return nil }
        let row = rows[bus]
        let part = row.map { most > 0 ? $0.capacityKilowatts / most : 0 }
        let value = row.map { Markup.number($0.capacityKilowatts, decimals) }
        let title = ["bus \(network.buses[bus].name)", value.map { "\($0) kW" }, row?.reason]
            .compactMap { $0 }.joined(separator: " · ")
        let isSource = network.sources.contains { $0.bus == bus }
        let ring = isSource ? "bus source" : "bus"
        let opacity = part.map { String(format: "%.2f", 0.08 + 0.92 * $0) } ?? "0"
        return """
            <g class="\(bindingBuses[bus] == nil ? ring : ring + " binds")"><title>\(Markup.escaped(title))</title>\
            <circle class="back" cx="\(at.x)" cy="\(at.y)" r="\(Self.radius)"/>\
            <circle class="fill" cx="\(at.x)" cy="\(at.y)" r="\(Self.radius)" fill-opacity="\(opacity)"/>\
            <text x="\(at.x)" y="\(at.y - 17)">\(Markup.escaped(network.buses[bus].name))</text>\
            \(value.map { "<text class=\"value\" x=\"\(at.x)\" y=\"\(at.y + 26)\">\($0)</text>" } ?? "")</g>
            """
    }

    static let style = """
        .map { display: block; font-size: 12px; max-width: none; }
        .map .wire { fill: none; stroke: var(--grid); stroke-width: 2; }
        .map .chord { stroke-dasharray: 5 4; }
        .map .wire.binds { stroke: var(--bad); stroke-width: 4; }
        .map .back { fill: var(--card); }
        .map .fill { fill: var(--solar); stroke: var(--soft); stroke-width: 1.5; }
        .map .binds .fill { stroke: var(--bad); stroke-width: 3; }
        .map .source .fill { stroke-dasharray: 3 2; }
        .map text { text-anchor: middle; fill: var(--soft); paint-order: stroke; stroke: var(--card);
          stroke-width: 4px; }
        .map text.value { fill: var(--ink); font-weight: 620; }
        .scale { display: flex; gap: 18px; flex-wrap: wrap; color: var(--soft); font-size: 13px; }
        .scale i { display: inline-block; vertical-align: -2px; margin-right: 6px; height: 13px; }
        .scale .ramp { width: 90px; border-radius: 4px; border: 1px solid var(--line);
          background: linear-gradient(to right, color-mix(in srgb, var(--solar) 8%, transparent),
            var(--solar)); }
        .scale .ring { width: 13px; border-radius: 50%; border: 3px solid var(--bad); }
        .scale .bar { width: 22px; height: 4px; vertical-align: 3px; background: var(--bad); }
        .bars td:nth-child(2) { width: 45%; }
        .bars .track { display: block; height: 14px; border-radius: 3px; background: var(--solar);
          min-width: 1px; }
        .bars .overload { background: var(--losses); }
        .bars .export-limit { background: var(--grid); }
        .bars .undervoltage, .bars .no-solution { background: var(--battery); }

        """
}
