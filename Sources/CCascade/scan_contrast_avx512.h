// The contrast of 16 windows in 512 bits. Included in a version's source.

// One over the roots of eight variances, from an estimate instead of a root and a division. Three terms of the series
// leave an error of less than 2^-40, which is less than 2^13 units of a double's last place. Where no boundary between
// two floats is as near as that, the float is the same; elsewhere, in one window of 30,000, root and division decide.
static inline __m256 ck_inverse_roots(__m512d variance, __mmask8 lanes) {
  const __m512d one = _mm512_set1_pd(1);
  // An error of less than 2^-14.
  __m512d y = _mm512_rsqrt14_pd(variance);
  __m512d e = _mm512_fnmadd_pd(_mm512_mul_pd(variance, y), y, one);
  __m512d series = _mm512_fmadd_pd(e, _mm512_set1_pd(0.375), _mm512_set1_pd(0.5));
  y = _mm512_fmadd_pd(_mm512_mul_pd(y, e), series, y);
  // A float has 29 bits less; the boundary is in the middle of what they can say.
  __m512i past = _mm512_add_epi64(_mm512_castpd_si512(y), _mm512_set1_epi64((1 << 13) - (1 << 28)));
  __mmask8 near = _mm512_mask_testn_epi64_mask(lanes, past, _mm512_set1_epi64((1 << 29) - (1 << 14)));
  if (__builtin_expect(near != 0, 0)) y = _mm512_div_pd(one, _mm512_sqrt_pd(variance));
  return _mm512_cvtpd_ps(y);
}

// The windows of eight that have enough contrast, and their normalization. Everything before the roots is whole.
static inline uint32_t ck_normalize8(const ck_program *p, __m256i sum, __m256i squares, float *scales) {
  __m512d s = _mm512_cvtepi32_pd(sum), q = _mm512_cvtepi32_pd(squares);
  __m512d variance = _mm512_fmsub_pd(_mm512_set1_pd(p->area), q, _mm512_mul_pd(s, s));
  __mmask8 enough = _mm512_cmp_pd_mask(variance, _mm512_set1_pd(p->least_variance), _CMP_GE_OQ);
  if (enough) _mm256_storeu_ps(scales, ck_inverse_roots(variance, enough));
  return enough;
}

static inline __m512i ck_sum32_512(const uint8_t *w, const int32_t *c) {
  return _mm512_add_epi32(_mm512_sub_epi32(_mm512_loadu_si512(w + c[0]), _mm512_loadu_si512(w + c[1])),
                          _mm512_sub_epi32(_mm512_loadu_si512(w + c[3]), _mm512_loadu_si512(w + c[2])));
}

static inline uint32_t ck_normalize(const ck_program *p, const uint8_t *w, const uint8_t *squares, float *scales) {
  __m512i sum;
  if (p->engine == CK_ENGINE_NARROW) {
    // In two halves, each of which fits 16 bits.
    sum = _mm512_add_epi32(_mm512_cvtepu16_epi32(ck_sum16(w, p->inner)),
                           _mm512_cvtepu16_epi32(ck_sum16(w, p->inner + 2)));
  } else {
    sum = ck_sum32_512(w, p->inner);
  }
  __m512i square = _mm512_sub_epi32(_mm512_loadu_si512(squares + p->inner_squares[1]),
                                    _mm512_loadu_si512(squares + p->inner_squares[0]));
  // Most windows have too little contrast, and floats can tell.
  __m512 s = _mm512_cvtepi32_ps(sum);
  __m512 variance =
      _mm512_fmsub_ps(_mm512_set1_ps((float)p->area), _mm512_cvtepi32_ps(square), _mm512_mul_ps(s, s));
  if (!_mm512_cmp_ps_mask(variance, _mm512_set1_ps(p->doubtful_variance), _CMP_GE_OQ)) return 0;
  return ck_normalize8(p, _mm512_castsi512_si256(sum), _mm512_castsi512_si256(square), scales) |
         ck_normalize8(p, _mm512_extracti64x4_epi64(sum, 1), _mm512_extracti64x4_epi64(square, 1), scales + 8) << 8;
}
