// Shrinking and integral images with the compiler's vectors.
#include "kernels.h"
#include "vectors128.h"

// The vectors' calling convention does not matter: all these functions are in this file.
#pragma clang diagnostic ignored "-Wpsabi"

#define CK_RESAMPLE_ROW ck_resample_row_simd128
#define CK_INTEGRAL_ROW ck_integral_row_simd128
#define CK_MOVE_SQUARES ck_move_squares_simd128
#include "rows_lanes.h"
