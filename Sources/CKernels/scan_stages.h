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

// Local binary patterns: all ones in the lanes of windows that go left.
static inline __m256i ck_pattern_left(const ck_pattern_node *n, const uint8_t *w) {
  __m256i d[12], block[9];
  for (int i = 0; i < 12; i++) d[i] = _mm256_sub_epi16(ck_load(w + n->corner[i + 4]), ck_load(w + n->corner[i]));
  for (int i = 0; i < 9; i++) block[i] = _mm256_sub_epi16(d[i / 3 * 4 + i % 3 + 1], d[i / 3 * 4 + i % 3]);
  static const int around[8] = {0, 1, 2, 5, 8, 7, 6, 3};
  __m256i code = _mm256_setzero_si256();
  for (int i = 0; i < 8; i++) {
    __m256i b = block[around[i]];
    __m256i above = _mm256_cmpeq_epi16(_mm256_max_epu16(b, block[4]), b);
    code = _mm256_sub_epi16(_mm256_add_epi16(code, code), above);
  }
  // The code's bit in the subset: one of 32 bytes, one of 8 bits.
  __m256i low = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)n->subset));
  __m256i high = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(n->subset + 16)));
  __m256i bits = _mm256_set1_epi64x((long long)0x8040201008040201);
  __m256i index = _mm256_srli_epi16(code, 3);
  __m256i byte = _mm256_blendv_epi8(_mm256_shuffle_epi8(low, index), _mm256_shuffle_epi8(high, index),
                                    _mm256_cmpgt_epi16(index, _mm256_set1_epi16(15)));
  __m256i bit = _mm256_shuffle_epi8(bits, _mm256_and_si256(code, _mm256_set1_epi16(7)));
  bit = _mm256_and_si256(bit, _mm256_set1_epi16(0xFF));
  return _mm256_cmpeq_epi16(_mm256_and_si256(byte, bit), bit);
}

// One bit a window from the lanes' signs in 32 bits.
static inline uint32_t ck_bits(__m256i even, __m256i odd) {
  __m256i words = _mm256_blend_epi16(even, odd, 0xAA);
  __m128i bytes = _mm_packs_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1));
  return (uint32_t)_mm_movemask_epi8(bytes);
}

static inline uint32_t ck_decide(const ck_program *p, const ck_stage *s, __m256i even, __m256i odd, const uint8_t *w,
                                 const float *scales, uint32_t lanes) {
  __m256i high = _mm256_set1_epi32(s->high), low = _mm256_set1_epi32(s->low);
  uint32_t passed = ck_bits(_mm256_cmpgt_epi32(even, high), _mm256_cmpgt_epi32(odd, high)) & lanes;
  uint32_t maybe = ck_bits(_mm256_cmpgt_epi32(even, low), _mm256_cmpgt_epi32(odd, low)) & lanes & ~passed;
  if (__builtin_expect(maybe != 0, 0)) passed |= ck_exact_lanes(p, s, w, scales, maybe);
  return passed;
}

static inline uint32_t ck_stage_pattern(const ck_program *p, const ck_stage *s, const uint8_t *w, const float *scales,
                                        uint32_t lanes) {
  __m256i even = _mm256_setzero_si256(), odd = even;
  const ck_pattern_node *n = p->patterns + s->first[0];
  for (int32_t i = 0; i < s->count[0]; i++, n++) {
    __m256i left = ck_pattern_left(n, w), delta = _mm256_set1_epi32(n->delta);
    even = _mm256_add_epi32(even, _mm256_and_si256(_mm256_srai_epi32(_mm256_slli_epi32(left, 16), 16), delta));
    odd = _mm256_add_epi32(odd, _mm256_and_si256(_mm256_srai_epi32(left, 16), delta));
  }
  const ck_pair *pair = p->pairs + s->first_pair;
  for (int32_t i = 0; i < s->pair_count; i++, pair++) {
    __m256i first = ck_pattern_left(p->patterns + pair->node[0], w);
    __m256i both = _mm256_and_si256(first, ck_pattern_left(p->patterns + pair->node[1], w));
    __m256i ab = _mm256_set1_epi32(pair->delta[0]), bc = _mm256_set1_epi32(pair->delta[1]);
    even = _mm256_add_epi32(even, _mm256_and_si256(_mm256_srai_epi32(_mm256_slli_epi32(first, 16), 16), bc));
    even = _mm256_add_epi32(even, _mm256_and_si256(_mm256_srai_epi32(_mm256_slli_epi32(both, 16), 16), ab));
    odd = _mm256_add_epi32(odd, _mm256_and_si256(_mm256_srai_epi32(first, 16), bc));
    odd = _mm256_add_epi32(odd, _mm256_and_si256(_mm256_srai_epi32(both, 16), ab));
  }
  return ck_decide(p, s, even, odd, w, scales, lanes);
}

// The normalisation of four windows: one over the root of the variance, and the bits of those that are not too even.
static inline uint32_t ck_normalise4(const ck_program *p, __m128i sum, __m128i squares, float *scales) {
  __m256d s = _mm256_cvtepi32_pd(sum), q = _mm256_cvtepi32_pd(squares);
  __m256d variance = _mm256_sub_pd(_mm256_mul_pd(_mm256_set1_pd(p->area), q), _mm256_mul_pd(s, s));
  uint32_t enough = (uint32_t)_mm256_movemask_pd(_mm256_cmp_pd(variance, _mm256_set1_pd(p->least_variance), _CMP_GE_OQ));
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

static inline uint32_t ck_normalise(const ck_program *p, const uint8_t *w, const uint8_t *squares, float *scales) {
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
    enough |= ck_normalise4(p, _mm256_castsi256_si128(sum[half]), _mm256_castsi256_si128(square), scales + 8 * half)
              << (8 * half);
    enough |= ck_normalise4(p, _mm256_extracti128_si256(sum[half], 1), _mm256_extracti128_si256(square, 1),
                            scales + 8 * half + 4)
              << (8 * half + 4);
  }
  return enough;
}
