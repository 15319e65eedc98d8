// Shrinking and integral images with vectors of 256 bits, or two of 128. Included in a version's source.

static inline __m256i load(const void *p) { return _mm256_loadu_si256((const __m256i *)p); }
static inline void store(void *p, __m256i v) { _mm256_storeu_si256((__m256i *)p, v); }

// Mixes two rows; results are less 32768, to fit the signed products that follow.
static void mix_rows(const uint8_t *above, const uint8_t *below, uint32_t weight, int32_t width, uint16_t *target) {
  __m256i second = _mm256_set1_epi16((short)weight), first = _mm256_set1_epi16((short)(256 - weight));
  __m256i bias = _mm256_set1_epi16((short)0x8000);
  int32_t x = 0;
  for (; x + 16 <= width; x += 16) {
    __m256i a = _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)(above + x)));
    __m256i b = _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)(below + x)));
    __m256i sum = _mm256_add_epi16(_mm256_mullo_epi16(a, first), _mm256_mullo_epi16(b, second));
    store(target + x, _mm256_xor_si256(sum, bias));
  }
  for (; x < width; x++) target[x] = (uint16_t)(((256 - weight) * above[x] + weight * below[x]) ^ 0x8000);
  memset(target + width, 0, 32 * sizeof *target);
}

// Eight pixels from the pairs of neighbors and their weights.
static inline __m256i mix_columns(__m256i pairs, const uint32_t *weights) {
  __m256i sum = _mm256_madd_epi16(pairs, load(weights));
  return _mm256_srli_epi32(_mm256_add_epi32(sum, _mm256_set1_epi32(32768 * 256 + 32768)), 16);
}

static inline __m256i pairs_shuffled(const ck_resampler *r, const uint16_t *row, int32_t x) {
  __m128i low = _mm_loadu_si128((const __m128i *)(row + r->column_first[x]));
  __m128i high = _mm_loadu_si128((const __m128i *)(row + r->column_first[x + 4]));
  return _mm256_shuffle_epi8(_mm256_set_m128i(high, low), load(r->column_shuffle + 4 * x));
}

static inline __m256i pairs_gathered(const ck_resampler *r, const uint16_t *row, int32_t x) {
  return _mm256_i32gather_epi32((const int *)row, load(r->column_first + x), 2);
}

void CK_RESAMPLE_ROW(const ck_resampler *r, const uint8_t *picture, ptrdiff_t stride, int32_t y, uint8_t *target,
                          uint16_t *scratch) {
  mix_rows(picture + r->row_first[y] * stride, picture + r->row_second[y] * stride, r->row_weight[y], r->picture_width,
           scratch);
  for (int32_t x = 0; x < r->width; x += 16) {
    __m256i low = r->column_shuffle ? pairs_shuffled(r, scratch, x) : pairs_gathered(r, scratch, x);
    __m256i high = r->column_shuffle ? pairs_shuffled(r, scratch, x + 8) : pairs_gathered(r, scratch, x + 8);
    low = mix_columns(low, r->column_weights + x);
    high = mix_columns(high, r->column_weights + x + 8);
    __m256i words = _mm256_permute4x64_epi64(_mm256_packus_epi32(low, high), 0xD8);
    __m128i bytes = _mm_packus_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1));
    _mm_storeu_si128((__m128i *)(target + x), bytes);
  }
}

// Sums of the first 1, 2, ... 8 values, and of what came before.
static inline __m256i running32(__m256i v, __m256i *carry) {
  v = _mm256_add_epi32(v, _mm256_slli_si256(v, 4));
  v = _mm256_add_epi32(v, _mm256_slli_si256(v, 8));
  v = _mm256_add_epi32(v, _mm256_shuffle_epi32(_mm256_permute2x128_si256(v, v, 0x08), 0xFF));
  v = _mm256_add_epi32(v, *carry);
  *carry = _mm256_permutevar8x32_epi32(v, _mm256_set1_epi32(7));
  return v;
}

static inline __m256i running16(__m256i v, __m256i *carry) {
  const __m256i last = _mm256_set1_epi16(0x0F0E);
  v = _mm256_add_epi16(v, _mm256_slli_si256(v, 2));
  v = _mm256_add_epi16(v, _mm256_slli_si256(v, 4));
  v = _mm256_add_epi16(v, _mm256_slli_si256(v, 8));
  v = _mm256_add_epi16(v, _mm256_shuffle_epi8(_mm256_permute2x128_si256(v, v, 0x08), last));
  v = _mm256_add_epi16(v, *carry);
  *carry = _mm256_shuffle_epi8(_mm256_permute4x64_epi64(v, 0xFF), last);
  return v;
}

// In a row with step 2 the sums up to even columns grow by pairs of pixels; those up to odd columns lack the second
// pixel of the pair.
static void sums16(const ck_strip *strip, int32_t row, const uint8_t *pixels, int32_t width) {
  const uint16_t *above = (const uint16_t *)strip->sum + (ptrdiff_t)row * strip->stride;
  uint16_t *below = (uint16_t *)strip->sum + (ptrdiff_t)(row + 1) * strip->stride;
  __m256i carry = _mm256_setzero_si256();
  if (strip->step == 2) {
    ptrdiff_t odd = strip->stride / 2;
    for (int32_t x = 0; x < width; x += 32) {
      __m256i p = load(pixels + x);
      __m256i sum = running16(_mm256_maddubs_epi16(p, _mm256_set1_epi8(1)), &carry);
      __m256i less = _mm256_sub_epi16(sum, _mm256_srli_epi16(p, 8));
      store(below + 1 + x / 2, _mm256_add_epi16(sum, load(above + 1 + x / 2)));
      store(below + odd + x / 2, _mm256_add_epi16(less, load(above + odd + x / 2)));
    }
  } else {
    for (int32_t x = 0; x < width; x += 16) {
      __m256i p = _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)(pixels + x)));
      store(below + 1 + x, _mm256_add_epi16(running16(p, &carry), load(above + 1 + x)));
    }
  }
}

static inline void sums32(const uint32_t *above, uint32_t *below, const ck_strip *strip, const uint8_t *pixels,
                          int32_t width, int squared) {
  __m256i carry = _mm256_setzero_si256();
  const __m256i ones = _mm256_set1_epi16(1);
  if (strip->step == 2) {
    ptrdiff_t odd = strip->stride / 2;
    for (int32_t x = 0; x < width; x += 16) {
      __m256i p = _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)(pixels + x)));
      __m256i second = _mm256_srli_epi32(p, 16);
      if (squared) second = _mm256_mullo_epi16(second, second);
      __m256i sum = running32(_mm256_madd_epi16(p, squared ? p : ones), &carry);
      store(below + 1 + x / 2, _mm256_add_epi32(sum, load(above + 1 + x / 2)));
      store(below + odd + x / 2, _mm256_add_epi32(_mm256_sub_epi32(sum, second), load(above + odd + x / 2)));
    }
  } else {
    for (int32_t x = 0; x < width; x += 8) {
      __m256i p = _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)(pixels + x)));
      if (squared) p = _mm256_mullo_epi16(p, p);
      store(below + 1 + x, _mm256_add_epi32(running32(p, &carry), load(above + 1 + x)));
    }
  }
}

void CK_INTEGRAL_ROW(const ck_strip *strip, int32_t row, const uint8_t *pixels, int32_t width) {
  ptrdiff_t above = (ptrdiff_t)row * strip->stride, below = above + strip->stride;
  if (strip->cell_bytes == 2)
    sums16(strip, row, pixels, width);
  else
    sums32((uint32_t *)strip->sum + above, (uint32_t *)strip->sum + below, strip, pixels, width, 0);
  if (strip->squares) sums32(strip->squares + above, strip->squares + below, strip, pixels, width, 1);
}
