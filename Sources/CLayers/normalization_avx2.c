#if defined(__x86_64__)
#include "normalization.h"

CP_BEGIN_AVX2
#define CN_LEVEL(name) cn_avx2_##name
#include "normalization_levels.h"
CP_END
#endif
