// Floats of 16 bits that are a float's upper half: bfloat16.
#ifndef CLAYERS_BFLOATS_H
#define CLAYERS_BFLOATS_H

#include <stdint.h>
#include <string.h>

#define CL_INLINE static inline __attribute__((always_inline))

CL_INLINE float cl_widened(uint16_t value) {
  const uint32_t bits = (uint32_t)value << 16;
  float result;
  memcpy(&result, &bits, sizeof result);
  return result;
}

// The nearest one, ties to even.
CL_INLINE uint16_t cl_rounded(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  const uint32_t nearest = bits + 0x7FFF + ((bits >> 16) & 1);
  return (uint16_t)((value != value ? bits | 0x00400000 : nearest) >> 16);
}

#endif
