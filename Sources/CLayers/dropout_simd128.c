// With the vectors that every processor of the architecture has: SSE2, NEON.
#define CD_NAME(name) cd_simd128_##name
#include "dropout_blocks.h"
