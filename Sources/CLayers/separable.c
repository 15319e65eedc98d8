// Which version of the convolutions runs.
#include "separable.h"

#define CS_DECLARE(level)                                                                                       \
  void cs_##level##_separable(const cs_shape *, const cs_weights *, const float *, float *, float *, int32_t, \
                              int32_t);
CS_DECLARE(plain)
#if defined(__x86_64__)
CS_DECLARE(avx512)
#endif

size_t cs_scratch_count(const cs_shape *shape) { return 3 * ((size_t)shape->width + 2) * (size_t)shape->filters; }

void cs_separable(cp_level level, const cs_shape *shape, const cs_weights *weights, const float *source, float *scratch,
                  float *result, int32_t first, int32_t last) {
#if defined(__x86_64__)
  if (level == CP_AVX512) {
    cs_avx512_separable(shape, weights, source, scratch, result, first, last);
    return;
  }
#endif
  cs_plain_separable(shape, weights, source, scratch, result, first, last);
}
