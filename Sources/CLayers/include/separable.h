// A pointwise convolution and a depthwise one of 3x3 after it, row by row, so that what lies between them never leaves
// the nearest caches. Pictures are rows of pixels with their channels side by side.
#ifndef SEPARABLE_H
#define SEPARABLE_H

#include <stddef.h>
#include <stdint.h>

#include "CProcessor.h"

enum {
  // Filters that are computed at once: their number is a multiple.
  CS_LANES = 16
};

typedef struct {
  // Of the source and the result: the depthwise convolution has a pixel of zeros around.
  int32_t height, width;
  // Channels of the source, and filters of both convolutions.
  int32_t channels, filters;
  // Not 0: what is negative becomes 0, between the convolutions and after them.
  int32_t rectifies_between, rectifies;
} cs_shape;

// Weights, as floats.
typedef struct {
  const float *pointwise;       // [channels][filters]
  const float *pointwise_bias;  // [filters]
  const float *depthwise;       // [3][3][filters]
  const float *depthwise_bias;  // [filters]
} cs_weights;

// Floats that cs_separable works in.
size_t cs_scratch_count(const cs_shape *shape);

// Computes the result's rows `first` to `last` - 1. Every level rounds once for a product and its sum, in the same order, and
// so gives the same bits.
void cs_separable(cp_level level, const cs_shape *shape, const cs_weights *weights, const float *source, float *scratch,
                  float *result, int32_t first, int32_t last);
#endif
