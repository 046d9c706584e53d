import Glibc

/// Runs `body(0)` … `body(count − 1)`, each on a thread of its own but the first, which runs on the caller's;
/// returns when all are done. The result must not depend on which worker does what.
public func concurrently(_ count: Int, _ body: @escaping @Sendable (_ worker: Int) -> Void) {
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

/// Runs `body` once for each of `items` parts, shared in turn among at most `workers` threads: worker w gets
/// the parts w, w + workers, w + 2·workers, …, one after another. Returns when all are done.
public func concurrently(
    _ items: Int, workers: Int, _ body: @escaping @Sendable (_ worker: Int, _ item: Int) -> Void
) {
    let count = min(workers, items)
    concurrently(count) { worker in
        for item in stride(from: worker, to: items, by: count) { body(worker, item) }
    }
}

private final class Work {
    let run: () -> Void
    init(_ run: @escaping () -> Void) { self.run = run }
}
