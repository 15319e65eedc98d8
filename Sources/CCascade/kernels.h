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

// Resamples the rows that the item needs and computes the strip's integral images.
void ck_fill_strip(cp_level level, const ck_item *item, int32_t step, const ck_strip *strip, ck_workspace *workspace);

// ck_resample_row and ck_integral_row at CP_PLAIN.
void ck_resample_row_plain(const ck_resampler *r, const uint8_t *picture, ptrdiff_t stride, int32_t y, uint8_t *target,
                           uint16_t *scratch);
void ck_integral_row_plain(const ck_strip *strip, int32_t row, const uint8_t *pixels, int32_t width);
// Row `row` + 1 of the integral image of 45 degrees; rows come in order.
void ck_tilted_row(const ck_strip *strip, int32_t row, const uint8_t *pixels, const uint8_t *previous, int32_t width,
                   ck_workspace *workspace);

// ck_resample_row, ck_integral_row and ck_scan at CP_SIMD128.
void ck_resample_row_simd128(const ck_resampler *r, const uint8_t *picture, ptrdiff_t stride, int32_t y,
                             uint8_t *target, uint16_t *scratch);
void ck_integral_row_simd128(const ck_strip *strip, int32_t row, const uint8_t *pixels, int32_t width);
void ck_scan_simd128(const ck_item *item, const ck_strip *strip, ck_workspace *workspace);

#if defined(__x86_64__)
// The same at CP_AVX2 and CP_AVX512; rows have no version of their own at CP_AVX512.
void ck_resample_row_avx2(const ck_resampler *r, const uint8_t *picture, ptrdiff_t stride, int32_t y, uint8_t *target,
                          uint16_t *scratch);
void ck_integral_row_avx2(const ck_strip *strip, int32_t row, const uint8_t *pixels, int32_t width);
void ck_scan_avx2(const ck_item *item, const ck_strip *strip, ck_workspace *workspace);
void ck_scan_avx512(const ck_item *item, const ck_strip *strip, ck_workspace *workspace);
#endif

#endif
