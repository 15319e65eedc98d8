// What scan_trees.h builds on, in 256 bits. Included in a version's source.

// One bit a window from the lanes' signs in 32 bits.
static inline uint32_t ck_bits(__m256i even, __m256i odd) {
  __m256i words = _mm256_blend_epi16(even, odd, 0xAA);
  __m128i bytes = _mm_packs_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1));
  return (uint32_t)_mm_movemask_epi8(bytes);
}

// What is true of 16 windows, and the sums of their leaves: the even windows and the odd ones, in 32 bits each.
typedef struct {
  __m256i even;
  __m256i odd;
} ck_mask, ck_sums;

// The normalization of 16 windows, over 65536.
typedef struct {
  __m256 even;
  __m256 odd;
} ck_scales;

static inline ck_scales ck_load_scales(const float *scales) {
  const __m256 shift = _mm256_set1_ps(1.0f / 65536);
  __m256 a = _mm256_mul_ps(_mm256_loadu_ps(scales), shift), b = _mm256_mul_ps(_mm256_loadu_ps(scales + 8), shift);
  return (ck_scales){
      _mm256_castpd_ps(_mm256_permute4x64_pd(_mm256_castps_pd(_mm256_shuffle_ps(a, b, 0x88)), 0xD8)),
      _mm256_castpd_ps(_mm256_permute4x64_pd(_mm256_castps_pd(_mm256_shuffle_ps(a, b, 0xDD)), 0xD8))};
}

static inline ck_sums ck_zero_sums(void) { return (ck_sums){_mm256_setzero_si256(), _mm256_setzero_si256()}; }

// Adds a stump's delta where its feature says "left".
CK_INLINE void ck_add_stump(ck_sums *sums, ck_mask left, int32_t delta) {
  __m256i d = _mm256_set1_epi32(delta);
  sums->even = _mm256_add_epi32(sums->even, _mm256_and_si256(left.even, d));
  sums->odd = _mm256_add_epi32(sums->odd, _mm256_and_si256(left.odd, d));
}

// Adds a pair's deltas where its nodes say "left".
CK_INLINE void ck_add_pair(ck_sums *sums, ck_mask first, ck_mask second, const ck_pair *pair) {
  __m256i ab = _mm256_set1_epi32(pair->delta[0]), bc = _mm256_set1_epi32(pair->delta[1]);
  __m256i even = _mm256_add_epi32(_mm256_and_si256(second.even, ab), bc);
  __m256i odd = _mm256_add_epi32(_mm256_and_si256(second.odd, ab), bc);
  sums->even = _mm256_add_epi32(sums->even, _mm256_and_si256(first.even, even));
  sums->odd = _mm256_add_epi32(sums->odd, _mm256_and_si256(first.odd, odd));
}

// The windows among `lanes` that pass the stage.
static inline uint32_t ck_decide(const ck_program *p, const ck_stage *s, ck_sums sums, const uint8_t *w,
                                 const float *scales, uint32_t lanes) {
  __m256i high = _mm256_set1_epi32(s->high), low = _mm256_set1_epi32(s->low);
  uint32_t passed = ck_bits(_mm256_cmpgt_epi32(sums.even, high), _mm256_cmpgt_epi32(sums.odd, high)) & lanes;
  uint32_t maybe = ck_bits(_mm256_cmpgt_epi32(sums.even, low), _mm256_cmpgt_epi32(sums.odd, low)) & lanes & ~passed;
  if (__builtin_expect(maybe != 0, 0)) passed |= ck_exact_lanes(p, s, w, scales, maybe);
  return passed;
}

static inline __m256i ck_less(__m256i value, __m256 scale, __m256 threshold) {
  return _mm256_castps_si256(_mm256_cmp_ps(_mm256_mul_ps(_mm256_cvtepi32_ps(value), scale), threshold, _CMP_LT_OQ));
}

// 16-bit values stay in the upper halves of their lanes, that is times 65536, which the scales make up for.
static inline ck_mask ck_left16(__m256i v, const ck_narrow_node *n, ck_scales scale) {
  __m256 threshold = _mm256_set1_ps(n->threshold);
  __m256i even = _mm256_slli_epi32(v, 16);
  __m256i odd = _mm256_and_si256(v, _mm256_set1_epi32((int)0xFFFF0000));
  return (ck_mask){ck_less(even, scale.even, threshold), ck_less(odd, scale.odd, threshold)};
}

static inline ck_mask ck_left_boxes(const ck_program *p, const ck_narrow_node *n, const uint8_t *w, ck_scales scale) {
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
  return (ck_mask){ck_less(even, _mm256_mul_ps(scale.even, shift), threshold),
                   ck_less(odd, _mm256_mul_ps(scale.odd, shift), threshold)};
}

// Full sums take 32 bits, so that eight windows fill a vector.
typedef __m256i ck_wide_mask;
typedef __m256i ck_wide_sums;
typedef __m256 ck_wide_scales;

static inline ck_wide_scales ck_load_wide_scales(const float *scales) { return _mm256_loadu_ps(scales); }
static inline ck_wide_sums ck_zero_wide_sums(void) { return _mm256_setzero_si256(); }
static inline ck_wide_mask ck_all_wide(void) { return _mm256_set1_epi32(-1); }
static inline ck_wide_mask ck_both_wide(ck_wide_mask a, ck_wide_mask b) { return _mm256_and_si256(a, b); }
static inline ck_wide_mask ck_only_second_wide(ck_wide_mask a, ck_wide_mask b) { return _mm256_andnot_si256(a, b); }

CK_INLINE void ck_add_wide(ck_wide_sums *sums, ck_wide_mask mask, int32_t delta) {
  *sums = _mm256_add_epi32(*sums, _mm256_and_si256(mask, _mm256_set1_epi32(delta)));
}

CK_INLINE void ck_add_wide_pair(ck_wide_sums *sums, ck_wide_mask first, ck_wide_mask second, const ck_pair *pair) {
  __m256i leaf = _mm256_add_epi32(_mm256_and_si256(second, _mm256_set1_epi32(pair->delta[0])),
                                  _mm256_set1_epi32(pair->delta[1]));
  *sums = _mm256_add_epi32(*sums, _mm256_and_si256(first, leaf));
}

static inline ck_wide_mask ck_left_wide(const ck_wide_node *n, const uint8_t *w, __m256 scale, int three) {
  __m256 value = _mm256_add_ps(
      _mm256_mul_ps(_mm256_set1_ps(n->weight[0]), _mm256_cvtepi32_ps(ck_sum32(w, n->corner))),
      _mm256_mul_ps(_mm256_set1_ps(n->weight[1]), _mm256_cvtepi32_ps(ck_sum32(w, n->corner + 4))));
  if (three)
    value = _mm256_add_ps(
        value, _mm256_mul_ps(_mm256_set1_ps(n->weight[2]), _mm256_cvtepi32_ps(ck_sum32(w, n->corner + 8))));
  return _mm256_castps_si256(
      _mm256_cmp_ps(_mm256_mul_ps(value, scale), _mm256_set1_ps(n->threshold), _CMP_LT_OQ));
}

static inline uint32_t ck_decide_wide(const ck_program *p, const ck_stage *s, ck_wide_sums sums, const uint8_t *w,
                                      const float *scales, uint32_t lanes) {
  __m256i high = _mm256_cmpgt_epi32(sums, _mm256_set1_epi32(s->high));
  __m256i low = _mm256_cmpgt_epi32(sums, _mm256_set1_epi32(s->low));
  uint32_t passed = (uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(high)) & lanes;
  uint32_t maybe = (uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(low)) & lanes & ~passed;
  if (__builtin_expect(maybe != 0, 0)) passed |= ck_exact_lanes(p, s, w, scales, maybe);
  return passed;
}

// Local binary patterns: all ones in the 16 bits of windows that go left.
static inline __m256i ck_pattern_words(const ck_pattern_node *n, const uint8_t *w) {
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

static inline ck_mask ck_left_pattern(const ck_pattern_node *n, const uint8_t *w) {
  __m256i left = ck_pattern_words(n, w);
  return (ck_mask){_mm256_srai_epi32(_mm256_slli_epi32(left, 16), 16), _mm256_srai_epi32(left, 16)};
}

#include "scan_trees.h"

static inline uint32_t ck_stage_wide(const ck_program *p, const ck_stage *s, const uint8_t *w, const float *scales,
                                     uint32_t lanes) {
  uint32_t passed = 0;
  if (lanes & 0xFF) passed = ck_stage_wide_vector(p, s, w, scales, lanes & 0xFF);
  if (lanes >> 8) passed |= ck_stage_wide_vector(p, s, w + 32, scales + 8, lanes >> 8) << 8;
  return passed;
}
