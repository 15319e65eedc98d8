// Declarations shared by the sources of this target: the versions of each function for each level.
#ifndef KERNELS_H
#define KERNELS_H

#include <string.h>

#include "CCascade.h"

#define CK_INLINE static inline __attribute__((always_inline, unused))

// Appends a window to the hits, or only counts it when they are full.
static inline void ck_add_hit(ck_workspace *workspace, int32_t row, int32_t column) {
  if (workspace->hit_count < workspace->hit_capacity)
    workspace->hits[workspace->hit_count] = (ck_hit){row, column};
  workspace->hit_count++;
}

// The memory of a strip's row of pixels: the rows of a window and two more are kept.
static inline uint8_t *ck_pixel_row(const ck_item *item, const ck_workspace *workspace, int32_t row) {
  return workspace->pixels + row % (item->window_height + 2) * workspace->pixel_stride;
}

// Resamples the strip's rows of pixels `from` to `to` and computes their integral images; rows come in order.
void ck_fill_rows(cp_level level, const ck_item *item, int32_t from, int32_t to, const ck_strip *strip,
                  ck_workspace *workspace);

// ck_resample_row and ck_integral_row at CP_PLAIN.
void ck_resample_row_plain(const ck_resampler *r, const uint8_t *picture, ptrdiff_t stride, int32_t y,
                           uint8_t *target);
// Columns of a row from `from` on, out of two rows of the picture and the weight of the second.
void ck_resample_columns(const ck_resampler *r, const uint8_t *above, const uint8_t *below, uint32_t second, int32_t from,
                         uint8_t *target);
void ck_integral_row_plain(const ck_strip *strip, int32_t row, const uint8_t *pixels, int32_t width);
void ck_move_squares_plain(const ck_squares *squares, const uint8_t *const *entering, const uint8_t *const *leaving,
                           int32_t width);
// Row `row` + 1 of the integral image of squares.
void ck_integral_squares(const ck_strip *strip, int32_t row, const uint8_t *pixels, int32_t width);
// Row `row` + 1 of the integral image of 45 degrees; rows come in order.
void ck_tilted_row(const ck_strip *strip, int32_t row, const uint8_t *pixels, const uint8_t *previous, int32_t width,
                   ck_workspace *workspace);

// ck_resample_row, ck_integral_row and ck_scan at CP_SIMD128.
void ck_resample_row_simd128(const ck_resampler *r, const uint8_t *picture, ptrdiff_t stride, int32_t y,
                             uint8_t *target);
void ck_integral_row_simd128(const ck_strip *strip, int32_t row, const uint8_t *pixels, int32_t width);
void ck_move_squares_simd128(const ck_squares *squares, const uint8_t *const *entering, const uint8_t *const *leaving,
                             int32_t width);
void ck_scan_simd128(const ck_item *item, const ck_strip *strip, ck_workspace *workspace);

#if defined(__x86_64__)
// The same at CP_AVX2 and CP_AVX512; integral images have no version of their own at CP_AVX512.
void ck_resample_row_avx2(const ck_resampler *r, const uint8_t *picture, ptrdiff_t stride, int32_t y,
                          uint8_t *target);
void ck_resample_row_avx512(const ck_resampler *r, const uint8_t *picture, ptrdiff_t stride, int32_t y,
                            uint8_t *target);
void ck_integral_row_avx2(const ck_strip *strip, int32_t row, const uint8_t *pixels, int32_t width);
void ck_move_squares_avx2(const ck_squares *squares, const uint8_t *const *entering, const uint8_t *const *leaving,
                          int32_t width);
void ck_scan_avx2(const ck_item *item, const ck_strip *strip, ck_workspace *workspace);
void ck_scan_avx512(const ck_item *item, const ck_strip *strip, ck_workspace *workspace);
#endif

#endif
