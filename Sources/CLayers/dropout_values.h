// Arithmetic that all versions of dropout share.
#ifndef DROPOUT_VALUES_H
#define DROPOUT_VALUES_H

#include "bfloats.h"
#include "dropout.h"

// The number of SplitMix64 that decides about values 4 * index to 4 * index + 3.
CL_INLINE uint64_t cd_random(const cd_mask *mask, uint64_t index) {
  uint64_t z = mask->key + index * 0x9E3779B97F4A7C15u;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

#endif
