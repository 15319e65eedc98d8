#if defined(__x86_64__)
#include <immintrin.h>
#include <string.h>

#include "separable_integer.h"

CP_BEGIN_AVX512_VNNI

#include "separable_avx512.h"

// `pixels` neighbors times `vectors` times 16 filters: sums that stay in registers.
CS_INLINE void cs_integer_block(const int pixels, const int vectors, const cs_shape *s, const cs_integer_weights *w,
                                const uint8_t *source, int32_t filter, float *target) {
  const ptrdiff_t filters = s->filters, channels = s->channels;
  __m512i sums[28];
#pragma clang loop unroll(full)
  for (int i = 0; i < pixels * vectors; i++) sums[i] = _mm512_setzero_si512();
  const int8_t *weights = w->pointwise + (ptrdiff_t)filter * CS_BYTES;
  for (ptrdiff_t c = 0; c < channels; c += CS_BYTES, weights += filters * CS_BYTES) {
    __m512i own[4];
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) own[v] = _mm512_loadu_si512(weights + v * CS_LANES * CS_BYTES);
#pragma clang loop unroll(full)
    for (int p = 0; p < pixels; p++) {
      int32_t four;
      memcpy(&four, source + p * channels + c, sizeof four);
      const __m512i values = _mm512_set1_epi32(four);
#pragma clang loop unroll(full)
      for (int v = 0; v < vectors; v++) sums[p * vectors + v] = _mm512_dpbusd_epi32(sums[p * vectors + v], values, own[v]);
    }
  }
#pragma clang loop unroll(full)
  for (int v = 0; v < vectors; v++) {
    const __m512 scale = _mm512_loadu_ps(w->pointwise_scale + filter + v * CS_LANES);
    const __m512 bias = _mm512_loadu_ps(w->pointwise_bias + filter + v * CS_LANES);
#pragma clang loop unroll(full)
    for (int p = 0; p < pixels; p++)
      _mm512_storeu_ps(target + p * filters + filter + v * CS_LANES,
                       cs_rectified(_mm512_fmadd_ps(_mm512_cvtepi32_ps(sums[p * vectors + v]), scale, bias),
                                    s->rectifies_between));
  }
}

// All pixels of a row for `vectors` times 16 filters.
CS_INLINE void cs_integer_columns(const int pixels, const int vectors, const cs_shape *s, const cs_integer_weights *w,
                                  const uint8_t *source, int32_t filter, float *target) {
  int32_t x = 0;
  for (; x + pixels <= s->width; x += pixels)
    cs_integer_block(pixels, vectors, s, w, source + (ptrdiff_t)x * s->channels, filter,
                     target + (ptrdiff_t)x * s->filters);
  for (; x < s->width; x++)
    cs_integer_block(1, vectors, s, w, source + (ptrdiff_t)x * s->channels, filter, target + (ptrdiff_t)x * s->filters);
}

// A row of floats as bytes.
static void cs_round(const float *source, ptrdiff_t count, float steps, uint8_t *target) {
  const __m512 factor = _mm512_set1_ps(steps);
  ptrdiff_t i = 0;
  for (; i + CS_LANES <= count; i += CS_LANES)
    _mm_storeu_si128((__m128i *)(target + i), cs_bytes(_mm512_loadu_ps(source + i), factor));
  if (i == count) return;
  const __mmask16 rest = (__mmask16)((1u << (count - i)) - 1);
  _mm_mask_storeu_epi8(target + i, rest, cs_bytes(_mm512_maskz_loadu_ps(rest, source + i), factor));
}

// A row between the convolutions, whose first and last pixel are zeros already; zeros for a row outside the picture.
// `bytes` has room for a row of the source.
static void cs_integer_line(const cs_shape *s, const cs_integer_weights *w, const void *source, int32_t row,
                            uint8_t *bytes, float *target) {
  const ptrdiff_t filters = s->filters, count = (ptrdiff_t)s->width * s->channels;
  target += filters;
  if (row < 0 || row >= s->height) {
    memset(target, 0, (size_t)s->width * (size_t)filters * sizeof *target);
    return;
  }
  const uint8_t *pixels = (const uint8_t *)source + row * count;
  if (w->source_steps != 0) {
    cs_round((const float *)source + row * count, count, w->source_steps, bytes);
    pixels = bytes;
  }
  int32_t f = 0;
  for (; f + 4 * CS_LANES <= s->filters; f += 4 * CS_LANES) cs_integer_columns(6, 4, s, w, pixels, f, target);
  for (; f + 2 * CS_LANES <= s->filters; f += 2 * CS_LANES) cs_integer_columns(12, 2, s, w, pixels, f, target);
  for (; f < s->filters; f += CS_LANES) cs_integer_columns(14, 1, s, w, pixels, f, target);
}

CS_INLINE void cs_integer_row(const int makes_bytes, const cs_shape *s, const cs_integer_weights *w,
                              const float *const lines[3], void *result) {
  int32_t f = 0;
  for (; f + 2 * CS_LANES <= s->filters; f += 2 * CS_LANES)
    cs_row(2, makes_bytes, s, w->depthwise, w->depthwise_bias, lines, f, w->result_steps, result);
  for (; f < s->filters; f += CS_LANES)
    cs_row(1, makes_bytes, s, w->depthwise, w->depthwise_bias, lines, f, w->result_steps, result);
}

void cs_vnni_integer_separable(const cs_shape *s, const cs_integer_weights *w, const void *source, float *scratch,
                               void *result, int32_t first, int32_t last);

void cs_vnni_integer_separable(const cs_shape *s, const cs_integer_weights *w, const void *source, float *scratch,
                               void *result, int32_t first, int32_t last) {
  const ptrdiff_t filters = s->filters, length = ((ptrdiff_t)s->width + 2) * filters;
  uint8_t *bytes = (uint8_t *)(scratch + 3 * length);
  for (int i = 0; i < 3; i++) {
    memset(scratch + i * length, 0, (size_t)filters * sizeof *scratch);
    memset(scratch + (i + 1) * length - filters, 0, (size_t)filters * sizeof *scratch);
  }
  if (first >= last) return;
  // Row y of what lies between is line (y + 1) % 3.
  for (int32_t y = first - 1; y <= first; y++)
    cs_integer_line(s, w, source, y, bytes, scratch + (y + 1) % 3 * length);
  for (int32_t y = first; y < last; y++) {
    cs_integer_line(s, w, source, y + 1, bytes, scratch + (y + 2) % 3 * length);
    const float *const lines[3] = {scratch + y % 3 * length, scratch + (y + 1) % 3 * length,
                                   scratch + (y + 2) % 3 * length};
    const ptrdiff_t place = (ptrdiff_t)y * s->width * filters;
    if (w->result_steps != 0)
      cs_integer_row(1, s, w, lines, (uint8_t *)result + place);
    else
      cs_integer_row(0, s, w, lines, (float *)result + place);
  }
}
CP_END
#endif
