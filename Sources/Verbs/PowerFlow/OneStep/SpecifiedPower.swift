import Grid
import Lanes
import LinearAlgebra

/// What devices inject, by position in the live network, p.u.; one a worker.
final class SpecifiedPower {
    let constant: UnsafeMutableBufferPointer<Complex>
    /// Given at 1 p.u., in proportion to |v| and |v|²; empty where nothing is.
    private(set) var currents: [Complex] = []
    private(set) var impedances: [Complex] = []

    init(count: Int) { constant = .filled(count, with: .zero) }

    deinit { constant.deallocate() }

    func read(_ injections: Injections, _ live: LiveNetwork, basePower: Double) {
        func value(_ active: [Power], _ reactive: [ReactivePower], _ bus: Int) -> Complex {
            Complex(active[bus].value / basePower, reactive[bus].value / basePower)
        }
        for (position, bus) in live.buses.enumerated() {
            constant[position] = value(injections.active, injections.reactive, bus)
        }
        currents = []
        impedances = []
        guard injections.constantCurrent != nil || injections.constantImpedance != nil else { return }
        func values(_ part: Injections.VoltageDependent?) -> [Complex] {
            live.buses.map { bus in part.map { value($0.active, $0.reactive, bus) } ?? .zero }
        }
        currents = values(injections.constantCurrent)
        impedances = values(injections.constantImpedance)
    }

    /// At a voltage.
    func power(at position: Int, _ voltage: Complex) -> Complex {
        guard !currents.isEmpty else { return constant[position] }
        let square = voltage.squared
        return constant[position] + currents[position] * square.squareRoot() + impedances[position] * square
    }
}
