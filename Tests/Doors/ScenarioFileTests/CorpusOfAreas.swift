extension Corpus {
    /// `areas` and `ties` of the section `dispatch`; the network is 1-2-3.
    static let areas: [Spoilt] = [
        areas(
            "ties: {law: transport}", 71, "ties: ties join areas, but no areas are given; add the key 'areas'"
        ),
        areas("areas: [1, 2]", 72, "areas: found a list, expected a mapping (name: …)"),
        areas("areas: {all: [1, 2, 3]}", 72, "areas: found a mapping, expected at least two areas"),
        areas(
            "areas: {Hill: [3], valley: rest}", 73,
            "areas.Hill: 'Hill' is not a name; a name has small letters, digits and hyphens, begins with a letter and has at most 64 characters"
        ),
        areas(
            "areas: {hill: [4], valley: rest}", 80,
            "areas.hill[0]: no bus is called '4'; there are '1', '2', '3'"),
        areas(
            "areas: {hill: [3], valley: [2, 3, 1]}", 96, "areas.valley[1]: bus '3' is already in area 'hill'"),
        areas(
            "areas: {hill: [], valley: rest}", 79,
            "areas.hill: the list is empty; an area has at least one bus"),
        areas(
            "areas: {hill: rest, valley: rest}", 93,
            "areas.valley: only one area may be 'rest'; 'hill' is already"),
        areas(
            "areas: {hill: [3], vale: [1, 2], dale: rest}", 104,
            "areas.dale: no bus is left for the area 'rest'"),
        areas(
            "areas: {hill: [3], valley: [2]}", 72,
            "areas: bus '1' is in no area; write 'rest' instead of a list for one area"),
        areas("areas: {hill: 3, valley: rest}", 79, "areas.hill: '3' is not a list"),
        areas(
            "areas: {hill: [2], valley: rest}", 72,
            "areas: no branch inside 'valley' joins its buses '1' and '3'; put them in two areas"),
        areas(
            "areas: {hill: [3], valley: rest}, ties: {law: ohm}", 111,
            "ties.law: 'ohm' is not a flow law; allowed are transport, kirchhoff"),
        areas(
            "areas: {hill: [3], valley: rest}, ties: {limits: {1-2: 60 kW}}", 115,
            "ties.limits.1-2: no branch between areas is called '1-2'; there are '2-3'"),
        areas(
            "areas: {hill: [3], valley: rest}, ties: {limits: {2-3: 60}}", 120,
            "ties.limits.2-3: '60' has no unit; a power is written in kW, W, MW or GW, such as '60 kW'"),
        areas(
            "areas: {hill: [3], valley: rest}, ties: {limit: {2-3: 60 kW}}", 106,
            "ties: unknown key 'limit'; did you mean 'limits'?"),
    ]

    private static func areas(_ text: String, _ column: Int, _ mistake: String) -> Spoilt {
        Spoilt("replan: 1 h", "replan: 1 h, \(text)", "43:\(column): error: dispatch.\(mistake)")
    }
}
