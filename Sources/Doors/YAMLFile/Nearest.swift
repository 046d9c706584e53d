/// The candidate that `word` is most likely a misspelling of: at most a third of its letters differ. The
/// first of equally near ones; nil if none is near.
func nearest(_ word: String, in candidates: some Sequence<String>) -> String? {
    let letters = Array(word.lowercased().unicodeScalars.prefix(64))
    var best: (word: String, distance: Int)?
    for candidate in candidates where candidate != word {
        let distance = editDistance(letters, Array(candidate.lowercased().unicodeScalars.prefix(64)))
        guard distance <= max(1, max(letters.count, candidate.unicodeScalars.count) / 3),
            distance < letters.count
        else { continue }
        if best == nil || distance < best!.distance { best = (candidate, distance) }
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
/// distance).
private func editDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for i in a.indices {
        var row = [i + 1]
        for j in b.indices {
            var cost = min(row[j] + 1, last[j + 1] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
            if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, beforeLast[j - 1] + 1) }
            row.append(cost)
        }
        (beforeLast, last) = (last, row)
    }
    return last[b.count]
}
