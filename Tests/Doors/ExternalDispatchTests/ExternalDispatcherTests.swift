import EconomicDispatch
import ExternalDispatch
import Foundation
import Grid
import Scheduling
import Synchronization
import TestSupport
import Testing
import Timeline

@Suite struct ExternalDispatcherTests {
    static let root = Checkout.root.path

    /// What it was told, in order.
    final class Ear: Sendable {
        private let lines = Mutex<[String]>([])
        var heard: [String] { lines.withLock { $0 } }
        func hear(_ line: String) { lines.withLock { $0.append(line) } }
    }

    /// A load of 50 kW, a connection, and a store of 100 kWh; dear in the last two of four hours.
    private var problem: DispatchProblem {
        let horizon = Horizon(start: Instant(secondsSinceEpoch: 0), step: 3600, count: 4)
        func offer(_ device: Int, _ range: ClosedRange<Double>, _ prices: [Double], _ store: Reservoir? = nil)
            -> Offer
        {
            Offer(
                device: DeviceID(device), horizon: horizon,
                lower: Array(repeating: Power(kilowatts: range.lowerBound), count: 4),
                upper: Array(repeating: Power(kilowatts: range.upperBound), count: 4),
                cost: Cost(
                    deliver: prices.map { EnergyCost(yuanPerKilowattHour: $0) },
                    absorb: [EnergyCost(yuanPerKilowattHour: device == 0 ? 20 : 0)]), reservoir: store)
        }
        let store = Reservoir(
            stored: .zero, minimum: .zero, maximum: Energy(kilowattHours: 100), chargeEfficiency: 1,
            dischargeEfficiency: 1, selfDischarge: 0)
        return DispatchProblem(
            horizon: horizon,
            offers: [
                offer(0, -50...0, [20]), offer(1, -10...100, [0.2, 0.2, 0.8, 0.8]),
                offer(2, -30...30, [0], store),
            ])
    }

    private func plans(_ words: [String], timeout: Double = 20, count: Int = 1) -> (
        plans: [Plan], heard: [String]
    ) {
        let ear = Ear()
        let dispatcher = ExternalDispatcher(
            ProgramCommand(words: words, folder: Self.root), names: ["house", "grid \"A\"", "store"],
            timeout: timeout, tell: ear.hear)
        return ((0..<count).map { _ in dispatcher.plan(problem) }, ear.heard)
    }

    /// A program that greets and then runs `body`, a line of shell.
    private func shell(_ body: String) -> [String] {
        ["sh", "-c", "read greeting; echo '{\"karst_dispatch\": 1}'; \(body)"]
    }

    private static let good =
        #"{"power_kw":{"house":[-50,-50,-50,-50],"grid \"A\"":[80,80,20,20],"store":[-30,-30,30,30]}}"#

    @Test func theAnswerIsThePlan() {
        let (plans, heard) = plans(shell("while read line; do echo '\(Self.good)'; done"), count: 2)
        #expect(heard == [])
        for plan in plans {
            #expect(plan.status == .ruleBased)
            #expect(plan.power(of: 2).map(\.kilowatts) == [-30, -30, 30, 30])
        }
    }

    /// Two areas: the house behind a tie of 40 kW. What the program was asked stands on its standard error.
    @Test func areasAreToldAndFlowsHeard() throws {
        let one = problem
        let areas = Areas(
            count: 2, ofOffers: [1, 0, 1],
            ties: [Tie(from: 0, to: 1, forward: [Power(kilowatts: 40)], reactance: 0.5)])
        let apart = DispatchProblem(horizon: one.horizon, offers: one.offers, areas: areas)
        func planned(_ answer: String, _ asked: String) -> (Plan, [String]) {
            let ear = Ear()
            let body = "read line; case \"$line\" in *'\(asked)'*) echo '\(answer)';; *) echo other;; esac"
            let dispatcher = ExternalDispatcher(
                ProgramCommand(words: shell(body), folder: Self.root),
                names: ["house", "grid \"A\"", "store"], timeout: 20, tell: ear.hear)
            return (dispatcher.plan(apart), ear.heard)
        }
        let good =
            #"{"power_kw":{"house":[-50,-50,-50,-50],"grid \"A\"":[40,40,20,20],"store":[-10,-10,10,10]},"#
            + #""flow_kw":[[40,40,20,20]]}"#
        let ties =
            #""losses_kw":[[0.0,0.0,0.0,0.0],[0.0,0.0,0.0,0.0]],"ties":[{"from":0,"to":1,"forward_kw":[40.0,"#
        let (plan, heard) = planned(good, ties)
        #expect(heard == [] && plan.status == .ruleBased)
        #expect((0..<4).map { plan.flow(over: 0, at: $0).kilowatts } == [40, 40, 20, 20])
        #expect(plan.shortage[4].kilowatts == 20 && plan.shortage[0] == .zero)
        #expect(planned(good, #""power_now_kw":0.0,"area":1"#).1 == [])
        let much = planned(good.replacing("[[40", with: "[[60"), ties)
        #expect(much.0.status == .fallback && much.1[0].contains("tie 0 in step 0: 60.0 kW"), "\(much.1)")
    }

    @Test(.enabled(if: hasPython, "python3 is not on this machine"))
    func theExampleInPythonDispatches() {
        let (plans, heard) = plans(["python3", "Examples/my_dispatch.py"], count: 2)
        #expect(heard == [])
        #expect(plans[0].power(of: 2).map(\.kilowatts) == [-30, -30, 30, 30])
        #expect(plans[0].power(of: 1).map(\.kilowatts) == [80, 80, 20, 20])
        #expect(plans[0] == plans[1])
    }

    /// What goes wrong, and a word of what is told of it.
    @Test(arguments: [
        ("echo 'no json'", "not {\"power_kw\""),
        ("echo '{\"power_kw\":{\"house\":[-50,-50,-50,NaN]}}'", "not {\"power_kw\""),
        ("echo '{\"power_kw\":{}}'", "no powers of 'house'"),
        ("echo '{\"power_kw\":{\"house\":[1,2]}}'", "2 powers of 'house' for 4 steps"),
        ("exit 0", "it has ended without an answer"),
        ("sleep 30", "no answer within 0.2 s"),
        ("kill -9 $$", "it has ended"),
    ])
    func failuresFallBackToMeritOrder(body: String, word: String) {
        let (plans, heard) = plans(shell("read line; \(body)"), timeout: body == "sleep 30" ? 0.2 : 20)
        #expect(plans[0].status == .fallback)
        #expect(
            plans[0].power(of: 0).map(\.kilowatts) == MeritOrder().plan(problem).power(of: 0).map(\.kilowatts)
        )
        #expect(heard.count == 1 && heard[0].contains(word), "\(heard)")
    }

    @Test func powersOutsideTheBoundsAreRefused() {
        let much = Self.good.replacing("[80,80", with: "[180,80")
        let (plans, heard) = plans(shell("while read line; do echo '\(much)'; done"))
        #expect(plans[0].status == .fallback)
        #expect(
            heard[0].contains(
                "'grid \"A\"' at 1970-01-01T00:00:00Z (step 0): 180.0 kW is outside -10.0…100.0 kW"),
            "\(heard)")
    }

    /// Questions are numbered. An answer may leave the number out, but not have another one.
    @Test func anAnswerToAnotherQuestionIsRefused() {
        let numbered = Self.good.replacing("{\"power_kw\"", with: "{\"id\": 1, \"power_kw\"")
        let (plans, heard) = plans(shell("while read line; do echo '\(numbered)'; done"), count: 2)
        #expect(plans.map(\.status) == [.ruleBased, .fallback])
        #expect(
            heard.count == 1 && heard[0].contains("answers question 1 in place of question 2"), "\(heard)")
    }

    @Test func whatWasNotAskedIsRefused() {
        let twice = plans(
            shell("while read line; do printf '%s\\n%s\\n' '\(Self.good)' '\(Self.good)'; done"), count: 2)
        #expect(twice.plans.map(\.status) == [.ruleBased, .fallback])
        #expect(twice.heard[0].contains("a line that answers no question"), "\(twice.heard)")
        let more = Self.good.replacing("{\"power_kw\"", with: "{\"cost\": 1, \"power_kw\"")
        let (_, heard) = plans(shell("read line; echo '\(more)'"))
        #expect(heard[0].contains("unknown key 'cost'; allowed are id, power_kw, flow_kw"), "\(heard)")
    }

    /// The bytes of a program never reach the terminal as they are.
    @Test func answersAreShownSafely() {
        let (_, heard) = plans(shell("read line; printf '\\033[2J\\n'"))
        #expect(heard[0].contains(#"'\u{1b}[2J'"#), "\(heard)")
    }

    /// What the program has started ends with it.
    @Test func childrenEndToo() throws {
        let folder = FileManager.default.temporaryDirectory.path
        let file = "\(folder)/karst-child-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: file) }
        let (_, heard) = plans(shell("sleep 60 & echo $! > \(file); read line; exit 0"), timeout: 1)
        #expect(heard.count == 1)
        let child = try #require(
            pid_t(try String(contentsOfFile: file, encoding: .utf8).trimmingCharacters(in: .newlines)))
        // Whoever adopts it needs a moment; a process that has ended and was not yet waited for is a zombie.
        var isAlive = true
        for _ in 0..<100 where isAlive {
            let status = (try? String(contentsOfFile: "/proc/\(child)/stat", encoding: .utf8)) ?? ") X"
            isAlive = !status.contains(") Z") && !status.contains(") X")
            if isAlive { usleep(20_000) }
        }
        #expect(!isAlive)
    }

    /// No shell reads the command: its words are what the program gets.
    @Test func wordsAreNotReadByAShell() {
        let (_, heard) = plans(["printf", "%s\\n", "$HOME; echo $(id)"])
        #expect(heard[0].contains("'$HOME; echo $(id)'"), "\(heard)")
        #expect(plans(["no such program; true"]).heard[0].contains("cannot be started in folder"))
    }

    @Test func anotherVersionIsRefused() {
        let (plans, heard) = plans(["sh", "-c", "read greeting; echo '{\"karst_dispatch\": 2}'; read line"])
        #expect(plans[0].status == .fallback && heard[0].contains("version 2"))
    }

    /// It is asked three times in a row, then no more.
    @Test func whatKeepsFailingIsGivenUp() {
        let (plans, heard) = plans(["./no-such-program"], count: 5)
        #expect(plans.allSatisfy { $0.status == .fallback })
        #expect(heard.count == 3 && heard[2].hasSuffix("it is not asked again"), "\(heard)")
    }

    /// A program that dies is started anew for the next plan.
    @Test func itIsStartedAgain() {
        let (plans, heard) = plans(shell("read line; echo '\(Self.good)'"), count: 3)
        #expect(plans.map(\.status) == [.ruleBased, .fallback, .ruleBased] && heard.count == 1)
    }

    /// More than a pipe holds, to a program that does not read.
    @Test func aProgramThatDoesNotListenHoldsNothingUp() {
        let (plans, _) = plans(["sh", "-c", "sleep 30"], timeout: 0.2)
        #expect(plans[0].status == .fallback)
    }

    static var hasPython: Bool {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
            FileManager.default.isExecutableFile(atPath: "\($0)/python3")
        }
    }
}
