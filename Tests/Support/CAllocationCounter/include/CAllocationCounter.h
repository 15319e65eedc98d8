#ifndef C_ALLOCATION_COUNTER_H
#define C_ALLOCATION_COUNTER_H

#include <stdint.h>

// Counts what chosen threads ask of the C library's allocator, whose functions counter.c replaces in the whole test
// program. In C, because Swift reserves their names.

/// The calling thread, as counting_begin takes it.
uintptr_t counting_thread(void);

/// Counts the allocations of one or two threads (0: none) from now on, or from when somebody else's count has ended.
void counting_begin(uintptr_t first, uintptr_t second);

/// Ends counting, on the thread that began it; returns the allocations since.
long counting_end(void);

#endif
