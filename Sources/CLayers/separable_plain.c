// The reference: a value at a time.
#include <math.h>
#include <string.h>

#include "separable_plain.h"

void cs_plain_separable(const cs_shape *s, const cs_weights *w, const float *source, float *scratch, float *result,
                        int32_t first, int32_t last);

// A row between the convolutions, with a pixel of zeros before and after; zeros for a row outside the picture.
static void line(const cs_shape *s, const cs_weights *w, const float *source, int32_t row, float *target) {
  memset(target, 0, ((size_t)s->width + 2) * (size_t)s->filters * sizeof *target);
  if (row < 0 || row >= s->height) return;
  for (int32_t x = 0; x < s->width; x++) {
    const float *pixel = source + ((ptrdiff_t)row * s->width + x) * s->channels;
    for (int32_t f = 0; f < s->filters; f++) {
      float sum = w->pointwise_bias[f];
      for (int32_t c = 0; c < s->channels; c++) sum = fmaf(pixel[c], w->pointwise[(ptrdiff_t)c * s->filters + f], sum);
      target[((ptrdiff_t)x + 1) * s->filters + f] = s->rectifies_between && sum < 0 ? 0 : sum;
    }
  }
}

void cs_plain_separable(const cs_shape *s, const cs_weights *w, const float *source, float *scratch, float *result,
                        int32_t first, int32_t last) {
  const ptrdiff_t length = ((ptrdiff_t)s->width + 2) * s->filters;
  for (int32_t y = first; y < last; y++) {
    for (int32_t i = 0; i < 3; i++) line(s, w, source, y + i - 1, scratch + i * length);
    for (int32_t x = 0; x < s->width; x++) {
      for (int32_t f = 0; f < s->filters; f++) {
        result[((ptrdiff_t)y * s->width + x) * s->filters + f] =
            cs_plain_depthwise(s, w->depthwise, w->depthwise_bias, scratch, x, f);
      }
    }
  }
}
