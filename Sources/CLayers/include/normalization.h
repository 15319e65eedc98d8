// Batch normalization in training (S. Ioffe and C. Szegedy, Batch Normalization, 2015) on a part of a batch: what is summed
// over it, and what is computed once the sums of all parts are known. Parts are the same whatever threads take them, so
// the results are too. Every level gives the same bits. Nothing here allocates.
#ifndef CLAYERS_NORMALIZATION_H
#define CLAYERS_NORMALIZATION_H

#include <stddef.h>
#include <stdint.h>

#include "CProcessor.h"

enum {
  // Channels that are computed at once.
  CN_GROUP = 16
};

// A part: some channels of a picture.
typedef struct {
  // Places, and values from one place to the next.
  int32_t rows, stride;
  // Channels, which lie side by side at each place.
  int32_t lanes;
} cn_part;

// What becomes of a value x: (x - mean) * factor + shift, for each of the part's channels.
typedef struct {
  const float *mean, *factor, *shift;
  // Not 0: what is negative becomes 0.
  int32_t rectifies;
} cn_values;

// What becomes of a gradient g by the result: g * factor + (x - mean) * slope + offset, for each of the part's channels. Where
// the result was cut off at 0, g is 0.
typedef struct {
  const float *slope, *offset;
} cn_gradients;

// Each channel's mean over the part, and its sum of squared distances from that.
void cn_moments_floats(cp_level level, const cn_part *part, const float *source, float *means, float *squares);

// The normalized values. `source` and `result` may be the same array.
void cn_normalize_floats(cp_level level, const cn_part *part, const cn_values *values, const float *source, float *result);

// Each channel's sum of gradients g by the result, and that of g * (x - mean).
void cn_sums_floats(cp_level level, const cn_part *part, const cn_values *values, const float *source,
                    const float *gradient, float *sums, float *products);

// The gradient by the source. `gradient` and `result` may be the same array.
void cn_gradients_floats(cp_level level, const cn_part *part, const cn_values *values, const cn_gradients *gradients,
                         const float *source, const float *gradient, float *result);

// The same for bfloat16, rounded to nearest, ties to even; the rest is floats.
void cn_moments_bfloats(cp_level level, const cn_part *part, const uint16_t *source, float *means, float *squares);

void cn_normalize_bfloats(cp_level level, const cn_part *part, const cn_values *values, const uint16_t *source,
                          uint16_t *result);

void cn_sums_bfloats(cp_level level, const cn_part *part, const cn_values *values, const uint16_t *source,
                     const uint16_t *gradient, float *sums, float *products);

void cn_gradients_bfloats(cp_level level, const cn_part *part, const cn_values *values, const cn_gradients *gradients,
                          const uint16_t *source, const uint16_t *gradient, uint16_t *result);
#endif
