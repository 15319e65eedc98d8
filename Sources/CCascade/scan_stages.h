// What the versions with vectors share: 256 bits are 16 windows of 16-bit sums, the even ones in the low halves of
// 32-bit lanes and the odd ones in the high halves. Included in a version's source.

static inline __m256i ck_load(const uint8_t *p) { return _mm256_loadu_si256((const __m256i *)p); }

static inline __m256i ck_value6(const ck_narrow_node *n, const uint8_t *w) {
  __m256i a = _mm256_sub_epi16(ck_load(w + n->offset[0]), ck_load(w + n->offset[0] + n->step1));
  __m256i b = _mm256_sub_epi16(ck_load(w + n->offset[1]), ck_load(w + n->offset[1] + n->step1));
  __m256i c = _mm256_sub_epi16(ck_load(w + n->offset[2]), ck_load(w + n->offset[2] + n->step1));
  return _mm256_sub_epi16(_mm256_add_epi16(a, c), _mm256_add_epi16(b, b));
}

static inline __m256i ck_value8(const ck_narrow_node *n, const uint8_t *w) {
  __m256i a = _mm256_sub_epi16(ck_load(w + n->offset[0]), ck_load(w + n->offset[0] + n->step1));
  __m256i b = _mm256_sub_epi16(ck_load(w + n->offset[1]), ck_load(w + n->offset[1] + n->step1));
  __m256i c = _mm256_sub_epi16(ck_load(w + n->offset[2]), ck_load(w + n->offset[2] + n->step1));
  __m256i d = _mm256_sub_epi16(ck_load(w + n->offset[3]), ck_load(w + n->offset[3] + n->step1));
  __m256i t = _mm256_sub_epi16(b, c);
  return _mm256_sub_epi16(_mm256_sub_epi16(a, d), _mm256_add_epi16(_mm256_add_epi16(t, t), t));
}

static inline __m256i ck_column9(const uint8_t *w, const ck_narrow_node *n) {
  __m256i middle = ck_load(w + n->step1);
  return _mm256_sub_epi16(_mm256_add_epi16(ck_load(w), ck_load(w + n->step2)), _mm256_add_epi16(middle, middle));
}

static inline __m256i ck_value9(const ck_narrow_node *n, const uint8_t *w) {
  __m256i a = ck_column9(w + n->offset[0], n), b = ck_column9(w + n->offset[1], n), c = ck_column9(w + n->offset[2], n);
  return _mm256_sub_epi16(_mm256_add_epi16(a, c), _mm256_add_epi16(b, b));
}

static inline __m256i ck_sum16(const uint8_t *w, const int32_t *c) {
  return _mm256_add_epi16(_mm256_sub_epi16(ck_load(w + c[0]), ck_load(w + c[1])),
                          _mm256_sub_epi16(ck_load(w + c[3]), ck_load(w + c[2])));
}

// The normalization of four windows: one over the root of the variance, and the bits of those with enough contrast.
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

static inline __m256i ck_sum32(const uint8_t *w, const int32_t *c) {
  return _mm256_add_epi32(_mm256_sub_epi32(ck_load(w + c[0]), ck_load(w + c[1])),
                          _mm256_sub_epi32(ck_load(w + c[3]), ck_load(w + c[2])));
}

static inline uint32_t ck_normalize(const ck_program *p, const uint8_t *w, const uint8_t *squares, float *scales) {
  __m256i sum[2];
  if (p->engine == CK_ENGINE_NARROW) {
    // In two halves, each of which fits 16 bits.
    __m256i top = ck_sum16(w, p->inner), bottom = ck_sum16(w, p->inner + 2);
    for (int half = 0; half < 2; half++) {
      __m128i a = half ? _mm256_extracti128_si256(top, 1) : _mm256_castsi256_si128(top);
      __m128i b = half ? _mm256_extracti128_si256(bottom, 1) : _mm256_castsi256_si128(bottom);
      sum[half] = _mm256_add_epi32(_mm256_cvtepu16_epi32(a), _mm256_cvtepu16_epi32(b));
    }
  } else {
    sum[0] = ck_sum32(w, p->inner);
    sum[1] = ck_sum32(w + 32, p->inner);
  }
  uint32_t enough = 0;
  for (int half = 0; half < 2; half++) {
    __m256i square = ck_sum32(squares + 32 * half, p->inner_squares);
    enough |= ck_normalize4(p, _mm256_castsi256_si128(sum[half]), _mm256_castsi256_si128(square), scales + 8 * half)
              << (8 * half);
    enough |= ck_normalize4(p, _mm256_extracti128_si256(sum[half], 1), _mm256_extracti128_si256(square, 1),
                            scales + 8 * half + 4)
              << (8 * half + 4);
  }
  return enough;
}
