// Which version of each function runs.
#include "kernels.h"

void ck_resample_row(cp_level level, const ck_resampler *r, const uint8_t *picture, ptrdiff_t stride, int32_t y,
                     uint8_t *target) {
  if (r->is_copy)
    memcpy(target, picture + y * stride, (size_t)r->width);
#if defined(__x86_64__)
  else if (level == CP_AVX512)
    ck_resample_row_avx512(r, picture, stride, y, target);
  else if (level == CP_AVX2)
    ck_resample_row_avx2(r, picture, stride, y, target);
#endif
  else if (level == CP_SIMD128)
    ck_resample_row_simd128(r, picture, stride, y, target);
  else
    ck_resample_row_plain(r, picture, stride, y, target);
  memset(target + r->width, 0, (size_t)((-r->width & 31) + 32));
}

void ck_integral_row(cp_level level, const ck_strip *strip, int32_t row, const uint8_t *pixels, int32_t width) {
  if (strip->squares) ck_integral_squares(strip, row, pixels, width);
#if defined(__x86_64__)
  if (level >= CP_AVX2) {
    ck_integral_row_avx2(strip, row, pixels, width);
    return;
  }
#endif
  if (level == CP_SIMD128)
    ck_integral_row_simd128(strip, row, pixels, width);
  else
    ck_integral_row_plain(strip, row, pixels, width);
}

void ck_move_squares(cp_level level, const ck_squares *squares, const uint8_t *const *entering,
                     const uint8_t *const *leaving, int32_t width) {
#if defined(__x86_64__)
  if (level >= CP_AVX2) {
    ck_move_squares_avx2(squares, entering, leaving, width);
    return;
  }
#endif
  if (level == CP_SIMD128)
    ck_move_squares_simd128(squares, entering, leaving, width);
  else
    ck_move_squares_plain(squares, entering, leaving, width);
}

void ck_fill_rows(cp_level level, const ck_item *item, int32_t from, int32_t to, const ck_strip *strip,
                  ck_workspace *workspace) {
  int32_t width = item->resampler->width;
  for (int32_t row = from; row < to; row++) {
    uint8_t *pixels = ck_pixel_row(item, workspace, row);
    ck_resample_row(level, item->resampler, item->picture, item->picture_stride, item->top + row, pixels);
    ck_integral_row(level, strip, row, pixels, width);
    if (strip->tilted)
      ck_tilted_row(strip, row, pixels, ck_pixel_row(item, workspace, row > 0 ? row - 1 : 0), width, workspace);
  }
}

void ck_scan(cp_level level, const ck_item *item, const ck_strip *strip, ck_workspace *workspace) {
#if defined(__x86_64__)
  if (level == CP_AVX512) {
    ck_scan_avx512(item, strip, workspace);
    return;
  }
  if (level == CP_AVX2) {
    ck_scan_avx2(item, strip, workspace);
    return;
  }
#endif
  if (level != CP_PLAIN) ck_scan_simd128(item, strip, workspace);
}

static int64_t key(ck_hit hit) { return (int64_t)hit.row << 32 | hit.column; }

static void sift(ck_hit *hits, int64_t root, int64_t count) {
  for (;;) {
    int64_t child = 2 * root + 1;
    if (child >= count) return;
    if (child + 1 < count && key(hits[child]) < key(hits[child + 1])) child++;
    if (key(hits[root]) >= key(hits[child])) return;
    ck_hit hit = hits[root];
    hits[root] = hits[child];
    hits[child] = hit;
    root = child;
  }
}

void ck_sort_hits(ck_hit *hits, int64_t count) {
  int64_t sorted = 1;
  while (sorted < count && key(hits[sorted - 1]) < key(hits[sorted])) sorted++;
  if (sorted >= count) return;
  for (int64_t root = count / 2; root-- > 0;) sift(hits, root, count);
  for (int64_t last = count - 1; last > 0; last--) {
    ck_hit hit = hits[0];
    hits[0] = hits[last];
    hits[last] = hit;
    sift(hits, 0, last);
  }
}
