import TextFile

/// Reads the statements of a MATPOWER case file (a part of the MATLAB language) one after another and carries
/// them out: assignments to the fields of `mpc`, whole or in part, and to names; `if` and `for`. Nothing else
/// is ever run: what has no effect on the case is passed over, everything else is refused with its place, and
/// reading goes on behind it.
struct MatpowerReader {
    /// How a run of statements ended; what ended it has been read.
    enum Ending { case file, end, elseBranch, elseIfBranch, returned }

    var scanner: MatpowerScanner
    var mistakes: MistakeList
    /// Of names, and of the fields of the case, whose names begin with a point here.
    var values: [String: MatpowerMatrix] = ["nargin": MatpowerMatrix(0), "nargout": MatpowerMatrix(1)]
    var version: String?
    /// What the file calls the case.
    private(set) var structure = "mpc"
    /// Whether blanks and line ends part elements.
    var isInMatrix = false
    var depth = 0
    /// How many statements stand around the next one.
    var nesting = 0
    /// What `end` means within an index.
    var extent: Int?
    /// Fields of which a warning has been given.
    var toldFields: Set<String> = []
    private var hasHeader = false
    /// Statements and elements so far, of which a loop may ask for any number.
    private var work = 0
    private let mostWork: Int

    static let mostElements = 20_000_000

    init(_ bytes: UnsafeBufferPointer<UInt8>, file: String) {
        scanner = MatpowerScanner(bytes: bytes)
        mostWork = 50_000_000 + 10 * bytes.count
        mistakes = MistakeList(file: file)
        if scanner.starts(with: "\u{FEFF}") { scanner.at = 3 }
    }

    /// Reads the whole file. Functions behind the first one run only where that one calls them, which it may
    /// not; so they are left out.
    mutating func read() {
        while true {
            let start = scanner.at
            switch run() {
            case .file: return
            case .end where hasHeader:
                scanner.skipToStatement()
                if scanner.byte != nil, !startsFunction {
                    tell(refusal("a statement stands behind the end of the function"))
                }
                return
            case .returned:
                scanner.skipStatement(wholeLine: true)
                scanner.skipToStatement()
                if scanner.byte != nil, !startsFunction, !startsWord("end") {
                    warn("what stands behind `return` is not carried out", at: scanner.at)
                }
                return
            case .end, .elseBranch, .elseIfBranch:
                tell(
                    refusal("there is no `if` or `for` to which this belongs", at: max(start, scanner.at - 3))
                )
                scanner.skipStatement(wholeLine: true)
            }
        }
    }

    /// Carries out statements up to the end of their block.
    mutating func run() -> Ending {
        while true {
            scanner.skipToStatement()
            guard scanner.byte != nil else { return .file }
            let start = scanner.at
            switch scanner.word() {
            case "end", "endif", "endfor", "endfunction", "end_function": return .end
            case "else": return .elseBranch
            case "elseif": return .elseIfBranch
            case "return": return .returned
            case "function" where hasHeader || values.keys.contains { $0.hasPrefix(".") }:
                scanner.at = scanner.bytes.count
                return .file
            default: scanner.at = start
            }
            do {
                if try statement() == .returned { return .returned }
                try endStatement()
            } catch {
                tell(error)
                (isInMatrix, depth, extent) = (false, 0, nil)
                if let resume = error.resume {
                    scanner.at = resume
                } else {
                    scanner.skipStatement(wholeLine: true)
                }
            }
        }
    }

    mutating func tell(_ refusal: MatpowerRefusal) {
        let bytes = scanner.bytes
        mistakes.add(refusal.message, at: lineAndColumn(of: refusal.offset, in: bytes))
    }

    mutating func warn(_ message: String, at offset: Int) {
        let bytes = scanner.bytes
        mistakes.warn(message, at: lineAndColumn(of: offset, in: bytes))
    }

    /// The value of a field of the case.
    func field(_ name: String) -> MatpowerMatrix? { values["." + name] }

    func startsWord(_ word: String) -> Bool {
        var ahead = scanner
        return ahead.word() == word
    }

    private var startsFunction: Bool { startsWord("function") }

    /// Carries out one statement; says whether it was a block with a `return`.
    private mutating func statement() throws(MatpowerRefusal) -> Ending? {
        try spend(1)
        let start = scanner.at
        if scanner.byte == UInt8(ascii: "[") {
            try assignList()
            return nil
        }
        switch scanner.word() {
        case structure: try assignCase(start)
        case "function": try header(start)
        case "define_constants":
            for list in MatpowerNames.lists.values {
                for entry in list { values[entry.name] = MatpowerMatrix(entry.value) }
            }
        case "if": return try condition(start)
        case "for": return try loop(start)
        case let word? where MatpowerNames.refusedBlocks.contains(word):
            try skipRest(of: start)
            throw refusal(
                "`\(word)` is not carried out; MATPOWER's savecase writes the case in numbers", at: start)
        case let word? where MatpowerNames.idle.contains(word): scanner.skipStatement()
        case "error":
            throw refusal("the file ends itself with an error here", at: start)
        case let name?: try assignName(name, start)
        case nil: throw refusal("a statement is expected; found \(scanner.found)")
        }
        return nil
    }

    private mutating func endStatement() throws(MatpowerRefusal) {
        skipBlanks()
        guard scanner.isAtLineEnd || scanner.take(";") || scanner.take(",") else {
            throw refusal("the end of the statement is expected; found \(scanner.found)")
        }
    }

    /// Counts statements and elements, of which there is a limit.
    mutating func spend(_ amount: Int) throws(MatpowerRefusal) {
        work += amount
        guard work <= mostWork else {
            throw refusal("the file asks for more than \(mostWork) operations")
        }
    }

    /// `function mpc = NAME` or `function [mpc] = NAME`, either with arguments, which are never given.
    private mutating func header(_ start: Int) throws(MatpowerRefusal) {
        skipBlanks()
        let isList = scanner.take("[")
        skipBlanks()
        guard let name = scanner.word() else { throw refusal("a name is expected; found \(scanner.found)") }
        skipBlanks()
        if isList, !scanner.take("]") {
            scanner.at = scanner.bytes.count
            throw refusal(
                "this is a case of version 1; only version 2 can be read (MATPOWER's savecase writes it)",
                at: start)
        }
        try take("=")
        skipBlanks()
        guard scanner.word() != nil else { throw refusal("a name is expected; found \(scanner.found)") }
        skipBlanks()
        if scanner.byte == UInt8(ascii: "(") {
            while !scanner.isAtLineEnd, scanner.byte != UInt8(ascii: ")") { scanner.at += 1 }
            try take(")")
        }
        structure = name
        hasHeader = true
    }

    /// Blanks part elements within a matrix, but for an operator behind them that can only join two values;
    /// elsewhere they mean nothing.
    mutating func skipBlanks() {
        guard isInMatrix else { return scanner.skipBlanks() }
        if let ahead = scanner.atJoiningOperator { scanner.at = ahead }
    }

    mutating func take(_ mark: StaticString) throws(MatpowerRefusal) {
        skipBlanks()
        guard scanner.take(mark) else { throw refusal("'\(mark)' is expected; found \(scanner.found)") }
    }

    func refusal(_ message: String, at offset: Int? = nil) -> MatpowerRefusal {
        MatpowerRefusal(offset: offset ?? scanner.at, message: message)
    }
}
