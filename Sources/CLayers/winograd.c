// Which version of each function runs.
#include "winograd.h"

cw_level cw_best_level(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512dq"))
    return CW_AVX512;
  if (__builtin_cpu_supports("avx2")) return CW_AVX2;
#endif
  return CW_VECTORS;
}

#if defined(__x86_64__)
#define CW_FOR_X86(X) X(avx2) X(avx512)
#define CW_CHOOSE_X86(name, ...)                     \
  case CW_AVX512: cw_avx512_##name(__VA_ARGS__); return; \
  case CW_AVX2: cw_avx2_##name(__VA_ARGS__); return;
#else
#define CW_FOR_X86(X)
#define CW_CHOOSE_X86(name, ...)
#endif

#define CW_DECLARE(level)                                                                                           \
  void cw_##level##_input(const cw_shape *, const float *, float *, ptrdiff_t, int32_t, int32_t);                   \
  void cw_##level##_input_adjoint(const cw_shape *, const float *, ptrdiff_t, float *, int32_t, int32_t);           \
  void cw_##level##_output(const cw_shape *, const float *, ptrdiff_t, const float *, float, float *, int32_t,      \
                           int32_t);                                                                                \
  void cw_##level##_output_adjoint(const cw_shape *, const float *, float *, ptrdiff_t, int32_t, int32_t);          \
  void cw_##level##_kernel(const cw_shape *, const float *, float *, int32_t, int32_t);                             \
  void cw_##level##_kernel_adjoint(const cw_shape *, const float *, float *, int32_t, int32_t, int32_t);
CW_DECLARE(plain)
CW_DECLARE(vectors)
CW_FOR_X86(CW_DECLARE)

#define CW_CHOOSE(name, ...)                              \
  switch (level) {                                        \
    CW_CHOOSE_X86(name, __VA_ARGS__)                      \
    case CW_PLAIN: cw_plain_##name(__VA_ARGS__); return;  \
    default: cw_vectors_##name(__VA_ARGS__); return;      \
  }

void cw_input(cw_level level, const cw_shape *shape, const float *pictures, float *result, ptrdiff_t place,
              int32_t first, int32_t last) {
  CW_CHOOSE(input, shape, pictures, result, place, first, last)
}

void cw_input_adjoint(cw_level level, const cw_shape *shape, const float *values, ptrdiff_t place, float *pictures,
                      int32_t first, int32_t last) {
  CW_CHOOSE(input_adjoint, shape, values, place, pictures, first, last)
}

void cw_output(cw_level level, const cw_shape *shape, const float *values, ptrdiff_t place, const float *bias,
               float slope, float *pictures, int32_t first, int32_t last) {
  CW_CHOOSE(output, shape, values, place, bias, slope, pictures, first, last)
}

void cw_output_adjoint(cw_level level, const cw_shape *shape, const float *pictures, float *result, ptrdiff_t place,
                       int32_t first, int32_t last) {
  CW_CHOOSE(output_adjoint, shape, pictures, result, place, first, last)
}

void cw_kernel(cw_level level, const cw_shape *shape, const float *kernel, float *result, int32_t first, int32_t last) {
  CW_CHOOSE(kernel, shape, kernel, result, first, last)
}

void cw_kernel_adjoint(cw_level level, const cw_shape *shape, const float *values, float *kernel, int32_t adds,
                       int32_t first, int32_t last) {
  CW_CHOOSE(kernel_adjoint, shape, values, kernel, adds, first, last)
}
