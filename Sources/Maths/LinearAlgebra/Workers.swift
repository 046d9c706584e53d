import Glibc

/// Runs `body(0)` … `body(count − 1)`, each on a thread of its own but the first, which runs here; returns
/// when all are done. Which worker does what must not change the result.
public func concurrently(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    let threads = (1..<max(1, count)).map { worker in
        let work = Unmanaged.passRetained(Work { body(worker) })
        var thread = pthread_t()
        let status = pthread_create(
            &thread, nil,
            { pointer in
                Unmanaged<Work>.fromOpaque(pointer!).takeRetainedValue().run()
                return nil
            }, work.toOpaque())
        // Without a thread the work is done here.
        guard status == 0 else {
            work.takeRetainedValue().run()
            return pthread_t?.none
        }
        return thread
    }
    if count > 0 { body(0) }
    for thread in threads { if let thread { pthread_join(thread, nil) } }
}

private final class Work {
    let run: () -> Void
    init(_ run: @escaping () -> Void) { self.run = run }
}
