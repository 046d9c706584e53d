import Devices
public import Grid
import Market
public import Scheduling
import Timeline

/// What local checks notice in one step: a meter that contradicts what its device said and was asked, or
/// meters that contradict each other. Lies about prices contradict nothing.
public struct Contradiction: Hashable, Sendable {
    /// The device; nil where only the sum of all meters is wrong.
    public let device: DeviceID?
    /// What the meter counted, as a mean over the step: power given to the network; of all meters together
    /// what was given less what was taken.
    public let metered: Power
    /// What it should have counted: of all meters together the losses.
    public let expected: Power
}

/// The checks. A device is expected to do what its setpoint asks for, with the potential that it states; the
/// meters together, to count the losses.
struct LocalChecks {
    /// Accuracy of a meter: class 0.5 of IEC 62053-22.
    private static let accuracy = 0.005
    /// Smallest difference that is looked at, W.
    private static let least = 50.0
    /// How well the losses are known.
    private static let lossAccuracy = 0.2

    /// Devices whose meter does not count what they should do. `stated` is the potential that each states,
    /// `powers` what they do before the plant keeps the exchange, as their meters count it.
    static func devices(
        _ plant: Plant, stated: [Power], asked setpoints: [Setpoint?], metered powers: [Power],
        at step: Int
    ) -> [Contradiction] {
        plant.devices.indices.compactMap { index in
            guard index != plant.connection else { return nil }
            let expected = plant.devices[index].follow(
                setpoints[index]?.power, potential: stated[index], state: plant.before[index], at: step,
                hours: plant.stepHours
            ).power
            let (found, wanted) = (powers[index].value, expected.value)
            guard abs(found - wanted) > least + accuracy * max(abs(found), abs(wanted)) else { return nil }
            return Contradiction(
                device: DeviceID(index), metered: powers[index], expected: expected)
        }
    }

    /// Whether the meters of all devices together count the losses; nil where they do.
    static func balance(
        _ readings: some Sequence<Reading>, losses: Power, over interval: Interval
    ) -> Contradiction? {
        var (given, taken, meters) = (0.0, 0.0, 0.0)
        for reading in readings {
            given += Double(reading.given.count)
            taken += Double(reading.taken.count)
            meters += 1
        }
        let difference = (given - taken) / interval.hours
        // A register counts whole watt-hours.
        let allowed =
            meters / interval.hours + least + accuracy * max(given, taken) / interval.hours
            + lossAccuracy * abs(losses.value)
        guard abs(difference - losses.value) > allowed else { return nil }
        return Contradiction(device: nil, metered: Power(difference), expected: losses)
    }
}
