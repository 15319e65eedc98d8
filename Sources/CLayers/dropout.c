// Plain loops which the compiler turns into the vectors of each level; the loader takes the best that there is.
#include "dropout.h"

#include <string.h>

#if defined(__x86_64__) && defined(__linux__)
#define CD_LEVELS __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CD_LEVELS
#endif
// Values decided at once: by eight numbers of the generator.
enum { CD_BLOCK = 32 };

static inline __attribute__((always_inline)) void decide(const cd_mask *mask, ptrdiff_t first, float *factors) {
  uint64_t bits[CD_BLOCK / 4];
  uint16_t parts[CD_BLOCK];
  for (int i = 0; i < CD_BLOCK / 4; i++) {
    uint64_t z = mask->key + ((uint64_t)first / 4 + (uint64_t)i) * 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    bits[i] = z ^ (z >> 31);
  }
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  memcpy(parts, bits, sizeof parts);
#else
  for (int i = 0; i < CD_BLOCK; i++) parts[i] = (uint16_t)(bits[i / 4] >> (i % 4 * 16));
#endif
  for (int i = 0; i < CD_BLOCK; i++) factors[i] = parts[i] >= mask->threshold ? mask->scale : 0;
}

// A bfloat16 is a float's upper half.
static inline __attribute__((always_inline)) float widened(uint16_t value) {
  const uint32_t bits = (uint32_t)value << 16;
  float result;
  memcpy(&result, &bits, sizeof result);
  return result;
}

// To the nearest, to even where two are as near.
static inline __attribute__((always_inline)) uint16_t rounded(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  const uint32_t nearest = bits + 0x7FFF + ((bits >> 16) & 1);
  return (uint16_t)((value != value ? bits | 0x00400000 : nearest) >> 16);
}

CD_LEVELS void cd_drop_floats(const cd_mask *mask, const float *source, float *result, ptrdiff_t first,
                              ptrdiff_t last) {
  float factors[CD_BLOCK];
  for (; first + CD_BLOCK <= last; first += CD_BLOCK) {
    decide(mask, first, factors);
    for (int i = 0; i < CD_BLOCK; i++) result[first + i] = source[first + i] * factors[i];
  }
  decide(mask, first, factors);
  for (int i = 0; i < last - first; i++) result[first + i] = source[first + i] * factors[i];
}

CD_LEVELS void cd_drop_bfloats(const cd_mask *mask, const uint16_t *source, uint16_t *result, ptrdiff_t first,
                               ptrdiff_t last) {
  float factors[CD_BLOCK];
  for (; first + CD_BLOCK <= last; first += CD_BLOCK) {
    decide(mask, first, factors);
    for (int i = 0; i < CD_BLOCK; i++) result[first + i] = rounded(widened(source[first + i]) * factors[i]);
  }
  decide(mask, first, factors);
  for (int i = 0; i < last - first; i++) result[first + i] = rounded(widened(source[first + i]) * factors[i]);
}

CD_LEVELS void cd_pass_floats(float scale, const float *values, const float *source, float *result, ptrdiff_t first,
                              ptrdiff_t last) {
  for (ptrdiff_t i = first; i < last; i++) {
    const float product = source[i] * scale;
    result[i] = values[i] > 0 ? product : 0;
  }
}

CD_LEVELS void cd_pass_bfloats(float scale, const uint16_t *values, const uint16_t *source, uint16_t *result,
                               ptrdiff_t first, ptrdiff_t last) {
  for (ptrdiff_t i = first; i < last; i++) {
    const uint16_t product = rounded(widened(source[i]) * scale);
    result[i] = widened(values[i]) > 0 ? product : 0;
  }
}
