// Stages with 32-bit lanes in 512 bits. Included in a version's source.

static inline __mmask16 ck_less(__m512i value, __m512 scale, float threshold) {
  return _mm512_cmp_ps_mask(_mm512_mul_ps(_mm512_cvtepi32_ps(value), scale), _mm512_set1_ps(threshold), _CMP_LT_OQ);
}

static inline __mmask16 ck_left16(__m256i v, const ck_narrow_node *n, __m512 scale) {
  return ck_less(_mm512_cvtepi16_epi32(v), scale, n->threshold);
}

static inline __mmask16 ck_left_boxes(const ck_program *p, const ck_narrow_node *n, const uint8_t *w, __m512 scale) {
  __m512i value = _mm512_setzero_si512();
  const ck_box *box = p->boxes + n->offset[0];
  for (int32_t i = 0; i < n->offset[1]; i++, box++) {
    __m512i sum = _mm512_cvtepu16_epi32(ck_sum16(w, box->corner));
    value = _mm512_add_epi32(value, _mm512_mullo_epi32(sum, _mm512_set1_epi32(box->weight)));
  }
  return ck_less(value, scale, n->threshold);
}

static inline __attribute__((always_inline)) __mmask16 ck_left_narrow(const ck_program *p, int32_t kind, int32_t index,
                                                                      const uint8_t *w, __m512 scale) {
  const ck_narrow_node *n = p->narrow + index;
  switch (kind) {
    case 0:
      return ck_left16(ck_value6(n, w), n, scale);
    case 1:
      return ck_left16(ck_value8(n, w), n, scale);
    case 2:
      return ck_left16(ck_value9(n, w), n, scale);
    default:
      return ck_left_boxes(p, n, w, scale);
  }
}

static inline uint32_t ck_decide512(const ck_program *p, const ck_stage *s, __m512i sum, const uint8_t *w,
                                    const float *scales, uint32_t lanes) {
  uint32_t passed = _mm512_cmpgt_epi32_mask(sum, _mm512_set1_epi32(s->high)) & lanes;
  uint32_t maybe = _mm512_cmpgt_epi32_mask(sum, _mm512_set1_epi32(s->low)) & lanes & ~passed;
  if (__builtin_expect(maybe != 0, 0)) passed |= ck_exact_lanes(p, s, w, scales, maybe);
  return passed;
}

#define CK_STUMPS(KIND, MASK)                                                                \
  for (int32_t i = 0; i < s->count[KIND]; i++) {                                             \
    const ck_narrow_node *n = p->narrow + s->first[KIND] + i;                                \
    sum = _mm512_mask_add_epi32(sum, MASK, sum, _mm512_set1_epi32(n->delta));                \
  }

static inline __attribute__((always_inline)) void ck_add_pair(const ck_program *p, const ck_pair *pair, int32_t kind0,
                                                              int32_t kind1, const uint8_t *w, __m512 scale,
                                                              __m512i *sum) {
  __mmask16 first = ck_left_narrow(p, kind0, pair->node[0], w, scale);
  __mmask16 second = ck_left_narrow(p, kind1, pair->node[1], w, scale);
  *sum = _mm512_mask_add_epi32(*sum, first & second, *sum, _mm512_set1_epi32(pair->delta[0]));
  *sum = _mm512_mask_add_epi32(*sum, first, *sum, _mm512_set1_epi32(pair->delta[1]));
}

#define CK_PAIRS(FIRST, SECOND)                                                             \
  case FIRST * 4 + SECOND:                                                                  \
    do {                                                                                    \
      ck_add_pair(p, pair, FIRST, SECOND, w, scale, &sum);                                  \
      pair++;                                                                               \
    } while (pair < end && pair->kind[0] == FIRST && pair->kind[1] == SECOND);              \
    break;

static inline uint32_t ck_stage_narrow(const ck_program *p, const ck_stage *s, const uint8_t *w, const float *scales,
                                       uint32_t lanes) {
  __m512 scale = _mm512_loadu_ps(scales);
  __m512i sum = _mm512_setzero_si512();
  CK_STUMPS(0, ck_left16(ck_value6(n, w), n, scale))
  CK_STUMPS(1, ck_left16(ck_value8(n, w), n, scale))
  CK_STUMPS(2, ck_left16(ck_value9(n, w), n, scale))
  CK_STUMPS(3, ck_left_boxes(p, n, w, scale))
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
        ck_add_pair(p, pair, pair->kind[0], pair->kind[1], w, scale, &sum);
        pair++;
    }
  }
  return ck_decide512(p, s, sum, w, scales, lanes);
}

static inline __m512 ck_box512(const uint8_t *w, const int32_t *c, float weight) {
  __m512i sum =
      _mm512_add_epi32(_mm512_sub_epi32(_mm512_loadu_si512(w + c[0]), _mm512_loadu_si512(w + c[1])),
                       _mm512_sub_epi32(_mm512_loadu_si512(w + c[3]), _mm512_loadu_si512(w + c[2])));
  return _mm512_mul_ps(_mm512_set1_ps(weight), _mm512_cvtepi32_ps(sum));
}

static inline __mmask16 ck_left_wide(const ck_wide_node *n, const uint8_t *w, __m512 scale, int three) {
  __m512 value = _mm512_add_ps(ck_box512(w, n->corner, n->weight[0]), ck_box512(w, n->corner + 4, n->weight[1]));
  if (three) value = _mm512_add_ps(value, ck_box512(w, n->corner + 8, n->weight[2]));
  return _mm512_cmp_ps_mask(_mm512_mul_ps(value, scale), _mm512_set1_ps(n->threshold), _CMP_LT_OQ);
}

static inline uint32_t ck_stage_wide(const ck_program *p, const ck_stage *s, const uint8_t *w, const float *scales,
                                     uint32_t lanes) {
  __m512 scale = _mm512_loadu_ps(scales);
  __m512i sum = _mm512_setzero_si512();
  for (int three = 0; three < 2; three++) {
    const ck_wide_node *n = p->wide + s->first[three];
    for (int32_t i = 0; i < s->count[three]; i++, n++)
      sum = _mm512_mask_add_epi32(sum, ck_left_wide(n, w, scale, three), sum, _mm512_set1_epi32(n->delta));
  }
  const ck_pair *pair = p->pairs + s->first_pair;
  for (int32_t i = 0; i < s->pair_count; i++, pair++) {
    __mmask16 first = ck_left_wide(p->wide + pair->node[0], w, scale, pair->kind[0]);
    __mmask16 second = ck_left_wide(p->wide + pair->node[1], w, scale, pair->kind[1]);
    sum = _mm512_mask_add_epi32(sum, first & second, sum, _mm512_set1_epi32(pair->delta[0]));
    sum = _mm512_mask_add_epi32(sum, first, sum, _mm512_set1_epi32(pair->delta[1]));
  }
  const ck_large_tree *tree = p->large + s->first_large;
  for (int32_t i = 0; i < s->large_count; i++, tree++) {
    // Which windows reach a node; every window reaches one leaf.
    __mmask16 reached[CK_TREE_NODES];
    reached[0] = 0xFFFF;
    for (int32_t j = 0; j < tree->node_count; j++) {
      int32_t index = tree->first_node + j;
      const ck_wide_node *n = p->wide + index;
      __mmask16 left = ck_left_wide(n, w, scale, n->weight[2] != 0);
      for (int side = 0; side < 2; side++) {
        __mmask16 there = side ? reached[j] & ~left : reached[j] & left;
        int32_t child = p->children[2 * index + side];
        if (child > 0)
          reached[child] = there;
        else
          sum = _mm512_mask_add_epi32(sum, there, sum, _mm512_set1_epi32(p->fixed_leaves[tree->first_leaf - child]));
      }
    }
  }
  return ck_decide512(p, s, sum, w, scales, lanes);
}

// Local binary patterns: the windows that go left. A code's upper four bits choose one of the subset's 16 words, its
// lower four a bit of that. Bits are taken away, for the compiler turns those that are added into more instructions.
static inline __mmask16 ck_pattern_left(const ck_pattern_node *n, const uint8_t *w) {
  // The grid's lines are parallel: seven of its offsets tell the others.
  const int32_t *c = n->corner;
  const ptrdiff_t across[4] = {0, c[1] - c[0], c[2] - c[0], c[3] - c[0]};
  __m256i above[4], d[12], block[9];
  for (int x = 0; x < 4; x++) above[x] = ck_load(w + c[0] + across[x]);
  for (int y = 0; y < 3; y++) {
    for (int x = 0; x < 4; x++) {
      __m256i below = ck_load(w + c[4 * y + 4] + across[x]);
      d[4 * y + x] = _mm256_sub_epi16(below, above[x]);
      above[x] = below;
    }
  }
  for (int i = 0; i < 9; i++) block[i] = _mm256_sub_epi16(d[i / 3 * 4 + i % 3 + 1], d[i / 3 * 4 + i % 3]);
  static const int upper[4] = {0, 1, 2, 5}, lower[4] = {8, 7, 6, 3};
  __m256i word = _mm256_set1_epi16(15), bit = word;
  for (int i = 0; i < 4; i++) {
    __m256i value = _mm256_set1_epi16((short)(8 >> i));
    word = _mm256_mask_sub_epi16(word, _mm256_cmplt_epu16_mask(block[upper[i]], block[4]), word, value);
    bit = _mm256_mask_sub_epi16(bit, _mm256_cmplt_epu16_mask(block[lower[i]], block[4]), bit, value);
  }
  word = _mm256_permutexvar_epi16(word, ck_load(n->subset));
  return _mm256_test_epi16_mask(_mm256_srlv_epi16(word, bit), _mm256_set1_epi16(1));
}

static inline uint32_t ck_stage_pattern(const ck_program *p, const ck_stage *s, const uint8_t *w, const float *scales,
                                        uint32_t lanes) {
  __m512i sum = _mm512_setzero_si512();
  const ck_pattern_node *n = p->patterns + s->first[0];
  for (int32_t i = 0; i < s->count[0]; i++, n++)
    sum = _mm512_mask_add_epi32(sum, ck_pattern_left(n, w), sum, _mm512_set1_epi32(n->delta));
  const ck_pair *pair = p->pairs + s->first_pair;
  for (int32_t i = 0; i < s->pair_count; i++, pair++) {
    __mmask16 first = ck_pattern_left(p->patterns + pair->node[0], w);
    __mmask16 second = ck_pattern_left(p->patterns + pair->node[1], w);
    sum = _mm512_mask_add_epi32(sum, first & second, sum, _mm512_set1_epi32(pair->delta[0]));
    sum = _mm512_mask_add_epi32(sum, first, sum, _mm512_set1_epi32(pair->delta[1]));
  }
  return ck_decide512(p, s, sum, w, scales, lanes);
}
