#if defined(__x86_64__)
#include "normalization.h"

CP_BEGIN_AVX512
#define CN_LEVEL(name) cn_avx512_##name
#include "normalization_levels.h"
CP_END
#endif
