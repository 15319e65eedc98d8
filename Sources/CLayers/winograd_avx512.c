#if defined(__x86_64__)
#include "winograd.h"

#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512vl,avx512bw"))), apply_to = function)
#define CW_NAME(name) cw_avx512_##name
#include "winograd_vectors.h"

#include "winograd_tiles.h"
#pragma clang attribute pop
#endif
