// Shrinking and integral images with the compiler's vectors.
#include "kernels.h"
#include "vectors128.h"

// How vectors are passed between functions that are all in this file is nobody else's matter.
#pragma clang diagnostic ignored "-Wpsabi"

#define CK_RESAMPLE_ROW ck_resample_row_simd128
#define CK_INTEGRAL_ROW ck_integral_row_simd128
#include "rows_lanes.h"
