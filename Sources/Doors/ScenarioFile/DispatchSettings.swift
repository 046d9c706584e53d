public import EconomicDispatch
import ExternalDispatch
import Grid
public import Scheduling

/// Who is to dispatch instead of the one that a scenario names.
public enum DispatchChoice: Hashable, Sendable {
    case method(DispatchMethod)
    /// The program that the scenario names, or these words of a command, run in the folder one stands in.
    case external([String])

    /// `merit-order`, `external`, or `external:python3 my_dispatch.py`; nil for what is none of them.
    public init?(_ text: String) {
        if let method = DispatchMethod(rawValue: text) {
            self = .method(method)
        } else if text == "external" {
            self = .external([])
        } else if text.hasPrefix("external:") {
            let words = text.dropFirst(9).split(separator: " ").map(String.init)
            guard !words.isEmpty else { return nil }
            self = .external(words)
        } else {
            return nil
        }
    }

    public static let names = DispatchMethod.allCases.map(\.rawValue) + ["external", "external:COMMAND"]
}

/// What the section `dispatch` says of the dispatcher. Settings of one that is not chosen are read and kept,
/// so that one file serves the comparison of several.
struct DispatchSettings {
    private let section: Mapping
    private let folder: Folder
    private let devices: [String]
    private let choice: DispatchChoice?
    private let setPoint, threshold, timeout, gap, timeLimit: Double?
    private let command: [String]?

    init(_ section: Mapping, _ folder: Folder, _ devices: [String]) {
        self.section = section
        self.folder = folder
        self.devices = devices
        let choices =
            DispatchMethod.allCases.map { ($0.rawValue, DispatchChoice.method($0)) }
            + [("external", .external([]))]
        choice =
            section.optional("method").map { $0.choice("a way to dispatch", choices) }
            ?? .method(.rollingOptimum)
        setPoint = section.quantity("set_point", .fraction, in: Bounds(0...1), default: 0.8)
        threshold = section.optional("threshold").flatMap { $0.quantity(.power, in: Bounds(0...1e12)) }
        timeout = section.quantity("timeout", .duration, in: .positive, default: 10)
        gap = section.quantity("gap", .fraction, in: Bounds(0...1), default: 1e-3)
        timeLimit = section.quantity("time_limit", .duration, in: .positive, default: 60)
        command = section.optional("command").flatMap { $0.list()?.map { $0.text ?? "" } }
        if let command, command.isEmpty || command.contains("") {
            section.optional("command")!.mistake(
                "a command is a list of words, such as [\"python3\", \"my_dispatch.py\"]")
        }
    }

    /// `chosen` instead of the file's method.
    func maker(_ chosen: DispatchChoice?) -> DispatcherMaker? {
        switch chosen ?? choice {
        case nil: nil
        case .external(let words): external(words)
        case .method(.cycleCharging):
            setPoint.map { setPoint in
                DispatcherMaker(name: DispatchMethod.cycleCharging.rawValue) {
                    CycleCharging(setPoint: setPoint)
                }
            }
        case .method(.peakShaving):
            DispatcherMaker(name: DispatchMethod.peakShaving.rawValue) { [threshold] in
                PeakShaving(threshold: threshold.map { .init($0) })
            }
        case .method(.unitCommitment): unitCommitment()
        case .method(let method): DispatcherMaker(method)
        }
    }

    /// The method that is to be, if it plans no exchange between areas.
    func ruleWithoutExchange(_ chosen: DispatchChoice?) -> String? {
        guard case .method(let method) = chosen ?? choice, !method.exchanges else { return nil }
        return method.rawValue
    }

    /// A mistake where the solver it needs is not on this machine: nobody gets another plan than the one
    /// asked for.
    private func unitCommitment() -> DispatcherMaker? {
        guard let gap, let timeLimit else { return nil }
        if let missing = UnitCommitment.missing {
            section.field.mistake("method 'unit-commitment' cannot search here: \(missing)")
            return nil
        }
        return DispatcherMaker(name: DispatchMethod.unitCommitment.rawValue) {
            UnitCommitment(options: .init(gap: gap, timeLimit: timeLimit))
        }
    }

    /// Words of the caller's run where the caller stands, those of the file in its folder; a word that names
    /// a file there is an input of the run.
    private func external(_ words: [String]) -> DispatcherMaker? {
        guard let timeout else { return nil }
        let program: ProgramCommand
        if !words.isEmpty {
            program = ProgramCommand(words: words, folder: ".")
        } else if let command {
            guard !command.isEmpty, !command.contains("") else { return nil }
            for word in command { _ = try? folder.read(word) }
            program = ProgramCommand(words: command, folder: folder.prefix)
        } else {
            section.field.mistake(
                "method 'external' needs a command, such as command: [\"python3\", \"my_dispatch.py\"]")
            return nil
        }
        let name = words.isEmpty ? "external" : "external:\(words.joined(separator: " "))"
        return DispatcherMaker(name: name) { [devices] in
            ExternalDispatcher(program, names: devices, timeout: timeout)
        }
    }
}
