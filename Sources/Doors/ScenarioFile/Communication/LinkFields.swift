import Agents
import Messaging
import YAMLFile

/// The keys of a communication link. What is left out comes from the preset, else from `base`.
struct LinkFields {
    let link: Link

    init?(_ section: Mapping, base: Link) {
        let preset = section.optional("preset").map { $0.choice("a preset", of: LinkPreset.self) }
        if let preset, let known = preset { Self.warn(of: known, section) }
        var link = preset.flatMap { $0?.link } ?? base
        let day = Bounds(0...86_400)
        let latency = section.quantity(
            "latency", .duration, in: day, default: Double(link.latency.nanoseconds) / 1e9)
        let jitter = section.optional("jitter").map(Self.jitter) ?? link.jitter
        let loss = Self.loss(section, link.loss)
        let duplication = section.quantity(
            "duplication", .fraction, in: Bounds(0...1), default: link.duplication)
        let keepsOrder =
            section.optional("order").map { $0.choice("an order", [("kept", true), ("free", false)]) }
            ?? link.keepsOrder
        let rate = section.optional("rate").map { $0.quantity(.dataRate, in: Bounds(1...1e12)) } ?? link.rate
        let queue = section.quantity(
            "queue", .duration, in: day, default: Double(link.queue.nanoseconds) / 1e9)
        guard let latency, let jitter, let loss, let duplication, let keepsOrder, let queue,
            preset.map({ $0 != nil }) ?? true, section.optional("rate") == nil || rate != nil
        else { return nil }
        link.latency = VirtualTime(seconds: latency)
        link.jitter = jitter
        link.loss = loss
        link.duplication = duplication
        link.keepsOrder = keepsOrder
        link.rate = rate
        link.queue = VirtualTime(seconds: queue)
        self.link = link
    }

    /// A width, or a log-normal distribution by its median and 95th percentile.
    private static func jitter(_ field: Field) -> Link.Jitter? {
        let day = Bounds(0...86_400)
        if field.isText {
            return field.quantity(.duration, in: day).map { .uniform(VirtualTime(seconds: $0)) }
        }
        return field.mapping { section in
            let median = section.quantity("median", .duration, in: Bounds(1e-6...86_400))
            let high = section.quantity("p95", .duration, in: day)
            guard let median, let high else { return nil }
            guard high > median else {
                section.field.mistake("p95, the 95th percentile, must be greater than the median")
                return nil
            }
            return .logNormal(median: VirtualTime(seconds: median), percentile95: VirtualTime(seconds: high))
        }
    }

    /// `loss` alone, or with `burst`, the mean number of messages lost in a row.
    private static func loss(_ section: Mapping, _ base: Link.Loss) -> Link.Loss? {
        let share = section.quantity("loss", .fraction, in: Bounds(0...1), default: base.mean)
        guard let field = section.optional("burst") else {
            return share.map { section.optional("loss") == nil ? base : .independent($0) }
        }
        let length = field.number(in: 1...1e6)
        guard let share, let length else { return nil }
        guard share < 1, length >= share / (1 - share) else {
            field.mistake(
                "with a loss of \(shortDecimal(share * 100)) % a burst is on average longer than "
                    + "\(shortDecimal(length)) messages")
            return nil
        }
        return .bursts(mean: share, length: length)
    }

    /// Says which figures of a preset have no source, as far as the file does not replace them.
    private static func warn(of preset: LinkPreset, _ section: Mapping) {
        let assumed = preset.assumed.map(\.rawValue).filter { section.text(at: [$0]) == nil }
        guard !assumed.isEmpty, let field = section.optional("preset") else { return }
        let source = preset.source.map { "; the source of the others: \($0)" } ?? ""
        field.warning(
            "the preset \(preset.rawValue) assumes \(assumed.joined(separator: ", ")) without a source\(source)"
        )
    }
}
