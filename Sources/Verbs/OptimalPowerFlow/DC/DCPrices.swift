// Components of the nodal price. Without binding limits the price m of each bus would satisfy, at every angle
// but the reference's,
//
//     Aᵀ·b·E·m = 0,    m(reference) = λ(reference),
//
// where E holds the marginal losses at each end of a line: m is λ(reference) × the marginal delivery factors
// (Litvinov et al. 2004, IEEE Trans. Power Syst. 19(2)). The loss component is m − λ(reference); the rest of
// the price is the congestion component.

import Grid
import LinearAlgebra

extension DCNewton {
    /// The price of each bus.
    var prices: [NodalPrice] {
        let uncongested = uncongested()
        return price.indices.map { bus in
            let energy = price[model.references[bus]]
            let m = uncongested?[bus] ?? energy
            return NodalPrice(
                energy: EnergyCost(energy * model.costScale),
                congestion: EnergyCost((price[bus] - m) * model.costScale),
                loss: EnergyCost((m - energy) * model.costScale))
        }
    }

    /// m; nil where the model has no losses, and where the system for m is singular.
    private func uncongested() -> [Double]? {
        guard model.lines.contains(where: { $0.resistance != 0 }) else { return nil }
        var columns: [[Int: Double]] = price.indices.map { _ in [:] }
        for (k, line) in model.lines.enumerated() {
            for (bus, sign) in [(line.from, line.susceptance), (line.to, -line.susceptance)]
            where model.references[bus] != bus {
                columns[line.from][bus, default: 0] += sign * (1 + marginalLoss[k])
                columns[line.to][bus, default: 0] -= sign * (1 - marginalLoss[k])
            }
        }
        var m = price.indices.map { _ in 0.0 }
        for bus in price.indices where model.references[bus] == bus {
            columns[bus][bus] = 1
            m[bus] = price[bus]
        }
        let sorted = columns.map { $0.sorted { $0.key < $1.key } }
        let factors = SparseLU(
            order: m.count, columnStarts: sorted.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) },
            rowIndices: sorted.flatMap { $0.map(\.key) })
        for (at, value) in sorted.joined().enumerated() { factors.values[at] = value.value }
        guard factors.factor() else { return nil }
        factors.solve(&m)
        return m.allSatisfy(\.isFinite) ? m : nil
    }
}
