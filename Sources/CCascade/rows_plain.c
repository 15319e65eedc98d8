// Shrinking and integral images, plain.
#include "kernels.h"

#pragma STDC FP_CONTRACT OFF

void ck_resample_columns(const ck_resampler *r, const uint8_t *above, const uint8_t *below, uint32_t second, int32_t from,
                         uint8_t *target) {
  const uint32_t first = 256 - second;
  for (int32_t x = from; x < r->width; x++) {
    int32_t left = r->column_first[x];
    // The last column has no neighbor, and a weight of 0 for it.
    int32_t right = left + (left + 1 < r->picture_width);
    uint32_t weights = r->column_weights[x];
    uint32_t sum = (weights & 0xFFFF) * (first * above[left] + second * below[left]) +
                   (weights >> 16) * (first * above[right] + second * below[right]);
    target[x] = (uint8_t)((sum + 32768) >> 16);
  }
}

void ck_resample_row_plain(const ck_resampler *r, const uint8_t *picture, ptrdiff_t stride, int32_t y,
                           uint8_t *target) {
  ck_resample_columns(r, picture + r->row_first[y] * stride, picture + r->row_second[y] * stride, r->row_weight[y], 0,
                      target);
}

// The cell of column x.
static inline int32_t cell(const ck_strip *strip, int32_t x) {
  return strip->step == 2 ? (x & 1) * (strip->stride / 2) + (x >> 1) : x;
}

void ck_integral_row_plain(const ck_strip *strip, int32_t row, const uint8_t *pixels, int32_t width) {
  ptrdiff_t stride = strip->stride;
  uint32_t sum = 0;
  for (int32_t x = 0; x <= width; x++) {
    ptrdiff_t above = row * stride + cell(strip, x), below = above + stride;
    if (strip->cell_bytes == 2) {
      uint16_t *sums = (uint16_t *)strip->sum;
      sums[below] = (uint16_t)(sums[above] + sum);
    } else {
      uint32_t *sums = (uint32_t *)strip->sum;
      sums[below] = sums[above] + sum;
    }
    if (x < width) sum += pixels[x];
  }
}

void ck_integral_squares(const ck_strip *strip, int32_t row, const uint8_t *pixels, int32_t width) {
  ptrdiff_t stride = strip->stride;
  uint32_t squares = 0;
  for (int32_t x = 0; x <= width; x++) {
    ptrdiff_t above = row * stride + cell(strip, x);
    strip->squares[above + stride] = strip->squares[above] + squares;
    if (x < width) squares += (uint32_t)pixels[x] * pixels[x];
  }
}

void ck_move_squares_plain(const ck_squares *s, const uint8_t *const *entering, const uint8_t *const *leaving,
                           int32_t width) {
  uint32_t more = 0;
  for (int32_t x = 0; x <= width; x++) {
    s->sums[s->step == 2 ? (x & 1) * s->odd + (x >> 1) : x] += more;
    for (int32_t row = 0; x < width && row < s->step; row++)
      more += (uint32_t)entering[row][x] * entering[row][x] - (uint32_t)leaving[row][x] * leaving[row][x];
  }
}

void ck_tilted_row(const ck_strip *strip, int32_t row, const uint8_t *pixels, const uint8_t *previous, int32_t width,
                   ck_workspace *workspace) {
  uint32_t *below = (uint32_t *)workspace->tilted_rows[row % 3];
  const uint32_t *above = (const uint32_t *)workspace->tilted_rows[(row + 2) % 3];
  const uint32_t *top = (const uint32_t *)workspace->tilted_rows[(row + 1) % 3];
  // The cone over (x, y) is that over its two upper neighbors, less what they share, and two pixels. At the picture's
  // sides a cone that has left it is the one of the next column, a row above.
  if (row == 0) {
    below[0] = 0;
    for (int32_t x = 1; x <= width; x++) below[x] = pixels[x - 1];
  } else if (row == 1) {
    // Nothing lies above the row above.
    below[0] = above[1];
    for (int32_t x = 1; x <= width; x++)
      below[x] = above[x - 1] + (x < width ? above[x + 1] : 0) + pixels[x - 1] + previous[x - 1];
  } else {
    below[0] = above[1];
    for (int32_t x = 1; x < width; x++)
      below[x] = above[x - 1] + above[x + 1] - top[x] + pixels[x - 1] + previous[x - 1];
    below[width] = above[width - 1] + pixels[width - 1] + previous[width - 1];
  }
  uint32_t *target = (uint32_t *)(strip->sum + strip->tilted) + (ptrdiff_t)(row + 1) * strip->stride;
  if (strip->step == 2) {
    uint32_t *odd = target + strip->stride / 2;
    int32_t pairs = (width + 1) / 2;
    for (int32_t i = 0; i < pairs; i++) {
      target[i] = below[2 * i];
      odd[i] = below[2 * i + 1];
    }
    if (width % 2 == 0) target[pairs] = below[width];
  } else {
    memcpy(target, below, (size_t)(width + 1) * sizeof *target);
  }
}
