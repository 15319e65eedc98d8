// With the vectors that every processor of the architecture has: SSE2, NEON.
#include "winograd.h"

#define CW_NAME(name) cw_simd128_##name
#include "winograd_vectors.h"

#include "winograd_sides.h"
