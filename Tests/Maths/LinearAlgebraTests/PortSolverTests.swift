import LinearAlgebra
import TestSupport
import Testing

@Suite struct PortSolverTests {
    /// A connected complex system with a diagonal, some of it zero, and links drawn by a seed.
    private static func system(_ order: Int, seed: UInt64) -> [ComplexSparseLU.Entry] {
        var random = SplitMix64(seed: seed)
        func number() -> Double { Double.random(in: -1...1, using: &random) }
        var entries = (0..<order).map { k in
            ComplexSparseLU.Entry(k, k, k % 7 == 3 ? .zero : Complex(3 + number(), number()))
        }
        for k in 1..<order {
            for other in [k - 1, Int.random(in: 0..<k, using: &random)] {
                entries.append(.init(k, other, Complex(number(), number())))
                entries.append(.init(other, k, Complex(number(), number())))
            }
        }
        return entries
    }

    private static func times(_ entries: [ComplexSparseLU.Entry], _ x: [Complex]) -> [Complex] {
        var product = [Complex](repeating: .zero, count: x.count)
        for entry in entries { product[entry.row] += entry.value * x[entry.column] }
        return product
    }

    @Test(arguments: [1, 2, 5, 40, 300]) func solvesWhatItFactored(order: Int) throws {
        let entries = Self.system(order, seed: UInt64(order))
        let isLate = (0..<order).map { $0 % 3 == 0 }
        let lu = try #require(ComplexSparseLU(order: order, entries: entries, isLate: isLate))
        let x = (0..<order).map { Complex(Double($0 % 5) - 2, Double($0 % 3)) }
        let solved = lu.solve(Self.times(entries, x))
        #expect(zip(solved, x).allSatisfy { ($0 - $1).magnitude < 1e-9 })
    }

    /// In eight lanes, each with right-hand sides of its own at the ports, every unknown is that of the whole
    /// system: those at the ports after `solve`, all others after `expand`.
    @Test(arguments: UInt64(1)...20) func portsGiveTheWholeSolution(seed: UInt64) throws {
        let order = 60
        let entries = Self.system(order, seed: seed)
        let ports = [3, 4, 10, 31, 59]
        let isLate = (0..<order).map { ports.contains($0) }
        let lu = try #require(
            ComplexSparseLU(order: order, entries: entries, isLate: isLate, diagonal: 1e-9))
        let pattern = PortPattern(lu, equations: ports, unknowns: ports)
        #expect(pattern.count < order)
        let solver = PortSolver(pattern)
        solver.clear()
        var right = Array(repeating: [Complex](repeating: .zero, count: order), count: 8)
        for lane in 0..<8 {
            for port in ports {
                let value = Complex(Double(lane + 1), Double(port))
                right[lane][port] = value
                let place = pattern.slot(ofEquation: port)
                solver.cells[place.slot].real[lane] += value.real * place.scale
                solver.cells[place.slot].imaginary[lane] += value.imaginary * place.scale
            }
        }
        solver.solve()
        solver.expand()
        for lane in 0..<8 {
            let whole = lu.solve(right[lane])
            for unknown in 0..<order {
                let cell = solver.cells[pattern.slot(ofUnknown: unknown)]
                let found = Complex(cell.real[lane], cell.imaginary[lane])
                #expect((found - whole[unknown]).magnitude < 1e-8)
            }
        }
    }

    @Test func aSingularMatrixHasNoFactors() {
        let one = Complex(1, 0)
        let entries = [(0, 0), (0, 1), (1, 0), (1, 1)].map { ComplexSparseLU.Entry($0.0, $0.1, one) }
        #expect(ComplexSparseLU(order: 2, entries: entries, isLate: [false, false]) == nil)
        let nan = [ComplexSparseLU.Entry(0, 0, Complex(.nan, 0))]
        #expect(ComplexSparseLU(order: 1, entries: nan, isLate: [false]) == nil)
    }
}
