#if defined(__x86_64__)
#include "winograd.h"

CP_BEGIN_AVX512
#define CW_NAME(name) cw_avx512_##name
#include "winograd_vectors.h"

#include "winograd_sides.h"
CP_END
#endif
