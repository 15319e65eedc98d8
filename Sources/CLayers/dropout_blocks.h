// The functions of dropout.h for one level, which CD_NAME(x) names: plain loops over blocks, which the compiler turns
// into the level's vectors.
#include "dropout_values.h"

// Values decided at once, by eight random numbers.
enum { CD_BLOCK = 32 };

CL_INLINE void cd_decide(const cd_mask *mask, ptrdiff_t first, float *factors) {
  uint64_t bits[CD_BLOCK / 4];
  uint16_t parts[CD_BLOCK];
  for (int i = 0; i < CD_BLOCK / 4; i++) bits[i] = cd_random(mask, (uint64_t)first / 4 + (uint64_t)i);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  memcpy(parts, bits, sizeof parts);
#else
  for (int i = 0; i < CD_BLOCK; i++) parts[i] = (uint16_t)(bits[i / 4] >> (i % 4 * 16));
#endif
  for (int i = 0; i < CD_BLOCK; i++) factors[i] = parts[i] >= mask->threshold ? mask->scale : 0;
}

void CD_NAME(drop_floats)(const cd_mask *mask, const float *source, float *result, ptrdiff_t first, ptrdiff_t last) {
  float factors[CD_BLOCK];
  for (; first + CD_BLOCK <= last; first += CD_BLOCK) {
    cd_decide(mask, first, factors);
    for (int i = 0; i < CD_BLOCK; i++) result[first + i] = source[first + i] * factors[i];
  }
  cd_decide(mask, first, factors);
  for (int i = 0; i < last - first; i++) result[first + i] = source[first + i] * factors[i];
}

void CD_NAME(drop_bfloats)(const cd_mask *mask, const uint16_t *source, uint16_t *result, ptrdiff_t first,
                           ptrdiff_t last) {
  float factors[CD_BLOCK];
  for (; first + CD_BLOCK <= last; first += CD_BLOCK) {
    cd_decide(mask, first, factors);
    for (int i = 0; i < CD_BLOCK; i++) result[first + i] = cl_rounded(cl_widened(source[first + i]) * factors[i]);
  }
  cd_decide(mask, first, factors);
  for (int i = 0; i < last - first; i++) result[first + i] = cl_rounded(cl_widened(source[first + i]) * factors[i]);
}

void CD_NAME(pass_floats)(float scale, const float *values, const float *source, float *result, ptrdiff_t first,
                          ptrdiff_t last) {
  for (ptrdiff_t i = first; i < last; i++) {
    const float product = source[i] * scale;
    result[i] = values[i] > 0 ? product : 0;
  }
}

void CD_NAME(pass_bfloats)(float scale, const uint16_t *values, const uint16_t *source, uint16_t *result,
                           ptrdiff_t first, ptrdiff_t last) {
  for (ptrdiff_t i = first; i < last; i++) {
    const uint16_t product = cl_rounded(cl_widened(source[i]) * scale);
    result[i] = cl_widened(values[i]) > 0 ? product : 0;
  }
}
