// Winograd's minimal filtering (S. Winograd, Arithmetic Complexity of Computations, 1980; A. Lavin and S. Gray, Fast
// Algorithms for Convolutional Neural Networks, 2016): a convolution of stride 1 as products of matrices.
//
// A tile of 8x8 values gives 9-k by 9-k results of a k x k kernel, k from 3 to 7. With transforms B, G and A by the
// points 0, 1, -1, 2, -2, 1/2, -1/2 and infinity (Toom and Cook's interpolation), the results are
// A'[(G g G') * (B' d B)]A, where * is the elementwise product and, over all channels, one product of matrices per
// point. For a kernel of 6x6 that is 64 multiplications instead of 324.
//
// A tile of 10x10 values gives 11-k by 11-k results by the points 0, 1, -1, 3, -3, 1/2, -1/2, 3/4, -3/4 and infinity: of
// a 6x6 kernel 100 multiplications instead of 900, but rounding errors that are about ten times as large, 1e-4 of the
// largest result or gradient.
//
// Each transform and its adjoint (the transposed linear map, which gradients need). Everything is in floats, channels
// fastest, 16 channels at a time; every level gives the same bits. Nothing here allocates.
#ifndef CLAYERS_WINOGRAD_H
#define CLAYERS_WINOGRAD_H

#include <stddef.h>
#include <stdint.h>

#include "CProcessor.h"

// Channels computed together.
enum { CW_LANES = 16 };

// The sizes of a convolution and its tiles.
typedef struct {
  // Values on a tile's side, 8 or 10; a tile has that many points squared.
  int32_t side;
  // The kernel's side, 3 to 7.
  int32_t kernel;
  // The input's size in pixels.
  int32_t height, width;
  // The result's size in pixels.
  int32_t rows, columns;
  // Rows of zeros above the input and columns to its left; those below and to the right follow from the sizes.
  int32_t top, left;
  // Channels of the input and of the result, multiples of 16.
  int32_t channels, filters;
  // Tiles of one picture: ceil(rows / (side + 1 - kernel)) down, and the same across.
  int32_t tiles_down, tiles_across;
} cw_shape;

// Pictures lie one after the other: [height][width][channels] in, [rows][columns][filters] out. Transformed values lie
// as [points][tiles of all pictures][channels], `stride` floats from one point to the next.
//
// Work is split by items, of which each function does those from `first` up to `last`. An item of cw_input, cw_output
// and cw_output_adjoint is 16 channels of a tile: (picture * tiles + tile) * (channels / 16) + channel / 16. One of
// cw_input_adjoint is 16 channels of a picture: picture * (channels / 16) + channel / 16. One of cw_kernel and
// cw_kernel_adjoint is 16 filters of a channel: channel * (filters / 16) + filter / 16.

// Computes B' d B of every tile.
void cw_input(cp_level level, const cw_shape *shape, const float *pictures, float *result, ptrdiff_t stride,
              int32_t first, int32_t last);
// Its adjoint: the gradient of the pictures from that of the transformed values. Overwrites `pictures`.
void cw_input_adjoint(cp_level level, const cw_shape *shape, const float *values, ptrdiff_t stride, float *pictures,
                      int32_t first, int32_t last);
// Computes A' m A of every tile, plus `bias` (null for none); negative sums are multiplied by `slope`.
void cw_output(cp_level level, const cw_shape *shape, const float *values, ptrdiff_t stride, const float *bias,
               float slope, float *pictures, int32_t first, int32_t last);
// Its adjoint without bias and slope: the gradient of the transformed values from that of the results.
void cw_output_adjoint(cp_level level, const cw_shape *shape, const float *pictures, float *result, ptrdiff_t stride,
                       int32_t first, int32_t last);
// Computes G g G' of a kernel [kernel][kernel][channels][filters]; the result lies as [points][channels][filters].
void cw_kernel(cp_level level, const cw_shape *shape, const float *kernel, float *result, int32_t first, int32_t last);
// Its adjoint: the gradient of the kernel from that of the transformed kernel. Overwrites `kernel`, or adds to it
// if `adds` is not 0.
void cw_kernel_adjoint(cp_level level, const cw_shape *shape, const float *values, float *kernel, int32_t adds,
                       int32_t first, int32_t last);
#endif
