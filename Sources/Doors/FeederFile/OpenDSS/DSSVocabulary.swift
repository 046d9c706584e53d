/// The commands and options of the language, in the order in which a beginning of a name finds them.
enum DSSVocabulary {
    /// What a command does here.
    enum Effect: Hashable {
        /// It is carried out.
        case read
        /// It cannot change the feeder's state, and is read past.
        case none
        /// It can change the feeder, and is refused.
        case refused
    }

    /// The command `name`, given in full or by its beginning; nil if there is none.
    static func command(_ name: String) -> (name: String, effect: Effect)? { find(name, in: commands) }

    /// The option `name`, given in full or by its beginning; nil if there is none.
    static func option(_ name: String) -> (name: String, effect: Effect)? { find(name, in: options) }

    /// Names of the commands that are carried out or read past.
    static let known = commands.filter { $0.effect != .refused }.map(\.name)

    /// Names of the options.
    static let optionNames = options.map(\.name)

    private static func find(
        _ name: String, in list: [(name: String, effect: Effect)]
    ) -> (name: String, effect: Effect)? {
        let name = name.lowercased()
        guard !name.isEmpty else { return nil }
        return list.first { $0.name == name } ?? list.first { $0.name.hasPrefix(name) }
    }

    private static func parse(_ text: String) -> [(name: String, effect: Effect)] {
        text.split(separator: " ").map { word in
            switch word.first {
            case "-": (String(word.dropFirst()), .none)
            case "!": (String(word.dropFirst()), .refused)
            default: (String(word), .read)
            }
        }
    }

    private static let commands = parse(
        "new edit more m ~ select -save -show solve enable disable -plot -reset compile set -dump open close "
            + "// redirect -help -quit -? -next -panel -sample clear -about -calcvoltagebases -setkvbase "
            + "-buildy -get -init -export -fileedit -voltages -currents -powers -seqvoltages -seqcurrents "
            + "-seqpowers -losses -phaselosses -cktlosses !allocateloads -formedit -totals -capacity -classes "
            + "-userclasses -zsc -zsc10 -zscrefresh -ysc -puvoltages -varvalues -varnames -buscoords "
            + "-makebuslist !makeposseq !reduce -interpolate -alignfile -top !rotate -vdiff -summary !distribute "
            + "-di_plot -comparecases -yearlycurves !cd -visualize -closedi -doscmd !estimate !reconductor "
            + "!_initsnap !_solvenocontrol !_samplecontrols !_docontrolactions -_showcontrolqueue "
            + "!_solvedirect !_solvepflow -addbusmarker -uuids !setloadandgenkv !cvrtloadshapes -nodediff "
            + "!rephase -setbusxy -updatestorage -obfuscate -latlongcoords batchedit -pstcalc -variable "
            + "-reprocessbuses -clearbusmarkers -relcalc var -cleanup -finishtimestep -nodelist !connect "
            + "!disconnect !remove -calcincmatrix -calcincmatrix_o -refine_buslevels -calclaplacian "
            + "-exportoverloads -exportvviolations -zsc012 -allpceatbus -allpdeatbus -totalpowers -giscoords "
            + "clearall -comhelp !newactor -wait !solveall -abort !clone")

    /// Those that are carried out have a value that the model needs; the others steer solutions, reports and
    /// drawings.
    private static let options = parse(
        "-type -element -hour -sec year frequency -stepsize mode -random -number -time -class -object -circuit "
            + "-editor -tolerance -maxiterations -h loadmodel loadmult -normvminpu -normvmaxpu -emergvminpu "
            + "-emergvmaxpu -%mean -%stddev !ldcurve %growth -genkw -genpf -capkvar -addtype allowduplicates "
            + "-zonelock -ueweight -lossweight -ueregs -lossregs voltagebases -algorithm -trapezoidal "
            + "-autobuslist controlmode -tracecontrol genmult defaultdaily defaultyearly allocationfactors "
            + "cktmodel -pricesignal -pricecurve -terminal basefrequency -harmonics -maxcontroliter -bus "
            + "!datapath -keeplist -reduceoption -demandinterval -%normal -diverbose -casename -markercode "
            + "-nodewidth -log -recorder -overloadreport -voltexceptionreport cfactors -showexport "
            + "-numallociterations defaultbasefrequency -markswitches -switchmarkercode -daisysize "
            + "-marktransformers -transmarkercode -transmarkersize -loadshapeclass earthmodel -querylog "
            + "-markcapacitors -markregulators -markpvsystems -markstorage -capmarkercode -regmarkercode "
            + "-pvmarkercode -storemarkercode -capmarkersize -regmarkersize -pvmarkersize -storemarkersize "
            + "-neglectloady -markfuses -fusemarkercode -fusemarkersize -markreclosers -reclosermarkercode "
            + "-reclosermarkersize -registryupdate -markrelays -relaymarkercode -relaymarkersize -processtime "
            + "-totaltime -steptime -sampleenergymeters -miniterations -dssvisualizationtool -keepload -zmag "
            + "-seasonrating -seasonsignal -linetypes -eventlogdefault longlinecorrection -showreports -numcpus "
            + "-numcores -numactors -activeactor -cpu -actorprogress -parallel -concatenatereports -numanodes"
    )
}
