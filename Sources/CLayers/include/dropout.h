// Dropout of floats and of bfloat16. Whether a value is dropped depends on the mask's key and on the value's index
// alone, so that any split of the work gives the same result.
#ifndef CLAYERS_DROPOUT_H
#define CLAYERS_DROPOUT_H

#include <stddef.h>
#include <stdint.h>

#include "CProcessor.h"

// Which values are dropped.
typedef struct {
  // The seed of the training step and the layer.
  uint64_t key;
  // A value is dropped if its 16 random bits are below this; 65536 drops all.
  uint32_t threshold;
  // The factor of the values that are kept.
  float scale;
} cd_mask;

// Multiplies values `first` up to `last` of `source` by 0 or by the scale. The random bits of values 4n to 4n + 3 are
// the four quarters of the n-th number of SplitMix64 from the key on (G. Steele, D. Lea and C. Flood, Fast Splittable
// Pseudorandom Number Generators, 2014). `first` is a multiple of 4. `source` and `result` may be the same array.
void cd_drop_floats(cp_level level, const cd_mask *mask, const float *source, float *result, ptrdiff_t first,
                    ptrdiff_t last);

// The same for bfloat16, rounded to nearest, ties to even.
void cd_drop_bfloats(cp_level level, const cd_mask *mask, const uint16_t *source, uint16_t *result, ptrdiff_t first,
                     ptrdiff_t last);

// Multiplies values `first` up to `last` of `source` by `scale` where `values` is above 0, and by 0 elsewhere: the
// backward pass of a rectifier followed by dropout.
void cd_pass_floats(cp_level level, float scale, const float *values, const float *source, float *result,
                    ptrdiff_t first, ptrdiff_t last);

// The same for bfloat16, rounded to nearest, ties to even.
void cd_pass_bfloats(cp_level level, float scale, const uint16_t *values, const uint16_t *source, uint16_t *result,
                     ptrdiff_t first, ptrdiff_t last);
#endif
