#ifndef KARST_CMEMORY_H
#define KARST_CMEMORY_H

/* What Swift has no word for. */

/* Asks for the cache line at an address, which need not exist. */
static inline __attribute__((always_inline)) void prefetch(const void *_Nonnull address) {
    __builtin_prefetch(address, 0, 3);
}

/* Copies 64 aligned bytes to where nobody will look soon: past the caches, without reading what was there. */
static inline __attribute__((always_inline)) void stream(void *_Nonnull to, const void *_Nonnull from) {
    typedef double line __attribute__((vector_size(64)));
    __builtin_nontemporal_store(*(const line *)from, (line *)to);
}

/* What was streamed before is seen by others before what is written after. */
static inline __attribute__((always_inline)) void finish_streaming(void) {
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
}

#endif
