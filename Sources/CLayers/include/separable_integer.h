// The double convolution of separable.h on bytes: the pointwise one multiplies 8-bit integers, whose sums are exact; the
// depthwise one, which has few of the multiplications and loses most by rounding, takes floats.
#ifndef SEPARABLE_INTEGER_H
#define SEPARABLE_INTEGER_H

#include "separable.h"

enum {
  // Channels that are multiplied at once: their number is a multiple.
  CS_BYTES = 4,
  // The largest number of channels for which the sum of products cannot overflow.
  CS_MOST_CHANNELS = 1 << 16
};

// Weights, and what the bytes of the source and the result are worth.
typedef struct {
  const int8_t *pointwise;  // [channels / 4][filters][4]
  // For each filter: what a sum of products of bytes is multiplied by, and what is added then.
  const float *pointwise_scale, *pointwise_bias;
  const float *depthwise;       // [3][3][filters]
  const float *depthwise_bias;  // [filters]
  // How many steps there are in 1. 0: the source is bytes already; the result is floats.
  float source_steps, result_steps;
} cs_integer_weights;

// Not 0 if this is faster than oneDNN's integers and than floats: AVX-512 with products of bytes (VNNI).
int cs_integer_is_fast(cp_level level);

// Floats that cs_integer_separable works in.
size_t cs_integer_scratch_count(const cs_shape *shape);

// Computes the result's rows `first` to `last` - 1. `source` is bytes from 0 to 255, or floats, which are rounded to such;
// `result` is floats, or bytes. Every level gives the same bits.
void cs_integer_separable(cp_level level, const cs_shape *shape, const cs_integer_weights *weights, const void *source,
                          float *scratch, void *result, int32_t first, int32_t last);
#endif
