public import Grid
public import TextFile
public import Timeline

/// The powers of a case's own loads and generators over many steps, as fractions of those in the case.
public struct CaseProfiles: Hashable, Sendable {
    /// Local time at which the first step begins.
    public let start: CivilTime
    /// Length of a step, s.
    public let step: Int
    /// The time of each step, as its file writes it.
    public let labels: [String]
    /// The profiles that are used, one fraction a step.
    public let shapes: [[Double]]
    /// Place in `shapes` of each load of the case, of its active power; nil: constant.
    public let loadsActive: [Int?]
    /// As `loadsActive`, of its reactive power.
    public let loadsReactive: [Int?]
    /// Place in `shapes` of each generator, of its active power; nil: constant.
    public let generators: [Int?]

    /// Number of steps.
    public var steps: Int { labels.count }

    /// Reads the profiles of a folder of SimBench tables: `LoadProfile`, `RESProfile`, `PowerPlantProfile` and
    /// `StorageProfile`, by the column `profile` of `Load`, `RES`, `PowerPlant` and `Storage`. They multiply
    /// active powers, of loads also the reactive ones, as SimBench's own tool does. Throws all mistakes at
    /// once, also where no element of the folder has a profile.
    /// - Parameter networkCase: the case that was read from the same folder.
    public static func simbench(folder: String, for networkCase: NetworkCase) throws(FileMistakes)
        -> CaseProfiles
    {
        var reader = SimbenchProfileReader(folder: folder)
        let loads = reader.columns(of: [("Load", ["LoadProfile"]), ("Storage", ["StorageProfile"])])
        let plants = reader.columns(of: [
            ("RES", ["RESProfile", "PowerPlantProfile"]),
            ("PowerPlant", ["RESProfile", "PowerPlantProfile"]),
        ])
        guard reader.mistakes.isEmpty else { throw FileMistakes(reader.mistakes) }
        guard let time = reader.time else {
            let message = "no load or plant of these tables has a profile"
            throw FileMistakes([FileMistake(file: folder, message: message)])
        }
        return CaseProfiles(
            start: time.start, step: time.step, labels: time.labels, shapes: reader.shapes,
            loadsActive: networkCase.loads.map { loads[$0.name]?.active },
            loadsReactive: networkCase.loads.map { loads[$0.name]?.reactive },
            generators: networkCase.generators.map { plants[$0.name]?.active })
    }
}
