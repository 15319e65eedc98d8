// The contrast of 16 windows in 256 bits. Included in a version's source.

// Four windows: their normalization, and the bits of those with enough contrast.
static inline uint32_t ck_normalize4(const ck_program *p, __m128i sum, __m128i squares, float *scales) {
  __m256d s = _mm256_cvtepi32_pd(sum), q = _mm256_cvtepi32_pd(squares);
  __m256d variance = _mm256_sub_pd(_mm256_mul_pd(_mm256_set1_pd(p->area), q), _mm256_mul_pd(s, s));
  __m256d is_enough = _mm256_cmp_pd(variance, _mm256_set1_pd(p->least_variance), _CMP_GE_OQ);
  uint32_t enough = (uint32_t)_mm256_movemask_pd(is_enough);
  if (enough) {
    __m256d scale = _mm256_div_pd(_mm256_set1_pd(1), _mm256_sqrt_pd(variance));
    _mm_storeu_ps(scales, _mm256_cvtpd_ps(scale));
  }
  return enough;
}

// Whether all of eight windows have too little contrast, as far as floats can tell.
static inline int ck_is_even(const ck_program *p, __m256i sum, __m256i squares) {
  __m256 s = _mm256_cvtepi32_ps(sum), q = _mm256_cvtepi32_ps(squares);
  __m256 variance = _mm256_sub_ps(_mm256_mul_ps(_mm256_set1_ps((float)p->area), q), _mm256_mul_ps(s, s));
  return _mm256_movemask_ps(_mm256_cmp_ps(variance, _mm256_set1_ps(p->doubtful_variance), _CMP_LT_OQ)) == 0xFF;
}

static inline uint32_t ck_normalize(const ck_program *p, const uint8_t *w, const uint8_t *squares, float *scales) {
  __m256i sum[2];
  if (p->engine == CK_ENGINE_NARROW) {
    // In two halves, each of which fits 16 bits.
    __m256i top = ck_sum16(w, p->inner), bottom = ck_sum16(w, p->inner + 2);
    sum[0] = _mm256_add_epi32(_mm256_cvtepu16_epi32(_mm256_castsi256_si128(top)),
                              _mm256_cvtepu16_epi32(_mm256_castsi256_si128(bottom)));
    sum[1] = _mm256_add_epi32(_mm256_cvtepu16_epi32(_mm256_extracti128_si256(top, 1)),
                              _mm256_cvtepu16_epi32(_mm256_extracti128_si256(bottom, 1)));
  } else {
    sum[0] = ck_sum32(w, p->inner);
    sum[1] = ck_sum32(w + 32, p->inner);
  }
  uint32_t enough = 0;
  for (int half = 0; half < 2; half++) {
    __m256i square = _mm256_sub_epi32(ck_load(squares + 32 * half + p->inner_squares[1]),
                                      ck_load(squares + 32 * half + p->inner_squares[0]));
    if (ck_is_even(p, sum[half], square)) continue;
    enough |= ck_normalize4(p, _mm256_castsi256_si128(sum[half]), _mm256_castsi256_si128(square), scales + 8 * half)
              << (8 * half);
    enough |= ck_normalize4(p, _mm256_extracti128_si256(sum[half], 1), _mm256_extracti128_si256(square, 1),
                            scales + 8 * half + 4)
              << (8 * half + 4);
  }
  return enough;
}
