import Agents

/// Link of a usual technique, with the source of its figures. Figures without a source are assumed: replace
/// them by your own where they matter.
public enum LinkPreset: String, CaseIterable, Sendable {
    /// Optical fibre.
    case fibre
    /// Local network.
    case lan
    /// Radio mesh of meters and controllers (Wi-SUN), a star of paths of 1 … 5 hops.
    case rfMesh = "rf-mesh"
    /// Narrow-band power-line communication (PRIME).
    case powerLine = "plc"
    /// LoRaWAN with a duty cycle of 1 %.
    case loRaWAN = "lorawan"
    /// Public mobile network of the fourth generation.
    case mobile4G = "4g"
    /// IEEE 2030.5 by polling: a client asks its server every 5 minutes.
    case poll2030 = "ieee-2030.5"

    /// A property of a link that a preset sets, by the name that scenarios use.
    public enum Figure: String, CaseIterable, Sendable {
        case latency, jitter, loss, rate, queue
    }

    /// The link.
    public var link: Link {
        switch self {
        case .fibre, .lan: Self.link(latency: 0.003, jitter: 0.007, loss: 1e-5, rate: 100e6)
        case .rfMesh: Self.link(latency: 0.190, jitter: 0.260, loss: 1e-5, rate: 50e3)
        case .powerLine: Self.link(latency: 0.1, jitter: 0.9, loss: 0.05, burst: 5, rate: 5400, queue: 10)
        case .loRaWAN: Self.link(latency: 1, jitter: 2, loss: 0.05, rate: 55, queue: 60)
        case .mobile4G: Self.link(latency: 0.030, jitter: 0.050, loss: 0.005, rate: 1e6)
        case .poll2030: Self.link(latency: 0, jitter: 300, loss: 0, rate: nil)
        }
    }

    private static func link(
        latency: Double, jitter: Double, loss: Double, burst: Double? = nil, rate: Double?, queue: Double = 2
    ) -> Link {
        Link(
            latency: VirtualTime(seconds: latency), jitter: .uniform(VirtualTime(seconds: jitter)),
            loss: burst.map { .bursts(mean: loss, length: $0) } ?? .independent(loss), keepsOrder: true,
            rate: rate, queue: VirtualTime(seconds: queue))
    }

    /// Figures without a source.
    public var assumed: [Figure] {
        switch self {
        case .fibre, .lan: [.loss, .queue]
        case .rfMesh: [.rate, .queue]
        case .powerLine: [.latency, .jitter, .loss, .queue]
        case .loRaWAN: [.latency, .jitter, .loss, .queue]
        case .mobile4G: [.latency, .jitter, .loss, .rate, .queue]
        case .poll2030: []
        }
    }

    /// Source of the other figures; nil: there is none.
    public var source: String? {
        switch self {
        case .fibre, .lan:
            "transfer time classes of IEC 61850-5 (a quarter, a half and one cycle), as given in ABB's REX640 guide"
        case .rfMesh:
            "Texas Instruments SWRA714A, 100 nodes: round trips of 373 ms over 1 hop to 899 ms over 5 hops"
        case .powerLine: "data rates of PRIME, 5.4 to 128 kbit/s; the lowest is taken"
        case .loRaWAN:
            "LoRaWAN regional parameters: 5.5 kbit/s at a duty cycle of 1 %, that is 55 bit/s in the mean"
        case .mobile4G: nil
        case .poll2030: "polling every 5 minutes, as in SA Power Networks' dynamic exports handbook"
        }
    }
}
