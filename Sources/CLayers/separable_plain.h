// What the references of both double convolutions share.
#ifndef SEPARABLE_PLAIN_H
#define SEPARABLE_PLAIN_H

#include <math.h>

#include "separable.h"

// The depthwise convolution at one pixel of a row, for one filter, with what follows it. `lines` are the three rows that
// it reads, each with a pixel of zeros before and after.
static inline float cs_plain_depthwise(const cs_shape *s, const float *depthwise, const float *bias, const float *lines,
                                       int32_t x, int32_t filter) {
  const ptrdiff_t filters = s->filters, length = ((ptrdiff_t)s->width + 2) * filters;
  float sum = bias[filter];
  for (int32_t column = 0; column < 3; column++)
    for (int32_t i = 0; i < 3; i++)
      sum = fmaf(lines[i * length + ((ptrdiff_t)x + column) * filters + filter],
                 depthwise[(i * 3 + column) * filters + filter], sum);
  return s->rectifies && sum < 0 ? 0 : sum;
}

#endif
