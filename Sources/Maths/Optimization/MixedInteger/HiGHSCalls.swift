import Glibc

/// The calls of HiGHS's C interface that are made here, by their meaning. Integers are 32 bits wide. An
/// answer below zero is an error.
struct HiGHSCalls: Sendable {
    typealias Model = UnsafeMutableRawPointer
    typealias Ints = UnsafePointer<Int32>
    typealias Doubles = UnsafePointer<Double>
    typealias MutableInts = UnsafeMutablePointer<Int32>
    /// Kind of the call, message, what the solver tells, what it is told, the caller's own.
    typealias Callback =
        @convention(c) (
            Int32, UnsafePointer<CChar>?, UnsafeRawPointer?, UnsafeMutableRawPointer?,
            UnsafeMutableRawPointer?
        ) -> Void

    let version: @convention(c) () -> UnsafePointer<CChar>
    let versionMajor: @convention(c) () -> Int32
    let versionMinor: @convention(c) () -> Int32
    let sizeOfInt: @convention(c) (Model?) -> Int32
    let create: @convention(c) () -> Model?
    let destroy: @convention(c) (Model) -> Void
    let setBool: @convention(c) (Model, UnsafePointer<CChar>, Int32) -> Int32
    let setInt: @convention(c) (Model, UnsafePointer<CChar>, Int32) -> Int32
    let setDouble: @convention(c) (Model, UnsafePointer<CChar>, Double) -> Int32
    let setString: @convention(c) (Model, UnsafePointer<CChar>, UnsafePointer<CChar>) -> Int32
    /// Columns, rows, entries of A and of Q, formats of both, sense, offset; cost and bounds of columns,
    /// bounds of rows; A, Q; which columns are whole.
    let passModel:
        @convention(c) (
            Model, Int32, Int32, Int32, Int32, Int32, Int32, Int32, Double, Doubles?, Doubles?, Doubles?,
            Doubles?, Doubles?, Ints?, Ints?, Doubles?, Ints?, Ints?, Doubles?, Ints?
        ) -> Int32
    let setSparseSolution: @convention(c) (Model, Int32, Ints, Doubles) -> Int32
    let setCallback: @convention(c) (Model, Callback, UnsafeMutableRawPointer?) -> Int32
    let startCallback: @convention(c) (Model, Int32) -> Int32
    let callbackItem: @convention(c) (UnsafeRawPointer, UnsafePointer<CChar>) -> UnsafeRawPointer?
    let run: @convention(c) (Model) -> Int32
    let modelStatus: @convention(c) (Model) -> Int32
    let solution:
        @convention(c) (
            Model, UnsafeMutablePointer<Double>?, UnsafeMutablePointer<Double>?,
            UnsafeMutablePointer<Double>?, UnsafeMutablePointer<Double>?
        ) -> Int32
    let doubleInfo: @convention(c) (Model, UnsafePointer<CChar>, UnsafeMutablePointer<Double>) -> Int32
    let intInfo: @convention(c) (Model, UnsafePointer<CChar>, UnsafeMutablePointer<Int32>) -> Int32
    let int64Info: @convention(c) (Model, UnsafePointer<CChar>, UnsafeMutablePointer<Int64>) -> Int32
    /// Penalties of lower bounds, upper bounds and rows: for all, and one by one.
    let relax: @convention(c) (Model, Double, Double, Double, Doubles?, Doubles?, Doubles?) -> Int32
    /// Counts of columns and rows, the columns, the rows, which of their bounds, and the state of each.
    let conflict:
        @convention(c) (
            Model, MutableInts, MutableInts, MutableInts?, MutableInts?, MutableInts?, MutableInts?,
            MutableInts?, MutableInts?
        ) -> Int32

    /// The library lacks this call.
    struct Lacking: Error {
        let name: String
    }

    init(_ library: UnsafeMutableRawPointer) throws(Lacking) {
        func call<Call>(_ name: String) throws(Lacking) -> Call {
            guard let symbol = dlsym(library, name) else { throw Lacking(name: name) }
            return unsafeBitCast(symbol, to: Call.self)
        }
        version = try call("Highs_version")
        versionMajor = try call("Highs_versionMajor")
        versionMinor = try call("Highs_versionMinor")
        sizeOfInt = try call("Highs_getSizeofHighsInt")
        create = try call("Highs_create")
        destroy = try call("Highs_destroy")
        setBool = try call("Highs_setBoolOptionValue")
        setInt = try call("Highs_setIntOptionValue")
        setDouble = try call("Highs_setDoubleOptionValue")
        setString = try call("Highs_setStringOptionValue")
        passModel = try call("Highs_passModel")
        setSparseSolution = try call("Highs_setSparseSolution")
        setCallback = try call("Highs_setCallback")
        startCallback = try call("Highs_startCallback")
        callbackItem = try call("Highs_getCallbackDataOutItem")
        run = try call("Highs_run")
        modelStatus = try call("Highs_getModelStatus")
        solution = try call("Highs_getSolution")
        doubleInfo = try call("Highs_getDoubleInfoValue")
        intInfo = try call("Highs_getIntInfoValue")
        int64Info = try call("Highs_getInt64InfoValue")
        relax = try call("Highs_feasibilityRelaxation")
        conflict = try call("Highs_getIis")
    }
}
