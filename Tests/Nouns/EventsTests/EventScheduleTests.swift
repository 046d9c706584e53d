import Events
import TestSupport
import Testing

@Suite struct EventScheduleTests {
    @Test func overlappingEventsAddAndAnEndUndoesOnlyItsOwn() {
        let schedule = EventSchedule(
            [
                Event(.outage(connection: 4), in: 2..<6), Event(.outage(connection: 4), in: 4..<8),
                Event(.cut(branch: 3), in: 5..<7),
                Event(.open(branch: 3), in: 6..<9), Event(.fail(device: 1), in: 0..<3),
            ], devices: 4)
        #expect((0..<10).map { schedule.disturbance(in: $0).outages == [4] } == [2, 3, 4, 5, 6, 7].mask(10))
        #expect((0..<10).map { schedule.disturbance(in: $0).cut == [3] } == [5, 6].mask(10))
        #expect((0..<10).map { schedule.disturbance(in: $0).opened == [3] } == [6, 7, 8].mask(10))
        #expect((0..<10).map { schedule.disturbance(in: $0).failed == [1] } == [0, 1, 2].mask(10))
        #expect(schedule.disturbance(in: 9) == Disturbance() && schedule.end == 9)
        #expect(!schedule.disturbance(in: 9).touchesPower && schedule.disturbance(in: 8).touchesPower)
    }

    @Test func devicesThatEveryEventTreatsAlikeHaveOneFate() {
        let schedule = EventSchedule(
            [
                Event(.partition(groups: [[0, 1, 2]]), in: 1..<3),
                Event(.crash(device: 2, keepsState: true), in: 2..<4),
                Event(.link(device: 4, loss: 0.5, latency: nil), in: 0..<2),
                Event(.fail(device: 5), in: 0..<2),
            ], devices: 6)
        let fates = schedule.fates
        #expect(fates[0] == fates[1] && fates[3] == fates[5])
        #expect(Set(fates).count == 4)
        #expect(EventSchedule().fates.isEmpty)
    }

    @Test func whoJoinsIsAbsentBeforeAndWhoLeavesAfter() {
        let schedule = EventSchedule(
            [Event(.join(device: 2), in: 3..<10), Event(.leave(device: 2), in: 5..<7)], devices: 3,
            absentAtFirst: [2])
        #expect((0..<10).map { schedule.disturbance(in: $0).absent == [2] } == [0, 1, 2, 5, 6].mask(10))
        #expect(schedule.disturbance(in: 5).agents == [2: .absent])
        #expect(!schedule.disturbance(in: 5).joins(2, 3) && schedule.disturbance(in: 5).joins(1, 3))
    }

    @Test func aCrashThatLosesTheStateWinsAndTheAbsentDoNotFail() {
        let schedule = EventSchedule(
            [
                Event(.crash(device: 0, keepsState: true), in: 0..<4),
                Event(.crash(device: 0, keepsState: false), in: 2..<3),
                Event(.fail(device: 1), in: 0..<4), Event(.leave(device: 1), in: 1..<2),
            ], devices: 2)
        #expect(schedule.disturbance(in: 0).agents == [0: .crashed(keepsState: true)])
        #expect(schedule.disturbance(in: 2).agents == [0: .crashed(keepsState: false)])
        #expect((0..<4).map { schedule.disturbance(in: $0).failed == [1] } == [0, 2, 3].mask(4))
    }

    /// Two partitions leave together whom both leave together; the controller is the last node.
    @Test func partitionsCross() {
        let schedule = EventSchedule(
            [
                Event(.partition(groups: [[0, 1], [2]]), in: 0..<2),
                Event(.partition(groups: [[1, 2]]), in: 1..<3),
            ], devices: 4)
        func pairs(_ step: Int) -> [[Int]] {
            let now = schedule.disturbance(in: step)
            return (0..<5).flatMap { a in ((a + 1)..<5).map { [a, $0] } }.filter { now.joins($0[0], $0[1]) }
        }
        #expect(pairs(0) == [[0, 1], [3, 4]])
        #expect(pairs(1) == [[3, 4]])
        #expect(pairs(2) == [[0, 3], [0, 4], [1, 2], [3, 4]])
        #expect(schedule.disturbance(in: 3).groups == [])
    }

    /// Devices 0, 1, 2 hang on one cable behind branches 0, 1, 2: a cut of branch 1 leaves 1 and 2 together.
    @Test func aCutSeversTheFibreAndABreakerDoesNot() {
        let routes = [[0], [0, 1], [0, 1, 2]]
        let schedule = EventSchedule(
            [
                Event(.cut(branch: 1), in: 0..<2), Event(.open(branch: 0), in: 0..<3),
                Event(.cut(branch: 2), in: 1..<2),
            ], devices: 3, fibreRoutes: routes)
        let cut = schedule.disturbance(in: 0)
        #expect(cut.joins(0, 3) && cut.joins(1, 2) && !cut.joins(1, 3) && !cut.joins(0, 2))
        let both = schedule.disturbance(in: 1)
        #expect(both.joins(0, 3) && !both.joins(1, 2))
        #expect(schedule.disturbance(in: 2).groups == [])
    }

    @Test func lossesOfSeveralEventsMultiplyAndLatenciesAdd() throws {
        let schedule = EventSchedule(
            [
                Event(.link(device: 0, loss: 0.5, latency: 1), in: 0..<2),
                Event(.link(device: 0, loss: 0.6, latency: nil), in: 1..<2),
            ], devices: 1)
        let change = try #require(schedule.disturbance(in: 1).links[0])
        #expect(near(change.loss, 0.8) && change.latency == 1)
        #expect(schedule.disturbance(in: 0).links[0]?.loss == 0.5)
    }

    /// What a schedule says of a step does not depend on the order of its events, and is the sum over those
    /// that act.
    @Test func randomEventsSumToThoseThatAct() {
        var random = SplitMix64(seed: 12)
        for _ in 0..<50 {
            let events = (0..<Int.random(in: 0...12, using: &random)).map { _ -> Event in
                let begin = Int.random(in: 0..<20, using: &random)
                let action: Event.Action =
                    Bool.random(using: &random)
                    ? .cut(branch: Int.random(in: 0..<5, using: &random)) : .outage(connection: 4)
                return Event(action, in: begin..<begin + Int.random(in: 1...9, using: &random))
            }
            let schedule = EventSchedule(events, devices: 3)
            let shuffled = EventSchedule(events.shuffled(using: &random), devices: 3)
            for step in 0..<32 {
                let acting = events.filter { $0.steps.contains(step) }
                let now = schedule.disturbance(in: step)
                #expect(now == shuffled.disturbance(in: step))
                #expect((now.outages == [4]) == acting.contains { $0.action == .outage(connection: 4) })
                #expect(now.cut == (0..<5).filter { b in acting.contains { $0.action == .cut(branch: b) } })
            }
        }
    }
}

extension [Int] {
    /// True at these places among `count`.
    fileprivate func mask(_ count: Int) -> [Bool] { (0..<count).map { contains($0) } }
}
