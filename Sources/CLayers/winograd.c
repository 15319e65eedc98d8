// Which version of the transforms runs.
#include "winograd.h"

#include "dispatch.h"

#define CW_DECLARE(level)                                                                                           \
  void cw_##level##_input(const cw_shape *, const float *, float *, ptrdiff_t, int32_t, int32_t);                   \
  void cw_##level##_input_adjoint(const cw_shape *, const float *, ptrdiff_t, float *, int32_t, int32_t);           \
  void cw_##level##_output(const cw_shape *, const float *, ptrdiff_t, const float *, float, float *, int32_t,      \
                           int32_t);                                                                                \
  void cw_##level##_output_adjoint(const cw_shape *, const float *, float *, ptrdiff_t, int32_t, int32_t);          \
  void cw_##level##_kernel(const cw_shape *, const float *, float *, int32_t, int32_t);                             \
  void cw_##level##_kernel_adjoint(const cw_shape *, const float *, float *, int32_t, int32_t, int32_t);
CL_FOR_LEVELS(CW_DECLARE)

void cw_input(cp_level level, const cw_shape *shape, const float *pictures, float *result, ptrdiff_t stride,
              int32_t first, int32_t last) {
  CL_CHOOSE(cw, input, shape, pictures, result, stride, first, last)
}

void cw_input_adjoint(cp_level level, const cw_shape *shape, const float *values, ptrdiff_t stride, float *pictures,
                      int32_t first, int32_t last) {
  CL_CHOOSE(cw, input_adjoint, shape, values, stride, pictures, first, last)
}

void cw_output(cp_level level, const cw_shape *shape, const float *values, ptrdiff_t stride, const float *bias,
               float slope, float *pictures, int32_t first, int32_t last) {
  CL_CHOOSE(cw, output, shape, values, stride, bias, slope, pictures, first, last)
}

void cw_output_adjoint(cp_level level, const cw_shape *shape, const float *pictures, float *result, ptrdiff_t stride,
                       int32_t first, int32_t last) {
  CL_CHOOSE(cw, output_adjoint, shape, pictures, result, stride, first, last)
}

void cw_kernel(cp_level level, const cw_shape *shape, const float *kernel, float *result, int32_t first, int32_t last) {
  CL_CHOOSE(cw, kernel, shape, kernel, result, first, last)
}

void cw_kernel_adjoint(cp_level level, const cw_shape *shape, const float *values, float *kernel, int32_t adds,
                       int32_t first, int32_t last) {
  CL_CHOOSE(cw, kernel_adjoint, shape, values, kernel, adds, first, last)
}
