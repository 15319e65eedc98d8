#if defined(__x86_64__)
#include "dropout.h"

CP_BEGIN_AVX512
#define CD_NAME(name) cd_avx512_##name
#include "dropout_blocks.h"
CP_END
#endif
