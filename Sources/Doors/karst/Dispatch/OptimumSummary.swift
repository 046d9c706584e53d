import Grid

/// An optimal power flow as text for the terminal: the case and how the search ended, then either the optimum
/// or what is missing for one.
protocol OptimumSummary {
    var networkCase: NetworkCase { get }
    /// Status and iterations.
    var ending: String { get }
    var isOptimal: Bool { get }
    /// Lines of text.
    var missing: [String] { get }
    var totals: [String] { get }
    var prices: [String] { get }
    var limits: [String] { get }
}

extension OptimumSummary {
    var network: Network { networkCase.network }

    var text: String {
        let heading =
            "\(networkCase.name) · \(network.buses.count) buses, \(networkCase.generators.count) generators · "
            + ending
        let lines = isOptimal ? [""] + totals + [""] + prices + limits : missing
        return ([heading] + lines).joined(separator: "\n")
    }
}
