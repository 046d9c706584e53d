import Foundation
import TestSupport

/// A text for people, and the commands in it.
struct Document {
    /// From the root, such as `docs/dispatch.md`.
    let name: String
    /// Lines inside fences.
    private var fenced: [(number: Int, text: String, fence: Int)] = []
    /// Text outside of fences, line by line.
    private var prose: [String] = []

    /// Every document that shows commands.
    static let names: [String] = {
        let docs =
            (try? FileManager.default.contentsOfDirectory(
                atPath: Checkout.root.appending(path: "docs").path)) ?? []
        let top = ["README.md", "CONTRIBUTING.md"].filter {
            FileManager.default.fileExists(atPath: Checkout.root.appending(path: $0).path)
        }
        return top + docs.filter { $0.hasSuffix(".md") }.sorted().map { "docs/\($0)" }
    }()

    init(_ name: String) throws {
        self.name = name
        let text = try String(contentsOf: Checkout.root.appending(path: name), encoding: .utf8)
        var (fence, isInside) = (0, false)
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line.drop(while: { $0 == " " }).hasPrefix("```") {
                isInside.toggle()
                fence += 1
            } else if isInside {
                fenced.append((index + 1, String(line), fence))
            } else {
                prose.append(String(line))
            }
        }
    }

    struct Command {
        let place: String
        /// For the shell.
        let line: String
    }

    /// `karst …` lines of the fences, with the variables that are set above them. What follows two spaces is
    /// a comment.
    var commands: [Command] {
        var variables: [Int: [String]] = [:]
        return fenced.compactMap { number, text, fence in
            let line = text.replacing(#/ {2,}.*$/#, with: "")
            if line.prefixMatch(of: /[A-Z]+=\S+$/) != nil { variables[fence, default: []].append(line) }
            guard let match = line.wholeMatch(of: /(\S*\/)?(karst .*)/) else { return nil }
            let before = variables[fence, default: []].map { $0 + "; " }.joined()
            return Command(place: "\(name):\(number)", line: before + String(match.2))
        }
    }

    /// `karst …` in the running text.
    var mentions: [String] { inline(/`(?:\S*\/)?(karst [^`]+)`/) }

    /// Targets of `make …` in fences and in the running text.
    var targets: [String] {
        let lines = fenced.compactMap { _, text, _ in
            text.prefixMatch(of: #/make ([a-z][a-z-]*)/#).map { String($0.1) }
        }
        return lines + inline(/`make ([a-z][a-z-]*)[^`]*`/)
    }

    private func inline(_ pattern: Regex<(Substring, Substring)>) -> [String] {
        prose.joined(separator: "\n").matches(of: pattern).map { $0.1.replacing("\n", with: " ") }
            .map { String($0) }
    }
}
