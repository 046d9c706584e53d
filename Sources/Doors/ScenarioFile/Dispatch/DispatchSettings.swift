public import EconomicDispatch
import ExternalDispatch
import Grid
import Scheduling
import YAMLFile

/// A dispatcher that the caller chooses instead of the one in the scenario file.
public enum DispatchChoice: Hashable, Sendable {
    /// One of the methods of this program.
    case method(DispatchMethod)
    /// Another program: the words of its command, which runs in the working directory. Without words, the
    /// command in the scenario file.
    case external([String])

    /// Reads `merit-order`, `external`, or `external:python3 my_dispatch.py`; nil for any other text.
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

    /// The texts that can be written, for help texts and messages.
    public static let names = DispatchMethod.allCases.map(\.rawValue) + ["external", "external:COMMAND"]
}

/// The settings of dispatchers in the section `dispatch`. They are read for all methods, not only for the one
/// that is chosen, so that one file serves the comparison of several.
struct DispatchSettings {
    private let section: Mapping
    private let folder: InputFolder
    private let devices: [String]
    private let choice: DispatchChoice?
    private let setPoint, threshold, timeout, gap, timeLimit: Double?
    private let command: [String]?

    init(_ section: Mapping, _ folder: InputFolder, _ devices: [String]) {
        self.section = section
        self.folder = folder
        self.devices = devices
        let choices =
            DispatchMethod.allCases.map { ($0.rawValue, DispatchChoice.method($0)) }
            + [("external", .external([]))]
        choice =
            section.optional("method").map { $0.choice("a dispatch method", choices) }
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

    /// One for each of `chosen`, or the file's; nil if one of them cannot be made. Never empty.
    func makers(_ chosen: [DispatchChoice]) -> [DispatcherMaker]? {
        let makers = choices(chosen).map(maker)
        return makers.isEmpty || makers.contains { $0 == nil } ? nil : makers.compactMap(\.self)
    }

    /// The methods among `chosen`, or the file's, that plan no exchange between areas.
    func rulesWithoutExchange(_ chosen: [DispatchChoice]) -> [String] {
        choices(chosen).compactMap {
            guard case .method(let method) = $0, !method.exchanges else { return nil }
            return method.rawValue
        }
    }

    private func choices(_ chosen: [DispatchChoice]) -> [DispatchChoice] {
        chosen.isEmpty ? [choice].compactMap(\.self) : chosen
    }

    private func maker(_ choice: DispatchChoice) -> DispatcherMaker? {
        switch choice {
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

    /// An error if its solver is not on this machine: no other method stands in for the one that was asked
    /// for.
    private func unitCommitment() -> DispatcherMaker? {
        guard let gap, let timeLimit else { return nil }
        if let missing = UnitCommitment.missing {
            section.field.mistake(
                "method 'unit-commitment' needs a solver that is not on this machine: \(missing)")
            return nil
        }
        return DispatcherMaker(name: DispatchMethod.unitCommitment.rawValue) {
            UnitCommitment(options: .init(gap: gap, timeLimit: timeLimit))
        }
    }

    /// The caller's command runs in the working directory, that of the file in the file's folder. A word of
    /// the file's command that names a file there is an input of the run.
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
