// With the vectors that every processor of the architecture has: SSE2, NEON.
#include "normalization.h"

#define CN_LEVEL(name) cn_simd128_##name
#include "normalization_levels.h"
