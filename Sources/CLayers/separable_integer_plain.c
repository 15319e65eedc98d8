// The reference: a value at a time.
#include <math.h>
#include <string.h>

#include "separable_integer.h"
#include "separable_plain.h"

void cs_plain_integer_separable(const cs_shape *s, const cs_integer_weights *w, const void *source, float *scratch,
                                void *result, int32_t first, int32_t last);

// A value as whole steps from 0 to 255; what is no number is 255.
static uint8_t byte(float value, float factor) {
  float steps = value * factor;
  steps = steps < 255 ? steps : 255;
  steps = steps > 0 ? steps : 0;
  return (uint8_t)rintf(steps);
}

// A row between the convolutions, with a pixel of zeros before and after; zeros for a row outside the picture.
static void line(const cs_shape *s, const cs_integer_weights *w, const void *source, int32_t row, float *target) {
  memset(target, 0, ((size_t)s->width + 2) * (size_t)s->filters * sizeof *target);
  if (row < 0 || row >= s->height) return;
  for (int32_t x = 0; x < s->width; x++) {
    const ptrdiff_t pixel = ((ptrdiff_t)row * s->width + x) * s->channels;
    for (int32_t f = 0; f < s->filters; f++) {
      int32_t sum = 0;
      for (int32_t c = 0; c < s->channels; c++) {
        const uint8_t value = w->source_steps != 0 ? byte(((const float *)source)[pixel + c], w->source_steps)
                                                   : ((const uint8_t *)source)[pixel + c];
        sum += value * w->pointwise[((ptrdiff_t)(c / CS_BYTES) * s->filters + f) * CS_BYTES + c % CS_BYTES];
      }
      const float real = fmaf((float)sum, w->pointwise_scale[f], w->pointwise_bias[f]);
      target[((ptrdiff_t)x + 1) * s->filters + f] = s->rectifies_between && real < 0 ? 0 : real;
    }
  }
}

void cs_plain_integer_separable(const cs_shape *s, const cs_integer_weights *w, const void *source, float *scratch,
                                void *result, int32_t first, int32_t last) {
  const ptrdiff_t length = ((ptrdiff_t)s->width + 2) * s->filters;
  for (int32_t y = first; y < last; y++) {
    for (int32_t i = 0; i < 3; i++) line(s, w, source, y + i - 1, scratch + i * length);
    for (int32_t x = 0; x < s->width; x++) {
      for (int32_t f = 0; f < s->filters; f++) {
        const float value = cs_plain_depthwise(s, w->depthwise, w->depthwise_bias, scratch, x, f);
        const ptrdiff_t place = ((ptrdiff_t)y * s->width + x) * s->filters + f;
        if (w->result_steps != 0)
          ((uint8_t *)result)[place] = byte(value, w->result_steps);
        else
          ((float *)result)[place] = value;
      }
    }
  }
}
