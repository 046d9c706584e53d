#ifndef KARST_CPREFETCH_H
#define KARST_CPREFETCH_H

/* Swift has no word for it: asks for the cache line at an address, which need not exist. */
static inline __attribute__((always_inline)) void prefetch(const void *_Nonnull address) {
    __builtin_prefetch(address, 0, 3);
}

static inline __attribute__((always_inline)) void prefetch_for_writing(const void *_Nonnull address) {
    __builtin_prefetch(address, 1, 3);
}

#endif
