// The reference: a value at a time, by the definition.
#include "dropout_values.h"

static float factor(const cd_mask *mask, ptrdiff_t index) {
  const uint16_t bits = (uint16_t)(cd_random(mask, (uint64_t)index / 4) >> (index % 4 * 16));
  return bits < mask->threshold ? 0 : mask->scale;
}

void cd_plain_drop_floats(const cd_mask *mask, const float *source, float *result, ptrdiff_t first, ptrdiff_t last) {
  for (ptrdiff_t i = first; i < last; i++) result[i] = source[i] * factor(mask, i);
}

void cd_plain_drop_bfloats(const cd_mask *mask, const uint16_t *source, uint16_t *result, ptrdiff_t first,
                           ptrdiff_t last) {
  for (ptrdiff_t i = first; i < last; i++) result[i] = cl_rounded(cl_widened(source[i]) * factor(mask, i));
}

void cd_plain_pass_floats(float scale, const float *values, const float *source, float *result, ptrdiff_t first,
                          ptrdiff_t last) {
  for (ptrdiff_t i = first; i < last; i++) {
    if (values[i] > 0)
      result[i] = source[i] * scale;
    else
      result[i] = 0;
  }
}

void cd_plain_pass_bfloats(float scale, const uint16_t *values, const uint16_t *source, uint16_t *result,
                           ptrdiff_t first, ptrdiff_t last) {
  for (ptrdiff_t i = first; i < last; i++) {
    if (cl_widened(values[i]) > 0)
      result[i] = cl_rounded(cl_widened(source[i]) * scale);
    else
      result[i] = 0;
  }
}
