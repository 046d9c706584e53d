import Glibc

// The quantile is Wichura's algorithm AS 241, PPND16 (Applied Statistics 37, 1988): a rational function of
// degree 7 over 7 in the middle, |p − ½| ≤ 0.425, and two more in √(−ln p) in the tails; good to 1e-16.

/// The normal distribution with mean 0 and standard deviation 1.
public enum StandardNormal {
    /// The likelihood of a number at most `x`.
    public static func cumulative(_ x: Double) -> Double {
        0.5 * erfc(-x * 0.5.squareRoot())
    }

    /// The number that a likelihood `p`, in (0, 1), stays below.
    public static func quantile(_ p: Double) -> Double {
        precondition(p > 0 && p < 1)
        let centred = p - 0.5
        if abs(centred) <= 0.425 { return centred * middle(0.180625 - centred * centred) }
        let root = (-log(centred < 0 ? p : 1 - p)).squareRoot()
        let tail = root <= 5 ? nearTail(root - 1.6) : farTail(root - 5)
        return centred < 0 ? -tail : tail
    }

    private static func middle(_ r: Double) -> Double {
        let numerator = horner(
            r, 2.509_080_928_730_122_672_7e3, 3.343_057_558_358_812_810_5e4, 6.726_577_092_700_870_085_3e4,
            4.592_195_393_154_987_145_7e4, 1.373_169_376_550_946_112_5e4, 1.971_590_950_306_551_442_7e3,
            1.331_416_678_917_843_774_5e2, 3.387_132_872_796_366_608)
        let denominator = horner(
            r, 5.226_495_278_852_854_561e3, 2.872_908_573_572_194_267_4e4, 3.930_789_580_009_271_061e4,
            2.121_379_430_158_659_586_7e4, 5.394_196_021_424_751_107_7e3, 6.871_870_074_920_579_083e2,
            4.231_333_070_160_091_125_2e1, 1)
        return numerator / denominator
    }

    private static func nearTail(_ r: Double) -> Double {
        let numerator = horner(
            r, 7.745_450_142_783_414_076_4e-4, 2.272_384_498_926_918_458_33e-2,
            2.417_807_251_774_506_117_7e-1,
            1.270_458_252_452_368_382_58, 3.647_848_324_763_204_605_04, 5.769_497_221_460_691_405_5,
            4.630_337_846_156_545_295_9, 1.423_437_110_749_683_577_34)
        let denominator = horner(
            r, 1.050_750_071_644_416_843_24e-9, 5.475_938_084_995_344_946e-4, 1.519_866_656_361_645_719_66e-2,
            1.481_039_764_274_800_745_9e-1, 6.897_673_349_851_000_045_5e-1, 1.676_384_830_183_803_849_4,
            2.053_191_626_637_758_821_87, 1)
        return numerator / denominator
    }

    private static func farTail(_ r: Double) -> Double {
        let numerator = horner(
            r, 2.010_334_399_292_288_132_65e-7, 2.711_555_568_743_487_578_15e-5,
            1.242_660_947_388_078_438_6e-3, 2.653_218_952_657_612_309_3e-2, 2.965_605_718_285_048_912_3e-1,
            1.784_826_539_917_291_335_8, 5.463_784_911_164_114_369_9, 6.657_904_643_501_103_777_2)
        let denominator = horner(
            r, 2.044_263_103_389_939_785_64e-15, 1.421_511_758_316_445_888_7e-7,
            1.846_318_317_510_054_681_8e-5, 7.868_691_311_456_132_591e-4, 1.487_536_129_085_061_485_25e-2,
            1.369_298_809_227_358_053_1e-1, 5.998_322_065_558_879_376_9e-1, 1)
        return numerator / denominator
    }

    /// Highest power first.
    @inline(__always)
    private static func horner(
        _ x: Double, _ a: Double, _ b: Double, _ c: Double, _ d: Double, _ e: Double, _ f: Double,
        _ g: Double,
        _ h: Double
    ) -> Double {
        ((((((a * x + b) * x + c) * x + d) * x + e) * x + f) * x + g) * x + h
    }
}
