// Shrinking with AVX-512 (F, BW, DQ, VL).
#if defined(__x86_64__)
#include <immintrin.h>

#include "kernels.h"

CP_BEGIN_AVX512

// 32 pixels of a row, 16 bits each.
static inline __m512i pixels(const uint8_t *p) {
  return _mm512_cvtepu8_epi16(_mm256_loadu_si256((const __m256i *)p));
}

// Mixes the rows before the pairs of neighbors are picked: where 16 columns have their pixels in 32, a pixel serves more
// than one.
void ck_resample_row_avx512(const ck_resampler *r, const uint8_t *picture, ptrdiff_t stride, int32_t y,
                            uint8_t *target) {
  const uint8_t *above = picture + r->row_first[y] * stride, *below = picture + r->row_second[y] * stride;
  const __m512i second = _mm512_set1_epi16((short)r->row_weight[y]);
  const __m512i first = _mm512_sub_epi16(_mm512_set1_epi16(256), second);
  const __m512i neighbor = _mm512_set1_epi32(0x10000);
  // The last of 16 columns is at most 15 factors and one pixel further than the first, and has a neighbor.
  if (15 * (int64_t)r->picture_width > 29 * (int64_t)r->width || r->picture_width < 32) {
    ck_resample_row_avx2(r, picture, stride, y, target);
    return;
  }
  const int32_t most = r->picture_width - 32;
  for (int32_t x = 0; x < r->width; x += 16) {
    // The last column's neighbor is any pixel: its weight is 0.
    const ptrdiff_t start = r->column_first[x] < most ? r->column_first[x] : most;
    __m512i sum = _mm512_add_epi16(_mm512_mullo_epi16(pixels(above + start), first),
                                   _mm512_mullo_epi16(pixels(below + start), second));
    // Less 32768, to fit signed products.
    sum = _mm512_xor_si512(sum, _mm512_set1_epi16((short)0x8000));
    __m512i place = _mm512_sub_epi32(_mm512_loadu_si512(r->column_first + x), _mm512_set1_epi32((int)start));
    place = _mm512_add_epi32(_mm512_or_si512(place, _mm512_slli_epi32(place, 16)), neighbor);
    sum = _mm512_madd_epi16(_mm512_permutexvar_epi16(place, sum), _mm512_loadu_si512(r->column_weights + x));
    sum = _mm512_srli_epi32(_mm512_add_epi32(sum, _mm512_set1_epi32(32768 * 256 + 32768)), 16);
    _mm_storeu_si128((__m128i *)(target + x), _mm512_cvtepi32_epi8(sum));
  }
}
CP_END
#endif
