// The plain version.
#include "normalization.h"

#include "bfloats.h"

#pragma STDC FP_CONTRACT OFF

// Every level keeps four sums beside each other.
static int run_of(int32_t row, int32_t rows) { return row < rows - rows % 4 ? row % 4 : 0; }

static float total(const float *sums) { return (sums[0] + sums[1]) + (sums[2] + sums[3]); }

static float normalized(const cn_values *values, int32_t lane, float value) {
  return (value - values->mean[lane]) * values->factor[lane] + values->shift[lane];
}

static float passed(const cn_values *values, int32_t lane, float value, float gradient) {
  return !values->rectifies || normalized(values, lane, value) > 0 ? gradient : 0;
}

#define CN_VALUE float
#define CN_READ(value) (value)
#define CN_WRITTEN(value) (value)
#define CN_NAME(name) cn_plain_##name##_floats
#include "normalization_reference.h"
#undef CN_VALUE
#undef CN_READ
#undef CN_WRITTEN
#undef CN_NAME

#define CN_VALUE uint16_t
#define CN_READ(value) cl_widened(value)
#define CN_WRITTEN(value) cl_rounded(value)
#define CN_NAME(name) cn_plain_##name##_bfloats
#include "normalization_reference.h"
