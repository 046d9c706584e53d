import Grid
public import Scheduling
import Timeline

// An offer in bytes. Parts that a device does not have take no bytes.
extension Offer {
    /// Which parts follow, one bit each; and the role.
    private struct Parts: OptionSet {
        let rawValue: UInt16
        static let rating = Parts(rawValue: 1)
        static let reservoir = Parts(rawValue: 2)
        static let ramp = Parts(rawValue: 4)
        static let minimum = Parts(rawValue: 8)
        static let cycling = Parts(rawValue: 16)
        static let isOn = Parts(rawValue: 32)
        static let apparentPower = Parts(rawValue: 64)
        static let perActive = Parts(rawValue: 128)
        static let drain = Parts(rawValue: 256)
        static let required = Parts(rawValue: 512)
    }

    private static let roles: [Role] = [.source, .store, .load, .connection]

    private var parts: Parts {
        var parts = Parts()
        if rating != nil { parts.insert(.rating) }
        if let reservoir {
            parts.insert(.reservoir)
            if !reservoir.drain.isEmpty { parts.insert(.drain) }
            if !reservoir.required.isEmpty { parts.insert(.required) }
        }
        if ramp != nil { parts.insert(.ramp) }
        if minimumWhenOn != nil { parts.insert(.minimum) }
        if let cycling { parts.insert(cycling.isOn ? [.cycling, .isOn] : .cycling) }
        switch capability {
        case .apparentPower: parts.insert(.apparentPower)
        case .perActive: parts.insert(.perActive)
        case nil: break
        }
        return parts
    }

    /// Length in bytes: 64, 8 for each bound, price, drain and required content, 8 each for a rating, ramp,
    /// least power and reactive capability, 48 each for a store and start costs.
    public var byteCount: Int {
        let store = (reservoir?.drain.count ?? 0) + (reservoir?.required.count ?? 0)
        let series = lower.count + upper.count + cost.deliver.count + cost.absorb.count + store
        let single = [rating != nil, ramp != nil, minimumWhenOn != nil, capability != nil].count { $0 }
        let six = [reservoir != nil, cycling != nil].count { $0 }
        return 64 + 8 * (series + single) + 48 * six
    }

    /// Writes all its values.
    public func write(to bytes: inout ByteWriter) {
        bytes.write(UInt32(device.index))
        bytes.write(parts.rawValue)
        bytes.write(UInt16(Self.roles.firstIndex(of: role)!))
        bytes.write(horizon.start.secondsSinceEpoch)
        bytes.write(Int64(horizon.step))
        for count in [horizon.count, cost.deliver.count, cost.absorb.count, 0] { bytes.write(UInt32(count)) }
        bytes.write([cost.quadratic, cost.perHourOn, power.value])
        if let rating { bytes.write(rating.value) }
        if let ramp { bytes.write(ramp) }
        if let minimumWhenOn { bytes.write(minimumWhenOn.value) }
        switch capability {
        case .apparentPower(let size): bytes.write(size.value)
        case .perActive(let ratio): bytes.write(ratio)
        case nil: break
        }
        if let store = reservoir {
            bytes.write([store.stored.value, store.minimum.value, store.maximum.value])
            bytes.write([store.chargeEfficiency, store.dischargeEfficiency, store.selfDischarge])
        }
        if let unit = cycling {
            bytes.write([unit.minimumUp, unit.minimumDown, unit.hotStart, unit.coldStart])
            bytes.write([unit.coldAfter, unit.since])
        }
        bytes.write(lower.lazy.map(\.value))
        bytes.write(upper.lazy.map(\.value))
        bytes.write(cost.deliver.lazy.map(\.value))
        bytes.write(cost.absorb.lazy.map(\.value))
        bytes.write((reservoir?.drain ?? []).lazy.map(\.value))
        bytes.write((reservoir?.required ?? []).lazy.map(\.value))
    }

    /// Reads an offer; nil where its values contradict each other.
    public init?(from bytes: inout ByteReader) {
        guard let device = bytes.whole(UInt32.self), let flags = bytes.whole(UInt16.self),
            let roleNumber = bytes.whole(UInt16.self), Self.roles.indices.contains(Int(roleNumber)),
            let start = bytes.whole(Int64.self), start.magnitude < 1 << 48,
            let step = bytes.whole(Int64.self), (1..<1 << 32).contains(step),
            let steps = bytes.whole(UInt32.self).map({ Int($0) }),
            let delivers = bytes.whole(UInt32.self).map({ Int($0) }),
            let absorbs = bytes.whole(UInt32.self).map({ Int($0) }), bytes.whole(UInt32.self) == 0,
            [1, steps].contains(delivers), [1, steps].contains(absorbs),
            let costs = bytes.finite(count: 3)
        else { return nil }
        let parts = Parts(rawValue: flags)
        let role = Self.roles[Int(roleNumber)]
        let known: Parts = [
            .rating, .reservoir, .ramp, .minimum, .cycling, .isOn, .apparentPower, .perActive, .drain,
            .required,
        ]
        guard parts.isSubset(of: known), !parts.isSuperset(of: [.apparentPower, .perActive]),
            parts.contains(.cycling) || !parts.contains(.isOn),
            parts.contains(.reservoir) || parts.isDisjoint(with: [.drain, .required]),
            (role == .store) == parts.contains(.reservoir)
        else { return nil }
        func single(_ part: Parts) -> Double?? {
            guard parts.contains(part) else { return .some(nil) }
            return bytes.finite().map { .some($0) }
        }
        guard let rating = single(.rating), let ramp = single(.ramp), let minimum = single(.minimum),
            let size = single(.apparentPower), let ratio = single(.perActive)
        else { return nil }
        var reservoir: Reservoir?
        if parts.contains(.reservoir) {
            guard let store = Reservoir(from: &bytes) else { return nil }
            reservoir = store
        }
        var cycling: Cycling?
        if parts.contains(.cycling) {
            guard let unit = Cycling(isOn: parts.contains(.isOn), from: &bytes) else { return nil }
            cycling = unit
        }
        guard let lower = bytes.finite(count: steps), let upper = bytes.finite(count: steps),
            zip(lower, upper).allSatisfy({ $0 <= $1 }),
            let deliver = bytes.finite(count: delivers), let absorb = bytes.finite(count: absorbs),
            let drain = bytes.finite(count: parts.contains(.drain) ? steps : 0),
            let required = bytes.finite(count: parts.contains(.required) ? steps : 0)
        else { return nil }
        reservoir?.drain = drain.map { Energy($0) }
        reservoir?.required = required.map { Energy($0) }
        self.init(
            device: DeviceID(Int(device)), role: role,
            horizon: Horizon(start: Instant(secondsSinceEpoch: start), step: Int(step), count: steps),
            lower: lower.map { Power($0) }, upper: upper.map { Power($0) },
            cost: Cost(
                deliver: deliver.map { EnergyCost($0) }, absorb: absorb.map { EnergyCost($0) },
                quadratic: costs[0], perHourOn: costs[1]),
            rating: rating.map { Power($0) }, reservoir: reservoir, ramp: ramp, power: Power(costs[2]),
            minimumWhenOn: minimum.map { Power($0) }, cycling: cycling,
            capability: size.map { .apparentPower(ApparentPower($0)) } ?? ratio.map { .perActive($0) })
    }
}

extension Reservoir {
    fileprivate init?(from bytes: inout ByteReader) {
        guard let n = bytes.finite(count: 6), n[1] <= n[2], n[3] > 0, n[4] > 0 else { return nil }
        self.init(
            stored: Energy(n[0]), minimum: Energy(n[1]), maximum: Energy(n[2]), chargeEfficiency: n[3],
            dischargeEfficiency: n[4], selfDischarge: n[5])
    }
}

extension Cycling {
    fileprivate init?(isOn: Bool, from bytes: inout ByteReader) {
        let n = (0..<6).compactMap { _ in bytes.number() }
        // Times may be infinite, and none is below zero.
        guard n.count == 6, [n[0], n[1], n[4], n[5]].allSatisfy({ $0 >= 0 }), n[2].isFinite, n[3].isFinite
        else { return nil }
        self.init(
            minimumUp: n[0], minimumDown: n[1], hotStart: n[2], coldStart: n[3], coldAfter: n[4], isOn: isOn,
            since: n[5])
    }
}
