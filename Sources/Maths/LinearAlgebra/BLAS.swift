import CLAPACK

/// The library beneath the dense and banded factorisations.
public enum BLAS {
    /// Sets the library to one thread, when the first factorisation is made. For the small systems here a
    /// second thread costs more than it gives, and one thread keeps results the same at any number of
    /// workers.
    static let oneThread: Void = openblas_set_num_threads(1)

    /// The processor core whose kernels the library chose at load, as it names it ("SkylakeX", "Haswell" …).
    public static var coreName: String {
        guard let name = openblas_get_corename() else { return "unknown" }
        return String(cString: name)
    }
}
