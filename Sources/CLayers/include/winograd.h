// Winograd's minimal filtering (S. Winograd, Arithmetic Complexity of Computations, 1980; A. Lavin and S. Gray, Fast
// Algorithms for Convolutional Neural Networks, 2016): a convolution of stride 1 as 64 products of matrices.
//
// A tile of 8x8 values gives 9-k by 9-k results of a k x k kernel, k from 3 to 7. With transforms B, G and A by the
// points 0, 1, -1, 2, -2, 1/2, -1/2 and infinity (Toom and Cook's interpolation), the results are
// A'[(G g G') * (B' d B)]A, where * multiplies place by place and, over all channels, is one product of matrices a
// place. For a kernel of 6x6 that is 64 multiplications instead of 324.
//
// Each transform and its adjoint (the same linear map turned round, which is what gradients need). Everything is in
// floats, channels fastest, 16 channels at a time; every version gives the same bits. Nothing here allocates.
#ifndef CLAYERS_WINOGRAD_H
#define CLAYERS_WINOGRAD_H

#include <stddef.h>
#include <stdint.h>

// Values on a tile's side, places in a tile, channels looked at together.
enum { CW_SIDE = 8, CW_PLACES = 64, CW_LANES = 16 };

// CW_PLAIN is the reference; CW_VECTORS is compiled for what every processor of the architecture has.
typedef enum { CW_PLAIN = 0, CW_VECTORS = 1, CW_AVX2 = 2, CW_AVX512 = 3 } cw_level;

// The best level that this processor has.
cw_level cw_best_level(void);

typedef struct {
  // The kernel's side, 3 to 7.
  int32_t kernel;
  // Of the input and of the result, in pixels.
  int32_t height, width;
  int32_t rows, columns;
  // Zeros above the input and to its left; those below and to the right follow from the sizes.
  int32_t top, left;
  // Channels of the input and of the result, multiples of 16.
  int32_t channels, filters;
  // Tiles of one picture: ceil(rows / (9 - kernel)) and likewise.
  int32_t tiles_down, tiles_across;
} cw_shape;

// Pictures lie one after the other: [height][width][channels] in, [rows][columns][filters] out. Transformed values lie
// as [64][tiles of all pictures][channels], `place` floats from one of the 64 to the next.
//
// Work is split by items, of which each function does those from `first` up to `last`. An item of cw_input, cw_output
// and cw_output_adjoint is 16 channels of a tile: (picture * tiles + tile) * (channels / 16) + channel / 16. One of
// cw_input_adjoint is 16 channels of a picture: picture * (channels / 16) + channel / 16. One of cw_kernel and
// cw_kernel_adjoint is 16 filters of a channel: channel * (filters / 16) + filter / 16.

// B' d B of every tile.
void cw_input(cw_level level, const cw_shape *shape, const float *pictures, float *result, ptrdiff_t place,
              int32_t first, int32_t last);
// Its adjoint: the gradient of the pictures from that of the transformed values. Overwrites `pictures`.
void cw_input_adjoint(cw_level level, const cw_shape *shape, const float *values, ptrdiff_t place, float *pictures,
                      int32_t first, int32_t last);
// A' m A of every tile, plus `bias` (null for none); what is then negative is multiplied with `slope`.
void cw_output(cw_level level, const cw_shape *shape, const float *values, ptrdiff_t place, const float *bias,
               float slope, float *pictures, int32_t first, int32_t last);
// The adjoint of A' m A.
void cw_output_adjoint(cw_level level, const cw_shape *shape, const float *pictures, float *result, ptrdiff_t place,
                       int32_t first, int32_t last);
// G g G' of a kernel [kernel][kernel][channels][filters]; the result lies as [64][channels][filters].
void cw_kernel(cw_level level, const cw_shape *shape, const float *kernel, float *result, int32_t first, int32_t last);
// Its adjoint, which overwrites `kernel`, or adds to it.
void cw_kernel_adjoint(cw_level level, const cw_shape *shape, const float *values, float *kernel, int32_t adds,
                       int32_t first, int32_t last);
#endif
