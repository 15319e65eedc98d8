// Shrinking and integral images with vectors of 256 bits, or two of 128. Included in a version's source.

static inline __m256i load(const void *p) { return _mm256_loadu_si256((const __m256i *)p); }
static inline void store(void *p, __m256i v) { _mm256_storeu_si256((__m256i *)p, v); }

// Eight pixels from pairs of neighbors in two rows, each pixel in 16 bits, and the weights of rows and columns. What the
// rows add up to is less 32768, to fit signed products.
static inline __m256i mix(__m256i above, __m256i below, __m256i first, __m256i second, const uint32_t *weights) {
  __m256i sum = _mm256_add_epi16(_mm256_mullo_epi16(above, first), _mm256_mullo_epi16(below, second));
  sum = _mm256_madd_epi16(_mm256_xor_si256(sum, _mm256_set1_epi16((short)0x8000)), load(weights));
  return _mm256_srli_epi32(_mm256_add_epi32(sum, _mm256_set1_epi32(32768 * 256 + 32768)), 16);
}

// The pairs of eight columns from `x` on: out of 16 pixels for each four, which do not reach beyond the row; or one by
// one, where two pixels more are read with each.
static inline __m256i pairs_shuffled(const ck_resampler *r, const uint8_t *row, int32_t x) {
  const int32_t most = r->picture_width - 16, *first = r->column_first + x;
  __m128i low = _mm_loadu_si128((const __m128i *)(row + (first[0] < most ? first[0] : most)));
  __m128i high = _mm_loadu_si128((const __m128i *)(row + (first[4] < most ? first[4] : most)));
  return _mm256_shuffle_epi8(_mm256_set_m128i(high, low), load(r->column_shuffle + 4 * x));
}

static inline __m256i pairs_gathered(const ck_resampler *r, const uint8_t *row, int32_t x) {
  const __m256i apart = _mm256_set_epi64x(0x800D800C80098008, 0x8005800480018000, 0x800D800C80098008, 0x8005800480018000);
  return _mm256_shuffle_epi8(_mm256_i32gather_epi32((const int *)row, load(r->column_first + x), 1), apart);
}

static inline void store_pixels(uint8_t *target, __m256i low, __m256i high) {
  __m256i words = _mm256_permute4x64_epi64(_mm256_packus_epi32(low, high), 0xD8);
  __m128i bytes = _mm_packus_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1));
  _mm_storeu_si128((__m128i *)target, bytes);
}

void CK_RESAMPLE_ROW(const ck_resampler *r, const uint8_t *picture, ptrdiff_t stride, int32_t y, uint8_t *target) {
  const uint8_t *above = picture + r->row_first[y] * stride, *below = picture + r->row_second[y] * stride;
  __m256i second = _mm256_set1_epi16((short)r->row_weight[y]);
  __m256i first = _mm256_sub_epi16(_mm256_set1_epi16(256), second);
  const uint32_t *weights = r->column_weights;
  int32_t x = 0;
  if (r->column_shuffle) {
    for (; x < r->width; x += 16)
      store_pixels(target + x,
                   mix(pairs_shuffled(r, above, x), pairs_shuffled(r, below, x), first, second, weights + x),
                   mix(pairs_shuffled(r, above, x + 8), pairs_shuffled(r, below, x + 8), first, second, weights + x + 8));
  } else {
    for (; x + 16 <= r->width && r->column_first[x + 15] + 4 <= r->picture_width; x += 16)
      store_pixels(target + x,
                   mix(pairs_gathered(r, above, x), pairs_gathered(r, below, x), first, second, weights + x),
                   mix(pairs_gathered(r, above, x + 8), pairs_gathered(r, below, x + 8), first, second, weights + x + 8));
    ck_resample_columns(r, above, below, r->row_weight[y], x, target);
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

static void sums32(const ck_strip *strip, int32_t row, const uint8_t *pixels, int32_t width) {
  const uint32_t *above = (const uint32_t *)strip->sum + (ptrdiff_t)row * strip->stride;
  uint32_t *below = (uint32_t *)strip->sum + (ptrdiff_t)(row + 1) * strip->stride;
  __m256i carry = _mm256_setzero_si256();
  if (strip->step == 2) {
    ptrdiff_t odd = strip->stride / 2;
    for (int32_t x = 0; x < width; x += 16) {
      __m256i p = _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)(pixels + x)));
      __m256i sum = running32(_mm256_madd_epi16(p, _mm256_set1_epi16(1)), &carry);
      __m256i less = _mm256_sub_epi32(sum, _mm256_srli_epi32(p, 16));
      store(below + 1 + x / 2, _mm256_add_epi32(sum, load(above + 1 + x / 2)));
      store(below + odd + x / 2, _mm256_add_epi32(less, load(above + odd + x / 2)));
    }
  } else {
    for (int32_t x = 0; x < width; x += 8) {
      __m256i p = _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)(pixels + x)));
      store(below + 1 + x, _mm256_add_epi32(running32(p, &carry), load(above + 1 + x)));
    }
  }
}

void CK_INTEGRAL_ROW(const ck_strip *strip, int32_t row, const uint8_t *pixels, int32_t width) {
  if (strip->cell_bytes == 2)
    sums16(strip, row, pixels, width);
  else
    sums32(strip, row, pixels, width);
}

void CK_MOVE_SQUARES(const ck_squares *s, const uint8_t *const *entering, const uint8_t *const *leaving,
                     int32_t width) {
  __m256i carry = _mm256_setzero_si256();
  if (s->step == 2) {
    const __m256i seconds = _mm256_set1_epi32((int)0xFFFF0000);
    uint32_t *even = s->sums + 1, *odd = s->sums + s->odd;
    for (int32_t x = 0; x < width; x += 16) {
      __m256i both = _mm256_setzero_si256(), second = both;
      for (int row = 0; row < 2; row++) {
        // The difference of squares is the difference times the sum.
        __m256i p = _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)(entering[row] + x)));
        __m256i q = _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)(leaving[row] + x)));
        __m256i sum = _mm256_add_epi16(p, q), difference = _mm256_sub_epi16(p, q);
        both = _mm256_add_epi32(both, _mm256_madd_epi16(sum, difference));
        second = _mm256_add_epi32(second, _mm256_madd_epi16(sum, _mm256_and_si256(difference, seconds)));
      }
      both = running32(both, &carry);
      store(even + x / 2, _mm256_add_epi32(both, load(even + x / 2)));
      store(odd + x / 2, _mm256_add_epi32(_mm256_sub_epi32(both, second), load(odd + x / 2)));
    }
  } else {
    for (int32_t x = 0; x < width; x += 8) {
      __m256i p = _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)(entering[0] + x)));
      __m256i q = _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)(leaving[0] + x)));
      __m256i difference = _mm256_sub_epi32(_mm256_mullo_epi16(p, p), _mm256_mullo_epi16(q, q));
      store(s->sums + 1 + x, _mm256_add_epi32(running32(difference, &carry), load(s->sums + 1 + x)));
    }
  }
}
