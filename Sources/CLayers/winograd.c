// Which version of the transforms runs.
#include "winograd.h"

#include "dispatch.h"

#define CW_DECLARE_SIDE(level, side)                                                                                  \
  void cw_##level##_input_##side(const cw_shape *, const float *, float *, ptrdiff_t, int32_t, int32_t);              \
  void cw_##level##_input_adjoint_##side(const cw_shape *, const float *, ptrdiff_t, float *, int32_t, int32_t);      \
  void cw_##level##_output_##side(const cw_shape *, const float *, ptrdiff_t, const float *, float, float *, int32_t, \
                                  int32_t);                                                                           \
  void cw_##level##_output_adjoint_##side(const cw_shape *, const float *, float *, ptrdiff_t, int32_t, int32_t);     \
  void cw_##level##_kernel_##side(const cw_shape *, const float *, float *, int32_t, int32_t);                        \
  void cw_##level##_kernel_adjoint_##side(const cw_shape *, const float *, float *, int32_t, int32_t, int32_t);
#define CW_DECLARE(level) CW_DECLARE_SIDE(level, 8) CW_DECLARE_SIDE(level, 10)
CL_FOR_LEVELS(CW_DECLARE)

// Calls the level's function for the tile's side and returns.
#define CW_CHOOSE(name, ...)                  \
  if (shape->side == 10) {                    \
    CL_CHOOSE(cw, name##_10, __VA_ARGS__)     \
  }                                           \
  CL_CHOOSE(cw, name##_8, __VA_ARGS__)

void cw_input(cp_level level, const cw_shape *shape, const float *pictures, float *result, ptrdiff_t stride,
              int32_t first, int32_t last) {
  CW_CHOOSE(input, shape, pictures, result, stride, first, last)
}

void cw_input_adjoint(cp_level level, const cw_shape *shape, const float *values, ptrdiff_t stride, float *pictures,
                      int32_t first, int32_t last) {
  CW_CHOOSE(input_adjoint, shape, values, stride, pictures, first, last)
}

void cw_output(cp_level level, const cw_shape *shape, const float *values, ptrdiff_t stride, const float *bias,
               float slope, float *pictures, int32_t first, int32_t last) {
  CW_CHOOSE(output, shape, values, stride, bias, slope, pictures, first, last)
}

void cw_output_adjoint(cp_level level, const cw_shape *shape, const float *pictures, float *result, ptrdiff_t stride,
                       int32_t first, int32_t last) {
  CW_CHOOSE(output_adjoint, shape, pictures, result, stride, first, last)
}

void cw_kernel(cp_level level, const cw_shape *shape, const float *kernel, float *result, int32_t first, int32_t last) {
  CW_CHOOSE(kernel, shape, kernel, result, first, last)
}

void cw_kernel_adjoint(cp_level level, const cw_shape *shape, const float *values, float *kernel, int32_t adds,
                       int32_t first, int32_t last) {
  CW_CHOOSE(kernel_adjoint, shape, values, kernel, adds, first, last)
}
