// Stages in 256 bits. Included in a version's source.

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

typedef struct {
  __m256i even;
  __m256i odd;
} ck_masks;

static inline __m256i ck_less(__m256i value, __m256 scale, __m256 threshold) {
  return _mm256_castps_si256(_mm256_cmp_ps(_mm256_mul_ps(_mm256_cvtepi32_ps(value), scale), threshold, _CMP_LT_OQ));
}

// 16-bit values stay in the upper halves of their lanes, that is times 65536, which the scales make up for.
static inline ck_masks ck_left16(__m256i v, const ck_narrow_node *n, __m256 even_scale, __m256 odd_scale) {
  __m256 threshold = _mm256_set1_ps(n->threshold);
  __m256i even = _mm256_slli_epi32(v, 16);
  __m256i odd = _mm256_and_si256(v, _mm256_set1_epi32((int)0xFFFF0000));
  return (ck_masks){ck_less(even, even_scale, threshold), ck_less(odd, odd_scale, threshold)};
}

static inline ck_masks ck_left_boxes(const ck_program *p, const ck_narrow_node *n, const uint8_t *w, __m256 even_scale,
                                     __m256 odd_scale) {
  __m256i even = _mm256_setzero_si256(), odd = even;
  const ck_box *box = p->boxes + n->offset[0];
  for (int32_t i = 0; i < n->offset[1]; i++, box++) {
    __m256i sum = ck_sum16(w, box->corner), weight = _mm256_set1_epi32(box->weight);
    __m256i low = _mm256_and_si256(sum, _mm256_set1_epi32(0xFFFF));
    even = _mm256_add_epi32(even, _mm256_mullo_epi32(low, weight));
    odd = _mm256_add_epi32(odd, _mm256_mullo_epi32(_mm256_srli_epi32(sum, 16), weight));
  }
  const __m256 shift = _mm256_set1_ps(65536);
  __m256 threshold = _mm256_set1_ps(n->threshold);
  __m256 e = _mm256_mul_ps(_mm256_cvtepi32_ps(even), _mm256_mul_ps(even_scale, shift));
  __m256 o = _mm256_mul_ps(_mm256_cvtepi32_ps(odd), _mm256_mul_ps(odd_scale, shift));
  return (ck_masks){_mm256_castps_si256(_mm256_cmp_ps(e, threshold, _CMP_LT_OQ)),
                    _mm256_castps_si256(_mm256_cmp_ps(o, threshold, _CMP_LT_OQ))};
}

static inline __attribute__((always_inline)) ck_masks ck_left_narrow(const ck_program *p, int32_t kind, int32_t index,
                                                                     const uint8_t *w, __m256 even_scale,
                                                                     __m256 odd_scale) {
  const ck_narrow_node *n = p->narrow + index;
  switch (kind) {
    case 0:
      return ck_left16(ck_value6(n, w), n, even_scale, odd_scale);
    case 1:
      return ck_left16(ck_value8(n, w), n, even_scale, odd_scale);
    case 2:
      return ck_left16(ck_value9(n, w), n, even_scale, odd_scale);
    default:
      return ck_left_boxes(p, n, w, even_scale, odd_scale);
  }
}

#define CK_STUMPS(KIND, MASKS)                                                               \
  for (int32_t i = 0; i < s->count[KIND]; i++) {                                             \
    const ck_narrow_node *n = p->narrow + s->first[KIND] + i;                                \
    ck_masks left = MASKS;                                                                   \
    __m256i delta = _mm256_set1_epi32(n->delta);                                             \
    even = _mm256_add_epi32(even, _mm256_and_si256(left.even, delta));                       \
    odd = _mm256_add_epi32(odd, _mm256_and_si256(left.odd, delta));                          \
  }

static inline __attribute__((always_inline)) void ck_add_pair(const ck_program *p, const ck_pair *pair, int32_t kind0,
                                                              int32_t kind1, const uint8_t *w, __m256 even_scale,
                                                              __m256 odd_scale, __m256i *even, __m256i *odd) {
  ck_masks first = ck_left_narrow(p, kind0, pair->node[0], w, even_scale, odd_scale);
  ck_masks second = ck_left_narrow(p, kind1, pair->node[1], w, even_scale, odd_scale);
  __m256i ab = _mm256_set1_epi32(pair->delta[0]), bc = _mm256_set1_epi32(pair->delta[1]);
  __m256i e = _mm256_add_epi32(_mm256_and_si256(second.even, ab), bc);
  __m256i o = _mm256_add_epi32(_mm256_and_si256(second.odd, ab), bc);
  *even = _mm256_add_epi32(*even, _mm256_and_si256(first.even, e));
  *odd = _mm256_add_epi32(*odd, _mm256_and_si256(first.odd, o));
}

#define CK_PAIRS(FIRST, SECOND)                                                             \
  case FIRST * 4 + SECOND:                                                                  \
    do {                                                                                    \
      ck_add_pair(p, pair, FIRST, SECOND, w, even_scale, odd_scale, &even, &odd);           \
      pair++;                                                                               \
    } while (pair < end && pair->kind[0] == FIRST && pair->kind[1] == SECOND);              \
    break;

static inline uint32_t ck_stage_narrow(const ck_program *p, const ck_stage *s, const uint8_t *w, const float *scales,
                                       uint32_t lanes) {
  const __m256 shift = _mm256_set1_ps(1.0f / 65536);
  __m256 a = _mm256_mul_ps(_mm256_loadu_ps(scales), shift), b = _mm256_mul_ps(_mm256_loadu_ps(scales + 8), shift);
  __m256 even_scale = _mm256_castpd_ps(_mm256_permute4x64_pd(_mm256_castps_pd(_mm256_shuffle_ps(a, b, 0x88)), 0xD8));
  __m256 odd_scale = _mm256_castpd_ps(_mm256_permute4x64_pd(_mm256_castps_pd(_mm256_shuffle_ps(a, b, 0xDD)), 0xD8));
  __m256i even = _mm256_setzero_si256(), odd = even;
  CK_STUMPS(0, ck_left16(ck_value6(n, w), n, even_scale, odd_scale))
  CK_STUMPS(1, ck_left16(ck_value8(n, w), n, even_scale, odd_scale))
  CK_STUMPS(2, ck_left16(ck_value9(n, w), n, even_scale, odd_scale))
  CK_STUMPS(3, ck_left_boxes(p, n, w, even_scale, odd_scale))
  const ck_pair *pair = p->pairs + s->first_pair, *end = pair + s->pair_count;
  // Pairs are sorted by their kinds: a loop for each of those that occur.
  while (pair < end) {
    switch (pair->kind[0] * 4 + pair->kind[1]) {
      CK_PAIRS(0, 0)
      CK_PAIRS(0, 1)
      CK_PAIRS(0, 2)
      CK_PAIRS(1, 0)
      CK_PAIRS(1, 1)
      CK_PAIRS(1, 2)
      CK_PAIRS(2, 0)
      CK_PAIRS(2, 1)
      CK_PAIRS(2, 2)
      default:
        ck_add_pair(p, pair, pair->kind[0], pair->kind[1], w, even_scale, odd_scale, &even, &odd);
        pair++;
    }
  }
  return ck_decide(p, s, even, odd, w, scales, lanes);
}

static inline __m256i ck_left_wide(const ck_wide_node *n, const uint8_t *w, __m256 scale, int three) {
  __m256 value = _mm256_add_ps(
      _mm256_mul_ps(_mm256_set1_ps(n->weight[0]), _mm256_cvtepi32_ps(ck_sum32(w, n->corner))),
      _mm256_mul_ps(_mm256_set1_ps(n->weight[1]), _mm256_cvtepi32_ps(ck_sum32(w, n->corner + 4))));
  if (three)
    value = _mm256_add_ps(
        value, _mm256_mul_ps(_mm256_set1_ps(n->weight[2]), _mm256_cvtepi32_ps(ck_sum32(w, n->corner + 8))));
  return _mm256_castps_si256(
      _mm256_cmp_ps(_mm256_mul_ps(value, scale), _mm256_set1_ps(n->threshold), _CMP_LT_OQ));
}

// Eight windows, from `w` on.
static inline uint32_t ck_stage_wide8(const ck_program *p, const ck_stage *s, const uint8_t *w, const float *scales,
                                      uint32_t lanes) {
  __m256 scale = _mm256_loadu_ps(scales);
  __m256i sum = _mm256_setzero_si256();
  for (int three = 0; three < 2; three++) {
    const ck_wide_node *n = p->wide + s->first[three];
    for (int32_t i = 0; i < s->count[three]; i++, n++)
      sum = _mm256_add_epi32(sum, _mm256_and_si256(ck_left_wide(n, w, scale, three), _mm256_set1_epi32(n->delta)));
  }
  const ck_pair *pair = p->pairs + s->first_pair;
  for (int32_t i = 0; i < s->pair_count; i++, pair++) {
    __m256i first = ck_left_wide(p->wide + pair->node[0], w, scale, pair->kind[0]);
    __m256i second = ck_left_wide(p->wide + pair->node[1], w, scale, pair->kind[1]);
    __m256i leaf = _mm256_add_epi32(_mm256_and_si256(second, _mm256_set1_epi32(pair->delta[0])),
                                    _mm256_set1_epi32(pair->delta[1]));
    sum = _mm256_add_epi32(sum, _mm256_and_si256(first, leaf));
  }
  const ck_large_tree *tree = p->large + s->first_large;
  for (int32_t i = 0; i < s->large_count; i++, tree++) {
    // Which windows reach a node; every window reaches one leaf.
    __m256i reached[CK_TREE_NODES];
    reached[0] = _mm256_set1_epi32(-1);
    for (int32_t j = 0; j < tree->node_count; j++) {
      int32_t index = tree->first_node + j;
      const ck_wide_node *n = p->wide + index;
      __m256i left = ck_left_wide(n, w, scale, n->weight[2] != 0);
      for (int side = 0; side < 2; side++) {
        __m256i there = side ? _mm256_andnot_si256(left, reached[j]) : _mm256_and_si256(left, reached[j]);
        int32_t child = p->children[2 * index + side];
        if (child > 0) {
          reached[child] = there;
        } else {
          __m256i leaf = _mm256_set1_epi32(p->fixed_leaves[tree->first_leaf - child]);
          sum = _mm256_add_epi32(sum, _mm256_and_si256(there, leaf));
        }
      }
    }
  }
  __m256i high = _mm256_cmpgt_epi32(sum, _mm256_set1_epi32(s->high));
  __m256i low = _mm256_cmpgt_epi32(sum, _mm256_set1_epi32(s->low));
  uint32_t passed = (uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(high)) & lanes;
  uint32_t maybe = (uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(low)) & lanes & ~passed;
  if (__builtin_expect(maybe != 0, 0)) passed |= ck_exact_lanes(p, s, w, scales, maybe);
  return passed;
}

static inline uint32_t ck_stage_wide(const ck_program *p, const ck_stage *s, const uint8_t *w, const float *scales,
                                     uint32_t lanes) {
  uint32_t passed = 0;
  if (lanes & 0xFF) passed = ck_stage_wide8(p, s, w, scales, lanes & 0xFF);
  if (lanes >> 8) passed |= ck_stage_wide8(p, s, w + 32, scales + 8, lanes >> 8) << 8;
  return passed;
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
