// The depthwise part of the double convolutions, and what all of them share: for code between CP_BEGIN_AVX512 and CP_END.
#ifndef SEPARABLE_AVX512_H
#define SEPARABLE_AVX512_H

#include <immintrin.h>

#include "separable.h"

#define CS_INLINE static inline __attribute__((always_inline))

// Values below 0 become 0; what is no number stays.
CS_INLINE __m512 cs_rectified(__m512 value, int32_t rectifies) {
  if (!rectifies) return value;
  return _mm512_mask_mov_ps(value, _mm512_cmp_ps_mask(value, _mm512_setzero_ps(), _CMP_LT_OQ), _mm512_setzero_ps());
}

// Values as whole steps from 0 to 255, `factor` steps in 1; what is no number is 255. The first operand of min gives way.
CS_INLINE __m128i cs_bytes(__m512 value, __m512 factor) {
  const __m512 steps = _mm512_min_ps(_mm512_mul_ps(value, factor), _mm512_set1_ps(255));
  return _mm512_cvtusepi32_epi8(_mm512_cvtps_epi32(_mm512_max_ps(steps, _mm512_setzero_ps())));
}

// One row of the depthwise convolution for `vectors` times 16 filters. Each column of three values is read once, and takes
// part in three sums. `lines` have a pixel of zeros before and after.
// `result` takes floats, or, with a factor, bytes.
CS_INLINE void cs_row(const int vectors, const int makes_bytes, const cs_shape *s, const float *depthwise,
                      const float *biases, const float *const lines[3], int32_t filter, float factor, void *result) {
  const ptrdiff_t filters = s->filters;
  __m512 taps[2][9], bias[2], before[2], here[2];
  for (int v = 0; v < vectors; v++) {
    const int32_t f = filter + v * CS_LANES;
    bias[v] = _mm512_loadu_ps(biases + f);
#pragma clang loop unroll(full)
    for (int t = 0; t < 9; t++) taps[v][t] = _mm512_loadu_ps(depthwise + t * filters + f);
    before[v] = here[v] = bias[v];
#pragma clang loop unroll(full)
    for (int i = 0; i < 3; i++) {
      before[v] = _mm512_fmadd_ps(_mm512_loadu_ps(lines[i] + f), taps[v][3 * i], before[v]);
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < 3; i++) {
      const __m512 value = _mm512_loadu_ps(lines[i] + filters + f);
      before[v] = _mm512_fmadd_ps(value, taps[v][3 * i + 1], before[v]);
      here[v] = _mm512_fmadd_ps(value, taps[v][3 * i], here[v]);
    }
  }
  for (ptrdiff_t x = 0; x < s->width; x++) {
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) {
      const ptrdiff_t place = (x + 2) * filters + filter + v * CS_LANES;
      __m512 next = bias[v];
#pragma clang loop unroll(full)
      for (int i = 0; i < 3; i++) {
        const __m512 value = _mm512_loadu_ps(lines[i] + place);
        before[v] = _mm512_fmadd_ps(value, taps[v][3 * i + 2], before[v]);
        here[v] = _mm512_fmadd_ps(value, taps[v][3 * i + 1], here[v]);
        next = _mm512_fmadd_ps(value, taps[v][3 * i], next);
      }
      const ptrdiff_t own = x * filters + filter + v * CS_LANES;
      const __m512 value = cs_rectified(before[v], s->rectifies);
      if (makes_bytes)
        _mm_storeu_si128((__m128i *)((uint8_t *)result + own), cs_bytes(value, _mm512_set1_ps(factor)));
      else
        _mm512_storeu_ps((float *)result + own, value);
      before[v] = here[v];
      here[v] = next;
    }
  }
}

#endif
