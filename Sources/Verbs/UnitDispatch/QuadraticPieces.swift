import Lanes

/// Units with quadratic costs, in columns of eight; the last column is filled with units that deliver
/// nothing.
final class QuadraticPieces {
    private typealias Column = UnsafeMutableBufferPointer<Lanes>
    /// λ below and above which a unit is at a limit, and 1/2c: all that the sum of the powers needs.
    private let onset: Column
    private let ceiling: Column
    private let gain: Column
    private let lower: Column
    private let upper: Column
    private let slope: Column
    private let curvature: Column
    private let units: [Int]
    /// Whether all units have quadratic costs, so that unit k here is the k-th of all.
    private let isWhole: Bool
    /// −Σ b/2c, of all and of the sample.
    private let offset: Double
    private let sampleOffset: Double
    private static let stride = 16

    let least: Double
    let largest: Double
    let lowestPrice: Double
    let highestPrice: Double
    /// Number of units divided by that of the sample; 1 where the units are few.
    let sampleScale: Double

    init(_ table: PieceTable) {
        units = table.unit
        isWhole = table.unit.indices.allSatisfy { table.unit[$0] == $0 }
        let count = table.unit.count
        let blocks = (count + 7) / 8
        func column(_ value: (Int) -> Double, _ rest: Double) -> Column {
            let column = Column.filled(blocks, with: Lanes(repeating: rest))
            for index in 0..<count { column[index / 8][index % 8] = value(index) }
            return column
        }
        func price(_ power: Double, _ index: Int) -> Double {
            table.slope[index] + 2 * table.quadratic[index] * power
        }
        onset = column({ price(table.lower[$0], $0) }, 0)
        ceiling = column({ price(table.upper[$0], $0) }, 0)
        gain = column({ 0.5 / table.quadratic[$0] }, 0)
        lower = column({ table.lower[$0] }, 0)
        upper = column({ table.upper[$0] }, 0)
        slope = column({ table.slope[$0] }, 0)
        curvature = column({ table.quadratic[$0] }, 0)
        least = table.lower.reduce(0, +)
        largest = table.upper.reduce(0, +)
        let indices = table.unit.indices
        lowestPrice = indices.reduce(.infinity) { min($0, price(table.lower[$1], $1)) }
        highestPrice = indices.reduce(-.infinity) { max($0, price(table.upper[$1], $1)) }
        offset = indices.reduce(0) { $0 - table.slope[$1] * (0.5 / table.quadratic[$1]) }
        let isLarge = blocks >= 8 * Self.stride
        let sample = indices.filter { isLarge && ($0 / 8) % Self.stride == 0 }
        sampleOffset = sample.reduce(0) { $0 - table.slope[$1] * (0.5 / table.quadratic[$1]) }
        sampleScale = sample.isEmpty ? 1 : Double(count) / Double(sample.count)
    }

    deinit {
        for column in [onset, ceiling, gain, lower, upper, slope, curvature] { column.deallocate() }
    }

    /// Q(λ), W, and dQ/dλ.
    func sum(at price: Double) -> (sum: Double, slope: Double) {
        let (sum, slope) = sums(at: price, every: 1)
        return (sum + offset, slope)
    }

    /// The same of the sample, enlarged.
    func sampleSum(at price: Double) -> (sum: Double, slope: Double) {
        let (sum, slope) = sums(at: price, every: Self.stride)
        return ((sum + sampleOffset) * sampleScale, slope * sampleScale)
    }

    /// Uses four accumulators, so that additions need not wait for one another.
    private func sums(at price: Double, every stride: Int) -> (sum: Double, slope: Double) {
        let (onset, ceiling, gain) = (onset.baseAddress!, ceiling.baseAddress!, gain.baseAddress!)
        let blocks = self.gain.count
        let value = Lanes(repeating: price)
        var (s0, s1, d0, d1) = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
        var k = 0
        func add(_ k: Int, _ sum: inout Lanes, _ slope: inout Lanes) {
            let (low, high, g) = (onset[k], ceiling[k], gain[k])
            sum = Lanes.fused(g, smaller(larger(value, low), high), sum)
            slope += g.replacing(with: 0, where: (value .<= low) .| (value .>= high))
        }
        while k + stride < blocks {
            add(k, &s0, &d0)
            add(k + stride, &s1, &d1)
            k += 2 * stride
        }
        if k < blocks { add(k, &s0, &d0) }
        return ((s0 + s1).sum(), (d0 + d1).sum())
    }

    /// The highest price below which a unit that is above its lower limit would give less, and the lowest
    /// above which one below its upper would give more, where none is free at `price`.
    func neighbours(of price: Double) -> (low: Double, high: Double) {
        var (low, high) = (-Double.infinity, Double.infinity)
        for unit in units.indices {
            let (begin, end) = (onset[unit / 8][unit % 8], ceiling[unit / 8][unit % 8])
            if end <= price, begin < end { low = max(low, end) }
            if begin >= price, begin < end { high = min(high, begin) }
        }
        return (low, high)
    }

    /// Writes the powers at a price; returns their cost.
    func fill(_ powers: UnsafeMutableBufferPointer<Double>, at price: Double) -> Double {
        let value = Lanes(repeating: price)
        return fill(powers) { k in
            smaller(larger((value - slope[k]) * gain[k], lower[k]), upper[k])
        }
    }

    /// Gives `remainder` to the units whose incremental cost is `price` to nine digits, in proportion to the
    /// room they have left; returns what none of them could take.
    ///
    /// Where a cost is nearly linear, λ in double precision steps over many watts; the powers do not.
    func share(
        _ remainder: Double, at price: Double, _ powers: UnsafeMutableBufferPointer<Double>
    ) -> Double {
        let reach = 1e-9 * price.magnitude
        func room(_ k: Int) -> Double {
            let (column, lane) = (k / 8, k % 8)
            guard onset[column][lane] <= price + reach, ceiling[column][lane] >= price - reach else {
                return 0
            }
            let power = powers[units[k]]
            return remainder > 0 ? upper[column][lane] - power : power - lower[column][lane]
        }
        let whole = units.indices.reduce(0) { $0 + room($1) }
        guard whole > 0 else { return remainder }
        let fraction = min(1, remainder.magnitude / whole)
        for k in units.indices {
            let part = fraction * room(k)
            powers[units[k]] += remainder > 0 ? part : -part
        }
        return remainder.magnitude <= whole ? 0 : remainder - (remainder > 0 ? whole : -whole)
    }

    func fillLimit(_ powers: UnsafeMutableBufferPointer<Double>, _ isUpper: Bool) -> Double {
        fill(powers) { isUpper ? upper[$0] : lower[$0] }
    }

    @inline(__always)
    private func fill(_ powers: UnsafeMutableBufferPointer<Double>, _ power: (Int) -> Lanes) -> Double {
        var cost = Lanes.zero
        let whole = isWhole ? units.count / 8 : 0
        for k in 0..<whole {
            let p = power(k)
            UnsafeMutableRawPointer(powers.baseAddress! + 8 * k).storeBytes(of: p, as: Lanes.self)
            cost = Lanes.fused(p, Lanes.fused(p, curvature[k], slope[k]), cost)
        }
        for k in whole..<gain.count {
            let p = power(k)
            cost += p * (slope[k] + p * curvature[k])
            for lane in 0..<min(8, units.count - 8 * k) { powers[units[8 * k + lane]] = p[lane] }
        }
        return cost.sum()
    }
}
