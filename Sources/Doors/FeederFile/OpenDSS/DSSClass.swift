/// A class of the language: the properties that its objects have, in the order in which values without a name
/// are taken.
struct DSSClass: Hashable, Sendable {
    /// What a property means for the voltages.
    enum Effect: Hashable, Sendable {
        /// It is read.
        case read
        /// It cannot change a voltage, and is read past.
        case none
        /// It can change voltages, and is not read: to set it is a mistake.
        case refused
    }

    /// The name as people write it.
    let name: String
    /// Names of the properties, as people write them.
    let properties: [String]
    /// What each property means.
    let effects: [Effect]
    private let lowercased: [String]
    private let indices: [String: Int]

    /// A class whose properties stand in `text`, in order, with `-` before those without an effect on
    /// voltages and `?` before those that are refused.
    init(_ name: String, _ text: String) {
        self.name = name
        let words = text.split(separator: " ").map(String.init)
        properties = words.map { $0.hasPrefix("-") || $0.hasPrefix("?") ? String($0.dropFirst()) : $0 }
        effects = words.map { $0.hasPrefix("-") ? .none : $0.hasPrefix("?") ? .refused : .read }
        lowercased = properties.map { $0.lowercased() }
        indices = Dictionary(zip(lowercased, properties.indices)) { first, _ in first }
    }

    /// The property `name`, given in full or, where no property is called so, by its beginning: then the
    /// first that begins so. Lower case; nil if there is none.
    func property(_ name: String) -> Int? {
        if let index = indices[name] { return index }
        guard !name.isEmpty else { return nil }
        return lowercased.firstIndex { $0.hasPrefix(name) }
    }

    /// Names of the properties that are read.
    var readNames: [String] { zip(properties, effects).filter { $1 == .read }.map(\.0) }

    /// Whether the objects are parts of the circuit, and not what parts refer to.
    var isElement: Bool { properties.contains("Enabled") }

    /// Whether a property says where an element is connected: to be `like` another does not repeat it.
    func isBus(_ property: Int) -> Bool {
        ["bus1", "bus2", "buses"].contains(lowercased[property])
            || lowercased[property] == "bus" && indices["buses"] != nil
    }

    /// The lower-case name of a property.
    func key(_ property: Int) -> String { lowercased[property] }
}

extension DSSClass {
    /// The classes that are read, by their lower-case names.
    static let all = Dictionary(uniqueKeysWithValues: list.map { ($0.name.lowercased(), $0) })

    /// Classes whose objects cannot change a voltage: they measure or record, or hold what nothing read here
    /// uses.
    static let withoutEffect: Set<String> = [
        "monitor", "energymeter", "sensor", "spectrum", "growthshape", "tcc_curve", "priceshape", "tshape",
        "feeder", "fmonitor", "noisecurve",
    ]

    /// Protection, which stays closed: it opens in faults, which are not solved here.
    static let protection: Set<String> = ["fuse", "relay", "recloser"]

    /// What every element ends with: ratings and reliability without an effect, then the last two.
    private static let rated = "-NormAmps -EmergAmps -FaultRate -pctPerm -Repair -BaseFreq Enabled Like"

    private static let list: [DSSClass] = [
        DSSClass(
            "Vsource",
            "Bus1 BasekV pu Angle ?Frequency Phases MVASC3 MVASC1 X1R1 X0R0 Isc3 Isc1 R1 X1 R0 X0 "
                + "-ScanType ?Sequence ?Bus2 Z1 Z0 ?Z2 puZ1 puZ0 ?puZ2 BaseMVA ?Yearly ?Daily ?Duty ?Model "
                + "?puZIdeal -Spectrum -BaseFreq Enabled Like"),
        DSSClass(
            "Line",
            "Bus1 Bus2 LineCode Length Phases R1 X1 R0 X0 C1 C0 RMatrix XMatrix CMatrix Switch Rg Xg rho "
                + "Geometry Units Spacing Wires EarthModel CNCables TSCables B1 B0 -Seasons -Ratings -LineType "
                + "NormAmps -EmergAmps -FaultRate -pctPerm -Repair BaseFreq Enabled Like"),
        DSSClass(
            "LineCode",
            "NPhases R1 X1 R0 X0 C1 C0 Units RMatrix XMatrix CMatrix BaseFreq NormAmps -EmergAmps "
                + "-FaultRate -PctPerm -Repair Kron Rg Xg rho Neutral B1 B0 -Seasons -Ratings -LineType Like"),
        DSSClass(
            "LineGeometry",
            "NConds NPhases Cond Wire X H Units -NormAmps -EmergAmps Reduce Spacing Wires CNCable TSCable "
                + "CNCables TSCables -Seasons -Ratings -LineType Like"),
        DSSClass("LineSpacing", "NConds NPhases X H Units Like"),
        DSSClass("WireData", conductor),
        DSSClass("CNData", "k DiaStrand GMRStrand RStrand EpsR InsLayer DiaIns DiaCable " + conductor),
        DSSClass("TSData", "DiaShield TapeLayer TapeLap EpsR InsLayer DiaIns DiaCable " + conductor),
        DSSClass(
            "Transformer",
            "Phases Windings Wdg Bus Conn kV kVA Tap %R RNeut XNeut Buses Conns kVs kVAs Taps XHL XHT XLT "
                + "XSCArray -Thermal -n -m -FLRise -HSRise %LoadLoss %NoLoadLoss -NormHkVA -EmergHkVA -Sub "
                + "MaxTap MinTap NumTaps -SubName %IMag ppm_Antifloat %Rs -Bank XfmrCode -XRConst X12 X13 X23 "
                + "LeadLag -WdgCurrents -Core RDCOhms -Seasons -Ratings " + rated),
        DSSClass(
            "XfmrCode",
            "Phases Windings Wdg Conn kV kVA Tap %R RNeut XNeut Conns kVs kVAs Taps XHL XHT XLT XSCArray "
                + "-Thermal -n -m -FLRise -HSRise %LoadLoss %NoLoadLoss -NormHkVA -EmergHkVA MaxTap MinTap "
                + "NumTaps %IMag ppm_Antifloat %Rs X12 X13 X23 RDCOhms -Seasons -Ratings Like"),
        DSSClass(
            "RegControl",
            "Transformer Winding VReg Band PTRatio CTPrim R X Bus Delay Reversible RevVReg RevBand RevR RevX "
                + "TapDelay -DebugTrace MaxTapChange ?InverseTime TapWinding VLimit PTPhase RevThreshold "
                + "RevDelay RevNeutral -EventLog ?RemotePTRatio TapNum -Reset ?LDC_Z ?Rev_Z ?Cogen -BaseFreq "
                + "Enabled Like"),
        DSSClass(
            "Capacitor",
            "Bus1 Bus2 Phases kvar kV Conn CMatrix Cuf R XL Harm NumSteps States " + rated),
        DSSClass(
            "CapControl",
            "Element Terminal Capacitor Type PTRatio CTRatio OnSetting OffSetting Delay VoltOverride VMax VMin "
                + "DelayOff DeadTime CTPhase PTPhase ?VBus -EventLog ?UserModel ?UserData pctMinkvar -Reset "
                + "?ControlSignal -BaseFreq Enabled Like"),
        DSSClass(
            "Load",
            "Phases Bus1 kV kW PF Model Yearly Daily -Duty -Growth Conn kvar RNeut XNeut Status -Class VMinpu "
                + "VMaxpu -VMinNorm -VMinEmerg XfkVA AllocationFactor kVA -%Mean -%StdDev CVRWatts CVRVars kWh "
                + "kWhDays CFactor ?CVRCurve -NumCust ZIPV -%SeriesRL -RelWeight VLowpu -puXHarm -XRHarm "
                + "-Spectrum -BaseFreq Enabled Like"),
        DSSClass(
            "Reactor",
            "Bus1 Bus2 Phases kvar kV Conn RMatrix XMatrix Parallel R X Rp Z1 Z2 Z0 Z ?RCurve ?LCurve LmH "
                + rated),
        DSSClass(
            "Generator",
            "Phases Bus1 kV kW PF kvar Model VMinpu VMaxpu Yearly Daily -Duty ?DispMode -DispValue Conn Status "
                + "-Class Vpu Maxkvar Minkvar PVFactor ForceOn kVA MVA -Xd -Xdp -Xdpp -H -D ?UserModel "
                + "?UserData -ShaftModel -ShaftData -DutyStart -DebugTrace Balanced -XRdp ?UseFuel -FuelkWh "
                + "-%Fuel -%Reserve -Refuel ?DynamicEq -DynOut -Spectrum -BaseFreq Enabled Like"),
        DSSClass(
            "PVSystem",
            "Phases Bus1 kV Irradiance Pmpp %Pmpp Temperature PF Conn kvar kVA %CutIn %CutOut EffCurve "
                + "P-TCurve ?%R ?%X Model VMinpu VMaxpu Balanced ?LimitCurrent Yearly Daily -Duty -TYearly "
                + "-TDaily -TDuty -Class ?UserModel ?UserData -DebugTrace VarFollowInverter -DutyStart "
                + "WattPriority ?PFPriority %PMinNoVars %PMinkvarMax kvarMax kvarMaxAbs -kVDC -Kp -PITol "
                + "-SafeVoltage -SafeMode ?DynamicEq -DynOut ?ControlMode -AmpLimit -AmpLimitGain -Spectrum "
                + "-BaseFreq Enabled Like"),
        DSSClass(
            "InvControl",
            "DERList Mode CombiMode VVC_Curve1 ?Hysteresis_Offset Voltage_CurveX_Ref -AvgWindowLen "
                + "VoltWatt_Curve ?DbVMin ?DbVMax ?ArGraLowV ?ArGraHiV -DynReacAvgWindowLen -DeltaQ_Factor "
                + "-VoltageChangeTolerance -VarChangeTolerance VoltWattYAxis ?RateOfChangeMode -LPFTau "
                + "-RiseFallLimit -DeltaP_Factor -EventLog RefReactivePower -ActivePChangeTolerance "
                + "MonVoltageCalc ?MonBus ?MonBusesVBase ?VoltWattCH_Curve ?WattPF_Curve ?WattVar_Curve "
                + "RefReactivePower PVSystemList ?VSetPoint ?ControlModel -BaseFreq Enabled Like"),
        DSSClass(
            "Storage",
            "Phases Bus1 kV Conn kW kvar PF kVA -%CutIn -%CutOut EffCurve -VarFollowInverter kvarMax "
                + "kvarMaxAbs -WattPriority ?PFPriority -%PMinNoVars -%PMinkvarMax kWRated %kWRated kWhRated "
                + "kWhStored %Stored %Reserve State %Discharge %Charge -%EffCharge -%EffDischarge %IdlingkW "
                + "?%Idlingkvar ?%R ?%X Model VMinpu VMaxpu Balanced ?LimitCurrent Yearly Daily -Duty ?DispMode "
                + "-DischargeTrigger -ChargeTrigger -TimeChargeTrig -Class ?DynaDLL ?DynaData ?UserModel "
                + "?UserData -DebugTrace -kVDC -Kp -PITol -SafeVoltage -SafeMode ?DynamicEq -DynOut "
                + "?ControlMode -AmpLimit -AmpLimitGain -Spectrum -BaseFreq Enabled Like"),
        DSSClass(
            "XYCurve",
            "-NPts Points YArray XArray CSVFile ?SngFile ?DblFile -X -Y XShift YShift XScale YScale Like"),
        DSSClass(
            "LoadShape",
            "NPts Interval Mult Hour -Mean -StdDev CSVFile SngFile DblFile Action QMult UseActual PMax QMax "
                + "SInterval MInterval PBase QBase PMult PQCSVFile -MemoryMapping ?Interpolation Like"),
        DSSClass(
            "SwtControl",
            "SwitchedObj SwitchedTerm Action Lock -Delay Normal State -Reset -BaseFreq Enabled Like"),
    ]

    private static let conductor =
        "RDC RAC RUnits GMRAC GMRUnits Radius RadUnits -NormAmps -EmergAmps Diam -Seasons -Ratings CapRadius "
        + "Like"
}
