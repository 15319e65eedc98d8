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

static inline __m256i ck_sum32(const uint8_t *w, const int32_t *c) {
  return _mm256_add_epi32(_mm256_sub_epi32(ck_load(w + c[0]), ck_load(w + c[1])),
                          _mm256_sub_epi32(ck_load(w + c[3]), ck_load(w + c[2])));
}
