// Arithmetic that all versions of dropout share.
#ifndef DROPOUT_VALUES_H
#define DROPOUT_VALUES_H

#include <string.h>

#include "dropout.h"

#define CD_INLINE static inline __attribute__((always_inline))

// The number of SplitMix64 that decides about values 4 * index to 4 * index + 3.
CD_INLINE uint64_t cd_random(const cd_mask *mask, uint64_t index) {
  uint64_t z = mask->key + index * 0x9E3779B97F4A7C15u;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

// A bfloat16 is a float's upper half.
CD_INLINE float cd_widened(uint16_t value) {
  const uint32_t bits = (uint32_t)value << 16;
  float result;
  memcpy(&result, &bits, sizeof result);
  return result;
}

// The nearest bfloat16, ties to even.
CD_INLINE uint16_t cd_rounded(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  const uint32_t nearest = bits + 0x7FFF + ((bits >> 16) & 1);
  return (uint16_t)((value != value ? bits | 0x00400000 : nearest) >> 16);
}

#endif
