// The functions of winograd.h for one level and tiles of CW_SIDE. Included by winograd_sides.h.
#include "winograd_lines.h"

#define CW_POINTS (CW_SIDE * CW_SIDE)
#define CW_NAMED(name) CW_SIDED(CW_NAME(name))

// A tile's transformed values, which lie `stride` floats apart.
CW_INLINE void CW_SIDED(cw_load_tile)(cw_value *tile, const float *source, ptrdiff_t stride) {
  for (int p = 0; p < CW_POINTS; p++) tile[p] = CW_AT(source + p * stride);
}

CW_INLINE void CW_SIDED(cw_store_tile)(const cw_value *tile, float *target, ptrdiff_t stride) {
  for (int p = 0; p < CW_POINTS; p++) CW_AT(target + p * stride) = tile[p];
}

// Where an item of 16 channels of a tile lies.
typedef struct {
  ptrdiff_t picture;
  int32_t tile, x, y, channel;
} CW_NAMED(item);

CW_INLINE CW_NAMED(item) CW_NAMED(find)(const cw_shape *s, int32_t channels, int32_t item) {
  const int32_t blocks = channels / CW_LANES, tiles = s->tiles_down * s->tiles_across;
  const int32_t tile = item / blocks, within = tile % tiles, side = CW_SIDE + 1 - s->kernel;
  return (CW_NAMED(item)){.picture = tile / tiles,
                         .tile = tile,
                         .y = within / s->tiles_across * side,
                         .x = within % s->tiles_across * side,
                         .channel = item % blocks * CW_LANES};
}

void CW_NAMED(input)(const cw_shape *s, const float *pictures, float *result, ptrdiff_t stride, int32_t first,
                    int32_t last) {
  cw_value tile[CW_POINTS], half[CW_POINTS];
  for (int32_t i = first; i < last; i++) {
    const CW_NAMED(item) at = CW_NAMED(find)(s, s->channels, i);
    for (int lane = 0; lane < CW_LANES; lane += CW_STEP) {
      const float *source = pictures + at.picture * s->height * s->width * s->channels + at.channel + lane;
      for (int y = 0; y < CW_SIDE; y++) {
        const int32_t row = at.y - s->top + y;
        for (int x = 0; x < CW_SIDE; x++) {
          const int32_t column = at.x - s->left + x;
          const int isInside = row >= 0 && row < s->height && column >= 0 && column < s->width;
          tile[y * CW_SIDE + x] = isInside
                                      ? CW_AT(source + ((ptrdiff_t)row * s->width + column) * s->channels)
                                      : (cw_value){0};
        }
      }
      for (int x = 0; x < CW_SIDE; x++) CW_SIDED(cw_line_input)(tile + x, CW_SIDE, half + x, CW_SIDE);
      for (int y = 0; y < CW_SIDE; y++) CW_SIDED(cw_line_input)(half + y * CW_SIDE, 1, tile + y * CW_SIDE, 1);
      float *target = result + (ptrdiff_t)at.tile * s->channels + at.channel + lane;
      CW_SIDED(cw_store_tile)(tile, target, stride);
    }
  }
}

void CW_NAMED(input_adjoint)(const cw_shape *s, const float *values, ptrdiff_t stride, float *pictures, int32_t first,
                            int32_t last) {
  const int32_t blocks = s->channels / CW_LANES, tiles = s->tiles_down * s->tiles_across;
  const int32_t side = CW_SIDE + 1 - s->kernel;
  cw_value tile[CW_POINTS], half[CW_POINTS];
  for (int32_t i = first; i < last; i++) {
    const int32_t picture = i / blocks;
    for (int lane = 0; lane < CW_LANES; lane += CW_STEP) {
      const int32_t channel = i % blocks * CW_LANES + lane;
      float *target = pictures + (ptrdiff_t)picture * s->height * s->width * s->channels + channel;
      for (ptrdiff_t pixel = 0; pixel < (ptrdiff_t)s->height * s->width; pixel++)
        CW_AT(target + pixel * s->channels) = (cw_value){0};
      for (int32_t t = 0; t < tiles; t++) {
        const float *source = values + ((ptrdiff_t)picture * tiles + t) * s->channels + channel;
        CW_SIDED(cw_load_tile)(tile, source, stride);
        for (int x = 0; x < CW_SIDE; x++) CW_SIDED(cw_line_input_adjoint)(tile + x, CW_SIDE, half + x, CW_SIDE);
        for (int y = 0; y < CW_SIDE; y++) CW_SIDED(cw_line_input_adjoint)(half + y * CW_SIDE, 1, tile + y * CW_SIDE, 1);
        for (int y = 0; y < CW_SIDE; y++) {
          const int32_t row = t / s->tiles_across * side - s->top + y;
          if (row < 0 || row >= s->height) continue;
          for (int x = 0; x < CW_SIDE; x++) {
            const int32_t column = t % s->tiles_across * side - s->left + x;
            if (column < 0 || column >= s->width) continue;
            float *pixel = target + ((ptrdiff_t)row * s->width + column) * s->channels;
            CW_AT(pixel) += tile[y * CW_SIDE + x];
          }
        }
      }
    }
  }
}

// With the kernel's side known to the compiler.
CW_INLINE void CW_NAMED(output_of)(const cw_shape *s, const int side, const float *values, ptrdiff_t stride,
                                  const float *bias, float slope, float *pictures, int32_t first, int32_t last) {
  cw_value tile[CW_POINTS], half[CW_POINTS];
  for (int32_t i = first; i < last; i++) {
    const CW_NAMED(item) at = CW_NAMED(find)(s, s->filters, i);
    for (int lane = 0; lane < CW_LANES; lane += CW_STEP) {
      const float *source = values + (ptrdiff_t)at.tile * s->filters + at.channel + lane;
      CW_SIDED(cw_load_tile)(tile, source, stride);
      for (int x = 0; x < CW_SIDE; x++) CW_SIDED(cw_line_gather)(tile + x, CW_SIDE, side, 0, half + x, CW_SIDE);
      for (int y = 0; y < side; y++) CW_SIDED(cw_line_gather)(half + y * CW_SIDE, 1, side, 0, tile + y * CW_SIDE, 1);
      const cw_value summand = bias ? CW_AT(bias + at.channel + lane) : (cw_value){0};
      float *target = pictures + at.picture * s->rows * s->columns * s->filters + at.channel + lane;
      for (int y = 0; y < side && at.y + y < s->rows; y++)
        for (int x = 0; x < side && at.x + x < s->columns; x++) {
          const cw_value value = tile[y * CW_SIDE + x] + summand;
          CW_AT(target + ((ptrdiff_t)(at.y + y) * s->columns + at.x + x) * s->filters) = CW_RECTIFIED(value, slope);
        }
    }
  }
}

CW_INLINE void CW_NAMED(output_adjoint_of)(const cw_shape *s, const int side, const float *pictures, float *result,
                                          ptrdiff_t stride, int32_t first, int32_t last) {
  cw_value tile[CW_POINTS], half[CW_POINTS];
  for (int32_t i = first; i < last; i++) {
    const CW_NAMED(item) at = CW_NAMED(find)(s, s->filters, i);
    for (int lane = 0; lane < CW_LANES; lane += CW_STEP) {
      const float *source = pictures + at.picture * s->rows * s->columns * s->filters + at.channel + lane;
      for (int y = 0; y < side; y++)
        for (int x = 0; x < side; x++)
          tile[y * CW_SIDE + x] =
              at.y + y < s->rows && at.x + x < s->columns
                  ? CW_AT(source + ((ptrdiff_t)(at.y + y) * s->columns + at.x + x) * s->filters)
                  : (cw_value){0};
      for (int x = 0; x < side; x++) CW_SIDED(cw_line_spread)(tile + x, CW_SIDE, side, 0, half + x, CW_SIDE);
      for (int y = 0; y < CW_SIDE; y++) CW_SIDED(cw_line_spread)(half + y * CW_SIDE, 1, side, 0, tile + y * CW_SIDE, 1);
      float *target = result + (ptrdiff_t)at.tile * s->filters + at.channel + lane;
      CW_SIDED(cw_store_tile)(tile, target, stride);
    }
  }
}

CW_INLINE void CW_NAMED(kernel_of)(const cw_shape *s, const int side, const float *kernel, float *result, int32_t first,
                                  int32_t last) {
  const ptrdiff_t size = (ptrdiff_t)s->channels * s->filters;
  cw_value tile[CW_POINTS], half[CW_POINTS];
  for (int32_t i = first; i < last; i++)
    for (int lane = 0; lane < CW_LANES; lane += CW_STEP) {
      const ptrdiff_t at = (ptrdiff_t)i * CW_LANES + lane;
      for (int y = 0; y < side; y++)
        for (int x = 0; x < side; x++) tile[y * CW_SIDE + x] = CW_AT(kernel + (y * side + x) * size + at);
      for (int x = 0; x < side; x++) CW_SIDED(cw_line_spread)(tile + x, CW_SIDE, side, 1, half + x, CW_SIDE);
      for (int y = 0; y < CW_SIDE; y++) CW_SIDED(cw_line_spread)(half + y * CW_SIDE, 1, side, 1, tile + y * CW_SIDE, 1);
      CW_SIDED(cw_store_tile)(tile, result + at, size);
    }
}

CW_INLINE void CW_NAMED(kernel_adjoint_of)(const cw_shape *s, const int side, const float *values, float *kernel,
                                          int32_t adds, int32_t first, int32_t last) {
  const ptrdiff_t size = (ptrdiff_t)s->channels * s->filters;
  cw_value tile[CW_POINTS], half[CW_POINTS];
  for (int32_t i = first; i < last; i++)
    for (int lane = 0; lane < CW_LANES; lane += CW_STEP) {
      const ptrdiff_t at = (ptrdiff_t)i * CW_LANES + lane;
      CW_SIDED(cw_load_tile)(tile, values + at, size);
      for (int x = 0; x < CW_SIDE; x++) CW_SIDED(cw_line_gather)(tile + x, CW_SIDE, side, 1, half + x, CW_SIDE);
      for (int y = 0; y < side; y++) CW_SIDED(cw_line_gather)(half + y * CW_SIDE, 1, side, 1, tile + y * CW_SIDE, 1);
      for (int y = 0; y < side; y++)
        for (int x = 0; x < side; x++) {
          float *target = kernel + (y * side + x) * size + at;
          const cw_value value = tile[y * CW_SIDE + x];
          CW_AT(target) = adds ? CW_AT(target) + value : value;
        }
    }
}

// The side of a tile's results is CW_SIDE + 1 less the kernel's.
#define CW_BY_RESULTS(function, ...) \
  CW_FOR_KERNEL(function, CW_SIDE - 2, CW_SIDE - 3, CW_SIDE - 4, CW_SIDE - 5, CW_SIDE - 6, __VA_ARGS__)

void CW_NAMED(output)(const cw_shape *s, const float *values, ptrdiff_t stride, const float *bias, float slope,
                     float *pictures, int32_t first, int32_t last) {
  CW_BY_RESULTS(CW_NAMED(output_of), values, stride, bias, slope, pictures, first, last)
}

void CW_NAMED(output_adjoint)(const cw_shape *s, const float *pictures, float *result, ptrdiff_t stride, int32_t first,
                             int32_t last) {
  CW_BY_RESULTS(CW_NAMED(output_adjoint_of), pictures, result, stride, first, last)
}

void CW_NAMED(kernel)(const cw_shape *s, const float *kernel, float *result, int32_t first, int32_t last) {
  CW_BY_KERNEL(CW_NAMED(kernel_of), kernel, result, first, last)
}

void CW_NAMED(kernel_adjoint)(const cw_shape *s, const float *values, float *kernel, int32_t adds, int32_t first,
                             int32_t last) {
  CW_BY_KERNEL(CW_NAMED(kernel_adjoint_of), values, kernel, adds, first, last)
}
#undef CW_BY_RESULTS
#undef CW_NAMED
#undef CW_POINTS
