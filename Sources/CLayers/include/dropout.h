// Dropout of floats and of bfloat16, whose mask is a function of a key and of the value's place alone.
#ifndef CLAYERS_DROPOUT_H
#define CLAYERS_DROPOUT_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
  // Of the step and the layer.
  uint64_t key;
  // A value is dropped if its 16 bits are below this; 65536 drops all.
  uint32_t threshold;
  // What the others are multiplied with.
  float scale;
} cd_mask;

// Values `first` up to `last` of `source`, each times 0 or the scale. Those of the values 4n to 4n + 3 are decided by
// the four quarters of one number of SplitMix64 (G. Steele, D. Lea and C. Flood, Fast Splittable Pseudorandom Number
// Generators, 2014). `first` is a multiple of 4. Both arrays may be one.
void cd_drop_floats(const cd_mask *mask, const float *source, float *result, ptrdiff_t first, ptrdiff_t last);
void cd_drop_bfloats(const cd_mask *mask, const uint16_t *source, uint16_t *result, ptrdiff_t first, ptrdiff_t last);

// Values of `source` times `scale` where `values` is above 0, else 0.
void cd_pass_floats(float scale, const float *values, const float *source, float *result, ptrdiff_t first,
                    ptrdiff_t last);
void cd_pass_bfloats(float scale, const uint16_t *values, const uint16_t *source, uint16_t *result, ptrdiff_t first,
                     ptrdiff_t last);
#endif
