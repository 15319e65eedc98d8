// Which version of dropout's functions runs.
#include "dropout.h"

#include "dispatch.h"

#define CD_DECLARE(level)                                                                                     \
  void cd_##level##_drop_floats(const cd_mask *, const float *, float *, ptrdiff_t, ptrdiff_t);               \
  void cd_##level##_drop_bfloats(const cd_mask *, const uint16_t *, uint16_t *, ptrdiff_t, ptrdiff_t);        \
  void cd_##level##_pass_floats(float, const float *, const float *, float *, ptrdiff_t, ptrdiff_t);          \
  void cd_##level##_pass_bfloats(float, const uint16_t *, const uint16_t *, uint16_t *, ptrdiff_t, ptrdiff_t);
CL_FOR_LEVELS(CD_DECLARE)

void cd_drop_floats(cp_level level, const cd_mask *mask, const float *source, float *result, ptrdiff_t first,
                    ptrdiff_t last) {
  CL_CHOOSE(cd, drop_floats, mask, source, result, first, last)
}

void cd_drop_bfloats(cp_level level, const cd_mask *mask, const uint16_t *source, uint16_t *result, ptrdiff_t first,
                     ptrdiff_t last) {
  CL_CHOOSE(cd, drop_bfloats, mask, source, result, first, last)
}

void cd_pass_floats(cp_level level, float scale, const float *values, const float *source, float *result,
                    ptrdiff_t first, ptrdiff_t last) {
  CL_CHOOSE(cd, pass_floats, scale, values, source, result, first, last)
}

void cd_pass_bfloats(cp_level level, float scale, const uint16_t *values, const uint16_t *source, uint16_t *result,
                     ptrdiff_t first, ptrdiff_t last) {
  CL_CHOOSE(cd, pass_bfloats, scale, values, source, result, first, last)
}
