// Shrinking and integral images with AVX2.
#if defined(__x86_64__)
#include <immintrin.h>

#include "kernels.h"

CP_BEGIN_AVX2
#define CK_RESAMPLE_ROW ck_resample_row_avx2
#define CK_INTEGRAL_ROW ck_integral_row_avx2
#define CK_MOVE_SQUARES ck_move_squares_avx2
#include "rows_lanes.h"
CP_END
#endif
