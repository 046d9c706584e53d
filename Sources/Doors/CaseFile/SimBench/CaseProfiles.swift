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

    /// Row of each step after `start` by the clock.
    let rows: [Int]

    /// Number of steps.
    public var steps: Int { labels.count }

    /// The step of a local time: of the same month, day and clock time in the year in which the profiles
    /// begin; they begin again after their last step. 29 February is the 28th where that year has none.
    public func step(at time: CivilTime) -> Int {
        let year = start.date.year
        let (month, day) = (time.date.month, time.date.day)
        let date =
            CivilDate(year: year, month: month, day: day)
            ?? CivilDate(year: year, month: month, day: day - 1) ?? start.date
        let same = CivilTime(date: date, secondOfDay: time.secondOfDay).instant(offset: 0)
        let passed = Double(same.seconds(since: start.instant(offset: 0)))
        let place = Int((passed / Double(step)).rounded(.down)) % rows.count
        return rows[place < 0 ? place + rows.count : place]
    }

    /// Reads the profiles of a folder of SimBench tables: `LoadProfile`, `RESProfile`, `PowerPlantProfile`
    /// and `StorageProfile`, by the column `profile` of `Load`, `RES`, `PowerPlant` and `Storage`. They
    /// multiply active powers, of loads also the reactive ones, as SimBench's own tool does. Throws all
    /// mistakes at once, also where no element of the folder has a profile.
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
            generators: networkCase.generators.map { plants[$0.name]?.active }, rows: time.rows)
    }
}
