// What the sources of this target share.
#ifndef KERNELS_H
#define KERNELS_H

#include <string.h>

#include "CCascade.h"

static inline void ck_add_hit(ck_workspace *workspace, int32_t row, int32_t column) {
  if (workspace->hit_count < workspace->hit_capacity)
    workspace->hits[workspace->hit_count] = (ck_hit){row, column};
  workspace->hit_count++;
}

// Shrinks the rows that the item needs and makes the strip's integral images.
void ck_fill_strip(ck_level level, const ck_item *item, int32_t step, const ck_strip *strip, ck_workspace *workspace);

void ck_resample_row_plain(const ck_resampler *r, const uint8_t *picture, ptrdiff_t stride, int32_t y, uint8_t *target,
                           uint16_t *scratch);
void ck_integral_row_plain(const ck_strip *strip, int32_t row, const uint8_t *pixels, int32_t width);
// Row `row` + 1 of the integral image of 45 degrees; rows come in order.
void ck_tilted_row(const ck_strip *strip, int32_t row, const uint8_t *pixels, const uint8_t *previous, int32_t width,
                   ck_workspace *workspace);

void ck_resample_row_simd128(const ck_resampler *r, const uint8_t *picture, ptrdiff_t stride, int32_t y,
                             uint8_t *target, uint16_t *scratch);
void ck_integral_row_simd128(const ck_strip *strip, int32_t row, const uint8_t *pixels, int32_t width);
void ck_scan_simd128(const ck_item *item, const ck_strip *strip, ck_workspace *workspace);

#if defined(__x86_64__)
void ck_resample_row_avx2(const ck_resampler *r, const uint8_t *picture, ptrdiff_t stride, int32_t y, uint8_t *target,
                          uint16_t *scratch);
void ck_integral_row_avx2(const ck_strip *strip, int32_t row, const uint8_t *pixels, int32_t width);
void ck_scan_avx2(const ck_item *item, const ck_strip *strip, ck_workspace *workspace);
void ck_scan_avx512(const ck_item *item, const ck_strip *strip, ck_workspace *workspace);
#endif

#endif
