#if defined(__x86_64__)
#include "winograd.h"

#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#define CW_NAME(name) cw_avx2_##name
#include "winograd_vectors.h"

#include "winograd_tiles.h"
#pragma clang attribute pop
#endif
