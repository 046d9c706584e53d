import Islanding
import TestSupport
import Testing

@Suite struct ZoneTests {
    private func tie(
        _ from: Int, _ to: Int, available: Bool = true, closed: Bool = true, synchronous: Bool = false
    ) -> Zones.Tie {
        Zones.Tie(
            from: from, to: to, isAvailable: available, wasClosed: closed, isSynchronous: synchronous)
    }

    @Test func aCutPartsACable() {
        let zones = Zones(
            [tie(0, 1), tie(1, 2, available: false), tie(2, 3)], before: [0, 0, 0, 0])
        #expect(zones.ofNodes == [0, 0, 1, 1] && zones.count == 2)
        #expect(zones.isClosed == [true, false, true])
    }

    /// A repaired branch joins what is alive only when it is synchronous, and what is dead at once.
    @Test func twoLivePartsWaitForSynchronism() {
        func zones(_ before: [Int?], synchronous: Bool) -> Zones {
            Zones([tie(0, 1), tie(1, 2, closed: false, synchronous: synchronous)], before: before)
        }
        #expect(zones([0, 0, 5], synchronous: false).count == 2)
        #expect(zones([0, 0, 5], synchronous: true).count == 1)
        #expect(zones([0, 0, nil], synchronous: false).count == 1)
        #expect(zones([nil, nil, 5], synchronous: false).count == 1)
        #expect(zones([0, 0, 0], synchronous: false).count == 1)
    }

    /// A dead part between two live ones joins the first; the second still waits.
    @Test func aDeadPartIsNoBridge() {
        let zones = Zones(
            [tie(0, 1, closed: false), tie(1, 2, closed: false)], before: [0, nil, 5])
        #expect(zones.ofNodes == [0, 0, 1] && zones.isClosed == [true, false])
    }

    /// Zones are the connected components of the closed branches, whatever the branches.
    @Test func zonesAreComponents() {
        var random = SplitMix64(seed: 5)
        for _ in 0..<100 {
            let nodes = Int.random(in: 1...12, using: &random)
            let ties = (0..<Int.random(in: 0...20, using: &random)).map { _ in
                tie(
                    Int.random(in: 0..<nodes, using: &random), Int.random(in: 0..<nodes, using: &random),
                    available: Bool.random(using: &random), closed: Bool.random(using: &random),
                    synchronous: Bool.random(using: &random))
            }
            let before = (0..<nodes).map { _ -> Int? in
                Bool.random(using: &random) ? Int.random(in: 0...2, using: &random) : nil
            }
            let zones = Zones(ties, before: before)
            var reach = (0..<nodes).map { $0 }
            for _ in 0..<nodes {
                for (index, tie) in ties.enumerated() where zones.isClosed[index] {
                    let least = min(reach[tie.from], reach[tie.to])
                    (reach[tie.from], reach[tie.to]) = (least, least)
                }
            }
            for a in 0..<nodes {
                for b in 0..<nodes {
                    #expect((zones.ofNodes[a] == zones.ofNodes[b]) == (reach[a] == reach[b]))
                }
            }
            for (index, tie) in ties.enumerated() { #expect(tie.isAvailable || !zones.isClosed[index]) }
        }
    }
}
