// What scan_trees.h builds on, with 32-bit lanes in 512 bits. Included in a version's source.

// What is true of 16 windows, the sums of their leaves, and their normalization.
typedef __mmask16 ck_mask;
typedef __m512i ck_sums;
typedef __m512 ck_scales;

static inline ck_scales ck_load_scales(const float *scales) { return _mm512_loadu_ps(scales); }
static inline ck_sums ck_zero_sums(void) { return _mm512_setzero_si512(); }

// Adds a stump's delta where its feature says "left".
CK_INLINE void ck_add_stump(ck_sums *sums, ck_mask left, int32_t delta) {
  *sums = _mm512_mask_add_epi32(*sums, left, *sums, _mm512_set1_epi32(delta));
}

// Adds a pair's deltas where its nodes say "left".
CK_INLINE void ck_add_pair(ck_sums *sums, ck_mask first, ck_mask second, const ck_pair *pair) {
  ck_add_stump(sums, first & second, pair->delta[0]);
  ck_add_stump(sums, first, pair->delta[1]);
}

static inline uint32_t ck_decide(const ck_program *p, const ck_stage *s, ck_sums sums, const uint8_t *w,
                                 const float *scales, uint32_t lanes) {
  uint32_t passed = _mm512_cmpgt_epi32_mask(sums, _mm512_set1_epi32(s->high)) & lanes;
  uint32_t maybe = _mm512_cmpgt_epi32_mask(sums, _mm512_set1_epi32(s->low)) & lanes & ~passed;
  if (__builtin_expect(maybe != 0, 0)) passed |= ck_exact_lanes(p, s, w, scales, maybe);
  return passed;
}

static inline __mmask16 ck_less(__m512i value, __m512 scale, float threshold) {
  return _mm512_cmp_ps_mask(_mm512_mul_ps(_mm512_cvtepi32_ps(value), scale), _mm512_set1_ps(threshold), _CMP_LT_OQ);
}

static inline ck_mask ck_left16(__m256i v, const ck_narrow_node *n, ck_scales scale) {
  return ck_less(_mm512_cvtepi16_epi32(v), scale, n->threshold);
}

static inline ck_mask ck_left_boxes(const ck_program *p, const ck_narrow_node *n, const uint8_t *w, ck_scales scale) {
  __m512i value = _mm512_setzero_si512();
  const ck_box *box = p->boxes + n->offset[0];
  for (int32_t i = 0; i < n->offset[1]; i++, box++) {
    __m512i sum = _mm512_cvtepu16_epi32(ck_sum16(w, box->corner));
    value = _mm512_add_epi32(value, _mm512_mullo_epi32(sum, _mm512_set1_epi32(box->weight)));
  }
  return ck_less(value, scale, n->threshold);
}

// Full sums fit the same lanes.
typedef ck_mask ck_wide_mask;
typedef ck_sums ck_wide_sums;
typedef ck_scales ck_wide_scales;
#define ck_load_wide_scales ck_load_scales
#define ck_zero_wide_sums ck_zero_sums
#define ck_add_wide ck_add_stump
#define ck_add_wide_pair ck_add_pair
#define ck_decide_wide ck_decide
static inline ck_wide_mask ck_all_wide(void) { return 0xFFFF; }
static inline ck_wide_mask ck_both_wide(ck_wide_mask a, ck_wide_mask b) { return a & b; }
static inline ck_wide_mask ck_only_second_wide(ck_wide_mask a, ck_wide_mask b) { return b & (ck_wide_mask)~a; }

static inline __m512 ck_box512(const uint8_t *w, const int32_t *c, float weight) {
  __m512i sum =
      _mm512_add_epi32(_mm512_sub_epi32(_mm512_loadu_si512(w + c[0]), _mm512_loadu_si512(w + c[1])),
                       _mm512_sub_epi32(_mm512_loadu_si512(w + c[3]), _mm512_loadu_si512(w + c[2])));
  return _mm512_mul_ps(_mm512_set1_ps(weight), _mm512_cvtepi32_ps(sum));
}

static inline ck_wide_mask ck_left_wide(const ck_wide_node *n, const uint8_t *w, ck_wide_scales scale, int three) {
  __m512 value = _mm512_add_ps(ck_box512(w, n->corner, n->weight[0]), ck_box512(w, n->corner + 4, n->weight[1]));
  if (three) value = _mm512_add_ps(value, ck_box512(w, n->corner + 8, n->weight[2]));
  return _mm512_cmp_ps_mask(_mm512_mul_ps(value, scale), _mm512_set1_ps(n->threshold), _CMP_LT_OQ);
}

// Local binary patterns: the windows that go left. A code's upper four bits choose one of the subset's 16 words, its
// lower four a bit of that. Bits are subtracted, because the compiler makes more instructions of an addition.
static inline ck_mask ck_left_pattern(const ck_pattern_node *n, const uint8_t *w) {
  // The grid's lines are parallel, so seven of its offsets give the others.
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

#include "scan_trees.h"

static inline uint32_t ck_stage_wide(const ck_program *p, const ck_stage *s, const uint8_t *w, const float *scales,
                                     uint32_t lanes) {
  return ck_stage_wide_vector(p, s, w, scales, lanes);
}
