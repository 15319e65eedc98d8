#if defined(__x86_64__)
#include "dropout.h"

CP_BEGIN_AVX2
#define CD_NAME(name) cd_avx2_##name
#include "dropout_blocks.h"
CP_END
#endif
