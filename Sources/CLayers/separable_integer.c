// Which version of the convolutions on bytes runs.
#include "separable_integer.h"

#define CS_DECLARE(level)                                                                                            \
  void cs_##level##_integer_separable(const cs_shape *, const cs_integer_weights *, const void *, float *, void *, \
                                      int32_t, int32_t);
CS_DECLARE(plain)
#if defined(__x86_64__)
CS_DECLARE(vnni)
#endif

int cs_integer_is_fast(cp_level level) { return level == CP_AVX512 && cp_has_byte_products(); }

size_t cs_integer_scratch_count(const cs_shape *shape) {
  // After the lines a row of the source as bytes, and room for a vector more.
  return cs_scratch_count(shape) + ((size_t)shape->width * (size_t)shape->channels + 63) / 4;
}

void cs_integer_separable(cp_level level, const cs_shape *shape, const cs_integer_weights *weights, const void *source,
                          float *scratch, void *result, int32_t first, int32_t last) {
#if defined(__x86_64__)
  if (cs_integer_is_fast(level)) {
    cs_vnni_integer_separable(shape, weights, source, scratch, result, first, last);
    return;
  }
#endif
  cs_plain_integer_separable(shape, weights, source, scratch, result, first, last);
}
