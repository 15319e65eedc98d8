#if defined(__x86_64__)
#include <immintrin.h>
#include <string.h>

#include "separable.h"

CP_BEGIN_AVX512

#include "separable_avx512.h"

// `pixels` neighbors times `vectors` times 16 filters: sums that stay in registers.
CS_INLINE void cs_block(const int pixels, const int vectors, const cs_shape *s, const cs_weights *w, const float *source,
                        int32_t filter, float *target) {
  const ptrdiff_t filters = s->filters, channels = s->channels;
  __m512 sums[28];
  for (int v = 0; v < vectors; v++) {
    const __m512 bias = _mm512_loadu_ps(w->pointwise_bias + filter + v * CS_LANES);
#pragma clang loop unroll(full)
    for (int p = 0; p < pixels; p++) sums[p * vectors + v] = bias;
  }
  const float *weights = w->pointwise + filter;
  for (ptrdiff_t c = 0; c < channels; c++, weights += filters) {
    __m512 own[4];
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) own[v] = _mm512_loadu_ps(weights + v * CS_LANES);
#pragma clang loop unroll(full)
    for (int p = 0; p < pixels; p++) {
      const __m512 value = _mm512_set1_ps(source[p * channels + c]);
#pragma clang loop unroll(full)
      for (int v = 0; v < vectors; v++) sums[p * vectors + v] = _mm512_fmadd_ps(value, own[v], sums[p * vectors + v]);
    }
  }
#pragma clang loop unroll(full)
  for (int p = 0; p < pixels; p++)
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++)
      _mm512_storeu_ps(target + p * filters + filter + v * CS_LANES,
                       cs_rectified(sums[p * vectors + v], s->rectifies_between));
}

// All pixels of a row for `vectors` times 16 filters.
CS_INLINE void cs_columns(const int pixels, const int vectors, const cs_shape *s, const cs_weights *w,
                          const float *source, int32_t filter, float *target) {
  int32_t x = 0;
  for (; x + pixels <= s->width; x += pixels) {
    const float *own = source + (ptrdiff_t)x * s->channels;
    // The pixels after the next ones, which may be far away: nothing is read but what lies in the picture or near it.
    for (ptrdiff_t ahead = 0; ahead < (ptrdiff_t)pixels * s->channels; ahead += CS_LANES)
      _mm_prefetch((const char *)(own + 2 * (ptrdiff_t)pixels * s->channels + ahead), _MM_HINT_T0);
    cs_block(pixels, vectors, s, w, own, filter, target + (ptrdiff_t)x * s->filters);
  }
  for (; x < s->width; x++)
    cs_block(1, vectors, s, w, source + (ptrdiff_t)x * s->channels, filter, target + (ptrdiff_t)x * s->filters);
}

// A row between the convolutions, whose first and last pixel are zeros already; zeros for a row outside the picture.
CS_INLINE void cs_line(const cs_shape *s, const cs_weights *w, const float *source, int32_t row, float *target) {
  const ptrdiff_t filters = s->filters;
  target += filters;
  if (row < 0 || row >= s->height) {
    memset(target, 0, (size_t)s->width * (size_t)filters * sizeof *target);
    return;
  }
  source += (ptrdiff_t)row * s->width * s->channels;
  int32_t f = 0;
  for (; f + 4 * CS_LANES <= s->filters; f += 4 * CS_LANES) cs_columns(6, 4, s, w, source, f, target);
  for (; f + 2 * CS_LANES <= s->filters; f += 2 * CS_LANES) cs_columns(12, 2, s, w, source, f, target);
  for (; f < s->filters; f += CS_LANES) cs_columns(14, 1, s, w, source, f, target);
}

void cs_avx512_separable(const cs_shape *s, const cs_weights *w, const float *source, float *scratch, float *result,
                         int32_t first, int32_t last);

void cs_avx512_separable(const cs_shape *s, const cs_weights *w, const float *source, float *scratch, float *result,
                         int32_t first, int32_t last) {
  const ptrdiff_t filters = s->filters, length = ((ptrdiff_t)s->width + 2) * filters;
  for (int i = 0; i < 3; i++) {
    memset(scratch + i * length, 0, (size_t)filters * sizeof *scratch);
    memset(scratch + (i + 1) * length - filters, 0, (size_t)filters * sizeof *scratch);
  }
  if (first >= last) return;
  // Row y of what lies between is line (y + 1) % 3.
  for (int32_t y = first - 1; y <= first; y++) cs_line(s, w, source, y, scratch + (y + 1) % 3 * length);
  for (int32_t y = first; y < last; y++) {
    cs_line(s, w, source, y + 1, scratch + (y + 2) % 3 * length);
    const float *const lines[3] = {scratch + y % 3 * length, scratch + (y + 1) % 3 * length,
                                   scratch + (y + 2) % 3 * length};
    float *target = result + (ptrdiff_t)y * s->width * filters;
    int32_t f = 0;
    for (; f + 2 * CS_LANES <= s->filters; f += 2 * CS_LANES)
      cs_row(2, 0, s, w->depthwise, w->depthwise_bias, lines, f, 1, target);
    for (; f < s->filters; f += CS_LANES) cs_row(1, 0, s, w->depthwise, w->depthwise_bias, lines, f, 1, target);
  }
}
CP_END
#endif
