import Foundation
import LinearAlgebra

/// Wires at their places, and the constants of the line that they form (J. R. Carson 1926, *Bell System
/// Technical Journal* 5, 539; the earth as a complex plane: A. Deri et al. 1981, *IEEE Transactions on
/// Power Apparatus and Systems* 100, 3686; cables as in W. H. Kersting, *Distribution System Modeling and
/// Analysis*, chapter 4).
struct DSSGeometry {
    /// How the return through the earth is computed.
    enum Earth { case carson, deri }

    /// A wire and its place, m.
    struct Place {
        var wire: DSSWire
        var x: Double
        /// Above the earth; below it where negative.
        var height: Double
    }

    /// The phases first, then the neutrals.
    var places: [Place]
    /// How many wires stay; those that follow are grounded at both ends and eliminated.
    var kept: Int
    var earth = Earth.deri
    /// Hz.
    var frequency: Double
    /// Of the earth, Ωm.
    var resistivity: Double

    private static let permeability = 4e-7 * Double.pi
    private static let permittivity = 8.854187817e-12

    private var angular: Double { 2 * .pi * frequency }
    /// ωμ₀/2π, Ω/m.
    private var unit: Double { angular * Self.permeability / (2 * .pi) }

    /// Whether two wires stand at one place, or one stands at the earth's surface.
    var isDegenerate: Bool {
        for (i, a) in places.enumerated() {
            if a.height == 0 { return true }
            for b in places[..<i] where hypot(a.x - b.x, a.height - b.height) < 1e-9 { return true }
        }
        return false
    }

    /// Series impedance and capacitance of a metre, Ω/m and nF/m.
    func constants() -> (impedance: [[Complex]], capacitance: [[Double]]) {
        var impedance = fullImpedance()
        while impedance.count > kept { impedance = Self.reduced(impedance) }
        let capacitance = fullCapacitance()
        return (impedance, (0..<kept).map { i in (0..<kept).map { capacitance[i][$0] * 1e9 } })
    }

    /// Over the wires, then the concentric neutrals of the cables.
    private func fullImpedance() -> [[Complex]] {
        let count = places.count
        let cables = places.indices.filter { places[$0].wire.neutral != nil }
        let total = count + cables.count
        var z = [[Complex]](repeating: [Complex](repeating: .zero, count: total), count: total)
        func set(_ i: Int, _ j: Int, _ own: Complex, _ distance: Double, _ a: Int, _ b: Int) {
            let value = own + Complex(0, -unit * log(distance)) + earthReturn(a, b)
            z[i][j] = value
            z[j][i] = value
        }
        for i in 0..<count {
            set(i, i, Complex(internalResistance(places[i].wire), 0), places[i].wire.meanRadius, i, i)
            for j in 0..<i { set(i, j, .zero, distance(i, j), i, j) }
        }
        for (order, i) in cables.enumerated() {
            guard let neutral = places[i].wire.neutral else { continue }
            let k = neutral.strands
            let ring = (neutral.cableDiameter - neutral.strandDiameter) / 2
            let own = Complex(neutral.strandResistance / k, 0)
            set(
                count + order, count + order, own,
                pow(neutral.strandMeanRadius * k * pow(ring, k - 1), 1 / k), i, i)
            for (other, j) in cables.enumerated() where other < order {
                set(count + order, count + other, .zero, distance(i, j), i, j)
            }
            for j in 0..<count {
                // Beside a ring of k strands; far away it is the distance itself.
                let far = distance(i, j)
                let around = i == j ? ring : far * pow(1 - pow(ring / far, k), 1 / k)
                set(count + order, j, .zero, around, i, j)
            }
        }
        return z
    }

    private func distance(_ i: Int, _ j: Int) -> Double {
        hypot(places[i].x - places[j].x, places[i].height - places[j].height)
    }

    private func internalResistance(_ wire: DSSWire) -> Double {
        guard earth == .deri else { return wire.resistance }
        // A round conductor with skin effect.
        let size = (frequency * Self.permeability / wire.directResistance).squareRoot()
        let alpha = Complex(size, size)
        let ratio = alpha.magnitude > 35 ? Complex(1, 0) : Self.besselRatio(alpha)
        let scale = (wire.directResistance * frequency * Self.permeability).squareRoot() / 2
        return (Complex(1, 1) * ratio * scale).real
    }

    private func earthReturn(_ i: Int, _ j: Int) -> Complex {
        guard earth == .deri else {
            return Complex(
                angular * Self.permeability / 8, unit * log(658.5 * (resistivity / frequency).squareRoot()))
        }
        // The depth of the plane of return is 1/√(jωμ₀/ρ).
        let depth = Complex(1, 0) / Complex(0, angular * Self.permeability / resistivity).squareRoot
        let (a, b) = (abs(places[i].height), abs(places[j].height))
        let height = Complex(a + b, 0) + depth * 2
        let across = places[i].x - places[j].x
        let length = (height * height + Complex(across * across, 0)).squareRoot
        let logarithm = Complex(log(length.magnitude), atan2(length.imaginary, length.real))
        return Complex(0, unit) * logarithm
    }

    /// F/m, over the wires.
    private func fullCapacitance() -> [[Double]] {
        let count = places.count
        if places.prefix(kept).contains(where: { $0.wire.neutral != nil }) {
            return (0..<count).map { i in
                (0..<count).map { j in
                    guard i == j, let cable = places[i].wire.neutral else { return 0 }
                    let outer = cable.insulationDiameter / 2
                    return 2 * .pi * Self.permittivity * cable.permittivity
                        / log(outer / (outer - cable.insulation))
                }
            }
        }
        let potential = (0..<count).map { i in
            (0..<count).map { j in
                let (a, b) = (places[i], places[j])
                let image = hypot(a.x - b.x, a.height + b.height)
                let own = i == j ? a.wire.capacitanceRadius : distance(i, j)
                return log(image / own) / (2 * .pi * Self.permittivity)
            }
        }
        return Self.inverse(potential)
    }

    /// Without the last row and column, whose voltage is zero.
    private static func reduced(_ z: [[Complex]]) -> [[Complex]] {
        let last = z.count - 1
        return (0..<last).map { i in
            (0..<last).map { j in z[i][j] - z[i][last] * z[last][j] / z[last][last] }
        }
    }

    /// Gauss and Jordan's inverse with the largest pivot of a column.
    private static func inverse(_ matrix: [[Double]]) -> [[Double]] {
        let n = matrix.count
        var a = matrix
        var b = (0..<n).map { i in (0..<n).map { i == $0 ? 1.0 : 0 } }
        for column in 0..<n {
            let pivot = (column..<n).max { abs(a[$0][column]) < abs(a[$1][column]) } ?? column
            guard a[pivot][column] != 0 else { return matrix.map { $0.map { _ in 0 } } }
            a.swapAt(pivot, column)
            b.swapAt(pivot, column)
            let scale = 1 / a[column][column]
            for j in 0..<n {
                a[column][j] *= scale
                b[column][j] *= scale
            }
            for i in 0..<n where i != column && a[i][column] != 0 {
                let factor = a[i][column]
                for j in 0..<n {
                    a[i][j] -= factor * a[column][j]
                    b[i][j] -= factor * b[column][j]
                }
            }
        }
        return b
    }

    /// I₀(z)/I₁(z), of the modified Bessel functions' power series.
    private static func besselRatio(_ z: Complex) -> Complex {
        let quarter = z * z * 0.25
        var (zero, one) = (Complex(1, 0), Complex(1, 0))
        var (a, b) = (zero, one)
        for k in 1...200 {
            let n = Double(k)
            a = a * quarter * (1 / (n * n))
            b = b * quarter * (1 / (n * (n + 1)))
            zero += a
            one += b
            if a.magnitude < 1e-17 * zero.magnitude { break }
        }
        return zero / (z * one * 0.5)
    }
}

extension Complex {
    /// The root whose real part is not negative.
    fileprivate var squareRoot: Complex {
        let size = magnitude
        let real = ((size + self.real) / 2).squareRoot()
        let imaginary = ((size - self.real) / 2).squareRoot()
        return Complex(real, self.imaginary < 0 ? -imaginary : imaginary)
    }
}
