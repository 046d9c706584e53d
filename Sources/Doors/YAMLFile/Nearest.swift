import TextFile

/// The candidate that `word` is most likely a misspelling of: at most a third of its letters differ. The
/// first of equally near ones; nil if none is near.
func nearest(_ word: String, in candidates: some Sequence<String>) -> String? {
    let letters = Array(word.lowercased().unicodeScalars.prefix(64))
    var best: (word: String, distance: Int)?
    for candidate in candidates where candidate != word {
        let other = Array(candidate.lowercased().unicodeScalars.prefix(64))
        let most = min(
            max(1, max(letters.count, other.count) / 3), letters.count - 1, (best?.distance ?? 65) - 1)
        guard let distance = editDistance(letters, other, atMost: most) else { continue }
        best = (candidate, distance)
    }
    return best?.word
}

/// `; did you mean 'x'?` for the candidate nearest to `word`; empty if none is near.
public func suggestion(_ word: String, in candidates: some Sequence<String>) -> String {
    nearest(word, in: candidates).map { "; did you mean \(quoted($0))?" } ?? ""
}

/// `; did you mean 'x'?`, or the full list of names if there are at most twelve.
public func hint(_ word: String, among known: [String]) -> String {
    let suggestion = suggestion(word, in: known)
    guard suggestion.isEmpty, known.count <= 12 else { return suggestion }
    return known.isEmpty
        ? "; none is defined" : "; there are \(known.map { quoted($0) }.joined(separator: ", "))"
}

/// The number of letters inserted, deleted, changed or swapped with their neighbour (optimal string alignment
/// distance); nil if it is more than `most`.
private func editDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar], atMost most: Int) -> Int? {
    guard most >= 0, abs(a.count - b.count) <= most else { return nil }
    let start = zip(a, b).prefix { $0 == $1 }.count
    let end = zip(a[start...].reversed(), b[start...].reversed()).prefix { $0 == $1 }.count
    let (a, b) = (Array(a[start..<a.count - end]), Array(b[start..<b.count - end]))
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    var row = last
    for i in a.indices {
        row[0] = i + 1
        var least = row[0]
        for j in b.indices {
            var cost = min(row[j] + 1, last[j + 1] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
            if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, beforeLast[j - 1] + 1) }
            row[j + 1] = cost
            least = min(least, cost)
        }
        // A swap reaches back two rows, at a cost of one.
        if least > most + 1 { return nil }
        (beforeLast, last, row) = (last, row, beforeLast.isEmpty ? last : beforeLast)
    }
    return last[b.count] <= most ? last[b.count] : nil
}
